/** A pack as the engine lists it, of which a test says only what matters to it. */
import type { PackInfo } from '../../../contract/pack.ts';

export function makePack(part: Partial<PackInfo> = {}): PackInfo {
  return {
    id: 'a-pack',
    title: 'A pack',
    kind: part.network === undefined || part.network === null ? 'naturalSceneStatistics' : 'network',
    licence: 'Apache-2.0',
    summary: '',
    knows: [],
    doesNotKnow: [],
    inputRecipe: '',
    signals: [],
    absent: [],
    heads: [],
    sources: [],
    isUntrained: false,
    fusion: [],
    activeHeads: {},
    isBuiltIn: false,
    network: null,
    lastUsed: null,
    storedBy: [],
    verification: null,
    canBeRemade: false,
    problem: null,
    ...part,
  };
}
