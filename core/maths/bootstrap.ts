/**
 * Percentile bootstrap over groups (Efron 1979; clusters: Field and Welsh 2007): images of one prompt are not independent, so
 * whole prompts are drawn.
 */
import type { Interval } from './intervals.ts';
import { createRandom, type Random } from './random.ts';

/** Below this many groups the resamples repeat themselves too much to tell an interval. */
const leastGroups = 5;

/** Work allowed for one set of pairs, in items visited, before resamples are saved on. */
const itemBudget = 5_000_000;

/** Number of resamples for `n` items: 2000 up to 2500 items, falling to 1000 at 5000 and more. */
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
  groups: readonly number[],
  measure: (weights: Uint32Array) => Record<Name, number | null>,
  options: { seed: number; resamples: number },
): Record<Name, Interval | null> {
  const everyItemOnce = new Uint32Array(groups.length).fill(1);
  const names = Object.keys(measure(everyItemOnce)) as Name[];
  const draws = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (const weights of resampleWeights(groups, options)) {
    const measured = measure(weights);
    for (const name of names) {
      const value = measured[name];
      if (value !== null) draws.get(name)!.push(value);
    }
  }
  const entries = names.map((name) => [name, percentileInterval(draws.get(name)!, options.resamples / 2)]);
  return Object.fromEntries(entries) as Record<Name, Interval | null>;
}

/** Yields the same array again and again, filled anew. */
function* resampleWeights(
  groups: readonly number[],
  { seed, resamples }: { seed: number; resamples: number },
): Generator<Uint32Array> {
  const index = new Map<number, number>();
  const groupOf = Uint32Array.from(groups, (group) => {
    const known = index.get(group) ?? index.size;
    index.set(group, known);
    return known;
  });
  if (index.size < leastGroups) return;
  const random = createRandom(seed);
  const weights = new Uint32Array(groups.length);
  for (let resample = 0; resample < resamples; resample += 1) {
    const drawn = drawWithReplacement(index.size, random);
    fillWeights(weights, groupOf, drawn);
    yield weights;
  }
}

/** How often each of `n` groups comes up in `n` draws. */
function drawWithReplacement(n: number, random: Random): Uint32Array {
  const drawn = new Uint32Array(n);
  for (let draw = 0; draw < n; draw += 1) drawn[random.below(n)]! += 1;
  return drawn;
}

/** Apart from the generator, in which V8 runs loops slowly. */
function fillWeights(weights: Uint32Array, groupOf: Uint32Array, drawn: Uint32Array): void {
  for (let at = 0; at < weights.length; at += 1) weights[at] = drawn[groupOf[at]!]!;
}

function percentileInterval(draws: number[], least: number): Interval | null {
  if (draws.length === 0 || draws.length < least) return null;
  const sorted = Float64Array.from(draws).sort();
  return { low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) };
}

/** Linear between neighbours (type 7 of Hyndman and Fan 1996). */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
