/** Pearson's and Spearman's correlation and the root mean square error, each optionally with whole-number weights. */
import { findLevels } from './ranks.ts';

/** Of fewer pairs a correlation is not shown: one has none, and two always correlate at 1 or −1. */
export const fewestToCorrelate = 3;

/**
 * Pearson's r, in [−1, 1]; null below two pairs or where one side does not vary. Means first, then products, so that a large
 * offset costs no digits.
 *
 * @param weights how often each pair counts (a bootstrap resample); once each where absent
 */
export function pearson(x: Float64Array, y: Float64Array, weights = onceEach(x.length)): number | null {
  if (isConstant(x, weights) || isConstant(y, weights)) return null;
  const middleX = meanOf(x, weights);
  const middleY = meanOf(y, weights);
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let at = 0; at < x.length; at += 1) {
    const weight = weights[at]!;
    const dx = x[at]! - middleX;
    const dy = y[at]! - middleY;
    xx += weight * dx * dx;
    yy += weight * dy * dy;
    xy += weight * dx * dy;
  }
  const scale = Math.sqrt(xx) * Math.sqrt(yy);
  if (!(scale > 0)) return null;
  return Math.max(-1, Math.min(1, xy / scale));
}

/** Spearman's correlation: Pearson's r of the mid-ranks; null where `pearson` is. */
export function spearman(x: Float64Array, y: Float64Array): number | null {
  return createSpearman(x, y)();
}

/** Spearman's correlation of one set of pairs under any weights: sorts once, then every call takes linear time. */
export function createSpearman(x: Float64Array, y: Float64Array): (weights?: Uint32Array) => number | null {
  const measure = createGroupSpearman(
    x,
    y,
    Uint32Array.from(x, (_, at) => at),
  );
  const once = onceEach(x.length);
  return (weights = once) => measure(weights);
}

/**
 * The same under weights of groups: an item whose group was drawn w times stands in both rankings w times. Makes nothing but sums.
 *
 * @param groupOf the number of each item's group
 */
export function createGroupSpearman(
  x: Float64Array,
  y: Float64Array,
  groupOf: Uint32Array,
): (drawn: Uint32Array) => number | null {
  const inX = findLevels(x);
  const inY = findLevels(y);
  // In the order of x the ranks of x are read one after the other; those of y wherever they lie.
  const order = Uint32Array.from(x, (_, at) => at).sort((a, b) => inX.levelOf[a]! - inX.levelOf[b]!);
  const group = order.map((at) => groupOf[at]!);
  const levelX = order.map((at) => inX.levelOf[at]!);
  const levelY = order.map((at) => inY.levelOf[at]!);
  const rankX = new Float64Array(inX.levels);
  const rankY = new Float64Array(inY.levels);
  return (drawn) => {
    rankX.fill(0);
    rankY.fill(0);
    for (let at = 0; at < group.length; at += 1) {
      const weight = drawn[group[at]!]!;
      rankX[levelX[at]!]! += weight;
      rankY[levelY[at]!]! += weight;
    }
    const xx = rankAroundMean(rankX);
    const yy = rankAroundMean(rankY);
    if (!(xx > 0 && yy > 0)) return null;
    let xy = 0;
    for (let at = 0; at < group.length; at += 1) {
      xy += drawn[group[at]!]! * rankX[levelX[at]!]! * rankY[levelY[at]!]!;
    }
    return Math.max(-1, Math.min(1, xy / (Math.sqrt(xx) * Math.sqrt(yy))));
  };
}

/** Turns counts by level into mid-ranks less their mean, in place; gives the sum of their squares over all items. */
function rankAroundMean(counts: Float64Array): number {
  let total = 0;
  for (let level = 0; level < counts.length; level += 1) total += counts[level]!;
  let before = 0;
  let squares = 0;
  for (let level = 0; level < counts.length; level += 1) {
    const count = counts[level]!;
    const rank = before + (count - total) / 2;
    before += count;
    squares += count * rank * rank;
    counts[level] = rank;
  }
  return squares;
}

/** √ of the mean squared difference, in the units of the values; null without pairs. */
export function rootMeanSquareError(
  x: Float64Array,
  y: Float64Array,
  weights = onceEach(x.length),
): number | null {
  let squares = 0;
  let count = 0;
  for (let at = 0; at < x.length; at += 1) {
    const gap = x[at]! - y[at]!;
    squares += weights[at]! * gap * gap;
    count += weights[at]!;
  }
  return count === 0 ? null : Math.sqrt(squares / count);
}

/** Whether all values (of a weight above 0) are the same; none and one are. Exact, where a variance of rounding noise is not. */
export function isConstant(values: Float64Array, weights = onceEach(values.length)): boolean {
  const first = weights.findIndex((weight) => weight > 0);
  for (let at = first + 1; at < values.length; at += 1) {
    if (weights[at]! > 0 && values[at] !== values[first]) return false;
  }
  return true;
}

function onceEach(n: number): Uint32Array {
  return new Uint32Array(n).fill(1);
}

/** The mean; NaN of none. Summed as differences from the first value, because the sum of large values loses their small digits. */
export function meanOf(values: Float64Array, weights = onceEach(values.length)): number {
  const origin = values[0]!;
  let sum = 0;
  let count = 0;
  for (let at = 0; at < values.length; at += 1) {
    sum += weights[at]! * (values[at]! - origin);
    count += weights[at]!;
  }
  return origin + sum / count;
}
