/** Whose numbers the library shows: the pack, its active heads by target, and which of Q and S it gives. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Head } from '../../../contract/heads.ts';
import type { PackInfo } from '../../../contract/pack.ts';
import { orpc } from '../../api/client.ts';
import { precisionWarning } from '../../shared/pack-words.ts';
import { useShownPack } from '../../shared/packs.ts';

export type Branch = 'q' | 's';

export interface ShownScores {
  packTitle: string;
  /** Q and S where the pack measures them itself: of a pack whose Q is a head's value, the head's row says it. */
  branches: Branch[];
  /** The active head's name by target. */
  heads: Record<string, string>;
  /** What is wrong with these numbers; null where nothing is. */
  warning: string | null;
}

const noHeads: Head[] = [];

/** Null until the answers are there, and where an untrained pack is chosen, which has no scores. */
export function useShownScores(): ShownScores | null {
  const pack = useShownPack();
  const heads = useQuery(orpc.heads.list.queryOptions()).data ?? noHeads;
  return useMemo(() => (pack === undefined ? null : describeShown(pack, heads)), [pack, heads]);
}

/** What is shown of a pack with these heads. */
export function describeShown(pack: PackInfo, heads: readonly Head[]): ShownScores {
  const active = heads.filter(({ packId, isActive }) => packId === pack.id && isActive);
  const measured = (name: Branch) =>
    pack.signals.some((signal) => signal.name === name && signal.from === 'backbone');
  return {
    packTitle: pack.title,
    branches: (['q', 's'] as const).filter(measured),
    heads: Object.fromEntries(active.map(({ target, name }) => [target, name])),
    warning: precisionWarning(pack),
  };
}

/** `SF-IQA · Released fusion (overall)`: for the line above the grid. */
export function nameShown({ packTitle, heads }: ShownScores): string {
  const names = Object.entries(heads).map(([target, name]) => `${name} (${target})`);
  return [packTitle, ...names].join(' · ');
}
