/**
 * Percentile bootstrap over groups (Efron 1979; clusters: Field and Welsh 2007): images of one prompt are not independent, so
 * whole prompts are drawn.
 */
import type { Interval } from './intervals.ts';
import { createRandom, type Random } from './random.ts';

/** Below this many groups the resamples repeat themselves too much to tell an interval. */
const leastGroups = 5;

/** Work allowed for one set of pairs, in items visited, before resamples are saved on. */
const itemBudget = 2_500_000;

/** Number of resamples for `n` items: 2000 up to 1250 items, falling to 1000 at 2500 and more. */
export function countResamples(n: number): number {
  return Math.max(1000, Math.min(2000, Math.floor(itemBudget / Math.max(1, n))));
}

/**
 * 95 % intervals of several statistics on the same resamples. The same seed gives the same intervals.
 *
 * @param groups the group of every item; groups are drawn with replacement, as many as there are
 * @param measure the statistics of a resample, in which item i counts `weights[i]` times; null where one does not exist
 * @returns for each statistic the 2.5th to the 97.5th percentile; null below five groups or where it did not exist in more than
 *   half of the resamples (the others are skipped)
 */
export function bootstrapIntervals<Name extends string>(
  groups: ArrayLike<number | string>,
  measure: (weights: Uint32Array) => Record<Name, number | null>,
  options: { seed: number; resamples: number },
): Record<Name, Interval | null> {
  const { groupOf, count } = indexGroups(groups);
  const weights = new Uint32Array(groups.length);
  function measureDrawn(drawn: Uint32Array): Record<Name, number | null> {
    fillWeights(weights, groupOf, drawn);
    return measure(weights);
  }
  const draws = bootstrapDraws(count, measureDrawn, options);
  const entries = Object.entries<Float64Array>(draws).map(([name, values]) => [
    name,
    percentileInterval(values),
  ]);
  return Object.fromEntries(entries) as Record<Name, Interval | null>;
}

/**
 * The statistics of every resample, NaN where one does not exist; empty below five groups.
 *
 * @param measure the statistics of a resample, in which group g counts `drawn[g]` times
 */
export function bootstrapDraws<Name extends string>(
  groups: number,
  measure: (drawn: Uint32Array) => Record<Name, number | null>,
  { seed, resamples }: { seed: number; resamples: number },
): Record<Name, Float64Array> {
  const drawn = new Uint32Array(groups).fill(1);
  const names = Object.keys(measure(drawn)) as Name[];
  const rounds = groups < leastGroups ? 0 : resamples;
  const draws = names.map(() => new Float64Array(rounds));
  const random = createRandom(seed);
  for (let round = 0; round < rounds; round += 1) {
    drawWithReplacement(drawn, random);
    const measured = measure(drawn);
    for (const [at, name] of names.entries()) draws[at]![round] = measured[name] ?? Number.NaN;
  }
  return Object.fromEntries(names.map((name, at) => [name, draws[at]!])) as Record<Name, Float64Array>;
}

/** Groups by number, in the order in which they first come. */
export function indexGroups(groups: ArrayLike<number | string>): { groupOf: Uint32Array; count: number } {
  const index = new Map<number | string, number>();
  const groupOf = Uint32Array.from(groups, (group) => {
    const known = index.get(group) ?? index.size;
    index.set(group, known);
    return known;
  });
  return { groupOf, count: index.size };
}

/** How often each group comes up in as many draws as there are groups. */
function drawWithReplacement(drawn: Uint32Array, random: Random): void {
  drawn.fill(0);
  for (let draw = 0; draw < drawn.length; draw += 1) drawn[random.below(drawn.length)]! += 1;
}

function fillWeights(weights: Uint32Array, groupOf: Uint32Array, drawn: Uint32Array): void {
  for (let at = 0; at < weights.length; at += 1) weights[at] = drawn[groupOf[at]!]!;
}

/** The 2.5th to the 97.5th percentile of those draws that exist; null where fewer than half do. */
export function percentileInterval(draws: Float64Array): Interval | null {
  const sorted = draws.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length === 0 || sorted.length < draws.length / 2) return null;
  return { low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) };
}

/** Linear between neighbours (type 7 of Hyndman and Fan 1996). */
export function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
