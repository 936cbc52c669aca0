/** Ranks with ties shared, also of a resample: an item drawn w times stands in the ranking w times. */

/** The distinct values of a column in rising order, by number: `levelOf[i]` is the level of item i, of `levels` in all. */
export interface Levels {
  levelOf: Uint32Array;
  levels: number;
}

/** Sorts once, so that any number of resamples can be ranked in linear time. */
export function findLevels(values: Float64Array): Levels {
  const order = Uint32Array.from(values, (_, at) => at).sort((a, b) => values[a]! - values[b]!);
  const levelOf = new Uint32Array(values.length);
  let level = 0;
  for (let at = 0; at < order.length; at += 1) {
    if (at > 0 && values[order[at]!] !== values[order[at - 1]!]) level += 1;
    levelOf[order[at]!] = level;
  }
  return { levelOf, levels: order.length === 0 ? 0 : level + 1 };
}

/**
 * Mid-ranks from 1, by item: equal values share the mean of the ranks they take up.
 *
 * @param weights how often each item counts; the rank of an item of weight 0 means nothing
 */
export function midRanks({ levelOf, levels }: Levels, weights: Uint32Array): Float64Array {
  const rankOf = new Float64Array(levels);
  for (let at = 0; at < levelOf.length; at += 1) rankOf[levelOf[at]!]! += weights[at]!;
  let before = 0;
  for (let level = 0; level < levels; level += 1) {
    const count = rankOf[level]!;
    rankOf[level] = before + (count + 1) / 2;
    before += count;
  }
  const ranks = new Float64Array(levelOf.length);
  for (let at = 0; at < ranks.length; at += 1) ranks[at] = rankOf[levelOf[at]!]!;
  return ranks;
}
