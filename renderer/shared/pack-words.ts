/** Words about packs: what each is, gives and costs; the same everywhere. */

import { describeMixed, describeStoredBy } from '../../contract/computed-words.ts';
import type { PackInfo, Precision, Provider } from '../../contract/pack.ts';
import type { Sampling } from '../../contract/sampling.ts';
import { standardTargets } from '../../contract/targets.ts';
import { formatCoefficient } from './format.ts';

/** How a precision is chosen: what it costs, and what for. */
export const precisionWords: Record<Precision, string> = {
  float32: 'exact; the same numbers as the official code, and nothing is converted',
  int8: 'faster on a CPU; the matrix products are rounded, so compare it with float32 on your images',
  float16: 'for a GPU: half the memory, faster there; on a CPU float32 is the better choice',
};

export const samplingWords: Record<Sampling, string> = {
  sama: 'SAMA: crops of two scales in turns, as the weights were trained',
  'sama-spm': 'SAMA in patches: the two scales take turns every 4 pixels',
  fragment: 'Fragments: crops at the picture’s own scale alone',
};

export const providerNames: Record<Provider, string> = {
  cuda: 'CUDA (NVIDIA)',
  dml: 'DirectML (Windows)',
  coreml: 'CoreML (Apple)',
  webgpu: 'WebGPU',
  cpu: 'CPU',
};

/** A pack's title, with a word where its numbers are no scores. */
export function nameWithState({ title, isUntrained }: Pick<PackInfo, 'title' | 'isUntrained'>): string {
  return isUntrained ? `${title} (untrained)` : title;
}

/** False for a pack whose manifest cannot be read: nothing is known of it but its id and what is wrong. Every other names its licence. */
export function isRead({ licence }: Pick<PackInfo, 'licence'>): boolean {
  return licence !== '';
}

/** What a pack gives: `Q, S, P (overall)`, or the targets of its heads; features alone where it gives neither. */
export function describeOutputs({ signals, activeHeads }: Pick<PackInfo, 'signals' | 'activeHeads'>): string {
  const branches = signals.filter(({ name, from }) => /^[qs]$/.test(name) && from === 'backbone');
  const targets = inStandardOrder(Object.keys(activeHeads)).map((target) =>
    target === 'overall' && branches.length > 0 ? 'P (overall)' : target,
  );
  const given = [...branches.map(({ name }) => name.toUpperCase()), ...targets];
  return given.length === 0 ? 'features, for heads of your own' : given.join(', ');
}

/** The standard targets first, as the paper and AGIQA-3K name them; then the others by name. */
export function inStandardOrder(targets: readonly string[]): string[] {
  const standard: readonly string[] = standardTargets;
  const others = targets.filter((target) => !standard.includes(target)).sort();
  return [...standard.filter((target) => targets.includes(target)), ...others];
}

/** Says so where a pack's numbers were not all computed alike; null where they were. */
export function mixedWarning({ title, storedBy }: Pick<PackInfo, 'title' | 'storedBy'>): string | null {
  const mixed = describeMixed(storedBy.map(describeStoredBy));
  return (
    mixed &&
    `${title}: ${mixed} “Score the library” computes those of another kind again where you ask for it.`
  );
}

/** Says so where a pack's reduced precision loses more than it should; null where nothing is to be said. */
export function precisionWarning({ title, verification }: PackInfo): string | null {
  if (verification === null || verification.isGood) return null;
  const { q, s, overall } = verification.srcc;
  const least = Math.min(...[q, s, overall].filter((one) => one !== null));
  const measured = Number.isFinite(least) ? ` (SRCC ${formatCoefficient(least)})` : '';
  return `${title} runs in ${verification.precision}, which orders your images differently from float32${measured}; less than ${verification.bound} is not good enough. Add it again in float32.`;
}
