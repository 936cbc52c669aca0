/** Kendall's rank correlation tau-b in O(n log n) (Knight 1966, J. Am. Stat. Assoc. 61: 436–439). */
import { findLevels, type Levels } from './ranks.ts';

/** Tau-b, in [−1, 1], corrected for ties on both sides; null below two pairs or where one side does not vary. */
export function kendallTauB(x: Float64Array, y: Float64Array): number | null {
  const n = x.length;
  const order = Uint32Array.from(x, (_, at) => at).sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  const sortedX = Float64Array.from(order, (at) => x[at]!);
  const sortedY = Float64Array.from(order, (at) => y[at]!);
  const pairs = (n * (n - 1)) / 2;
  const tiedX = countTiedPairs(n, (a, b) => sortedX[a] === sortedX[b]);
  const tiedBoth = countTiedPairs(n, (a, b) => sortedX[a] === sortedX[b] && sortedY[a] === sortedY[b]);
  const discordant = sortAndCountSwaps(sortedY);
  const tiedY = countTiedPairs(n, (a, b) => sortedY[a] === sortedY[b]);
  const scale = Math.sqrt(pairs - tiedX) * Math.sqrt(pairs - tiedY);
  if (!(scale > 0)) return null;
  const tau = (pairs - tiedX - tiedY + tiedBoth - 2 * discordant) / scale;
  return Math.max(-1, Math.min(1, tau));
}

/** Pairs within runs of equal neighbours. */
function countTiedPairs(n: number, isTied: (a: number, b: number) => boolean): number {
  let pairs = 0;
  let run = 0;
  for (let at = 1; at < n; at += 1) {
    run = isTied(at - 1, at) ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
}

/** Sorts in place by merging and counts the pairs that stood in the wrong order. */
function sortAndCountSwaps(values: Float64Array): number {
  let from: Float64Array = values;
  let into: Float64Array = new Float64Array(values.length);
  let swaps = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      swaps += mergeRuns(from, into, start, width);
    }
    [from, into] = [into, from];
  }
  if (from !== values) values.set(from);
  return swaps;
}

function mergeRuns(from: Float64Array, into: Float64Array, start: number, width: number): number {
  const middle = Math.min(start + width, from.length);
  const end = Math.min(start + 2 * width, from.length);
  let left = start;
  let right = middle;
  let swaps = 0;
  for (let at = start; at < end; at += 1) {
    if (right >= end || (left < middle && from[left]! <= from[right]!)) {
      into[at] = from[left]!;
      left += 1;
    } else {
      into[at] = from[right]!;
      right += 1;
      swaps += middle - left;
    }
  }
  return swaps;
}

/**
 * How much each item weighs in tau-b: the slope of tau-b by the item's weight, so that Σ (wᵢ − 1) · slopeᵢ is the change that a
 * resample brings, to first order (Hájek's projection). Sums to 0; null where `kendallTauB` is. O(n log n).
 */
export function kendallSlopes(x: Float64Array, y: Float64Array): Float64Array | null {
  const tau = kendallTauB(x, y);
  if (tau === null) return null;
  const n = x.length;
  const { agreeing, apartX, apartY } = countAgainstAll(x, y);
  const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / 2;
  const pairsX = total(apartX);
  const pairsY = total(apartY);
  const scale = Math.sqrt(pairsX) * Math.sqrt(pairsY);
  return Float64Array.from(
    { length: n },
    (_, at) => agreeing[at]! / scale - tau * (apartX[at]! / (2 * pairsX) + apartY[at]! / (2 * pairsY)),
  );
}

/** For each item against all others: concordant less discordant pairs, and pairs not tied in x and in y. */
function countAgainstAll(x: Float64Array, y: Float64Array) {
  const n = x.length;
  const levelsX = findLevels(x);
  const levelsY = findLevels(y);
  const agreeing = new Float64Array(n);
  const order = Uint32Array.from(x, (_, at) => at).sort((a, b) => levelsX.levelOf[a]! - levelsX.levelOf[b]!);
  for (const direction of [1, -1]) {
    const seen = new Fenwick(levelsY.levels);
    let taken = 0;
    const walk = direction === 1 ? order : order.slice().reverse();
    for (let from = 0; from < n; from = taken) {
      const level = levelsX.levelOf[walk[from]!]!;
      let to = from;
      while (to < n && levelsX.levelOf[walk[to]!] === level) to += 1;
      for (let at = from; at < to; at += 1) {
        const item = walk[at]!;
        const below = seen.countBelow(levelsY.levelOf[item]!);
        const above = from - seen.countBelow(levelsY.levelOf[item]! + 1);
        agreeing[item]! += direction * (below - above);
      }
      for (let at = from; at < to; at += 1) seen.add(levelsY.levelOf[walk[at]!]!);
      taken = to;
    }
  }
  return { agreeing, apartX: countApart(levelsX), apartY: countApart(levelsY) };
}

function countApart({ levelOf, levels }: Levels): Float64Array {
  const counts = new Uint32Array(levels);
  for (const level of levelOf) counts[level]! += 1;
  return Float64Array.from(levelOf, (level) => levelOf.length - counts[level]!);
}

/** Counts below a level, under additions (Fenwick 1994). */
class Fenwick {
  readonly #sums: Uint32Array;

  constructor(levels: number) {
    this.#sums = new Uint32Array(levels + 1);
  }

  add(level: number): void {
    for (let at = level + 1; at < this.#sums.length; at += at & -at) this.#sums[at]! += 1;
  }

  countBelow(level: number): number {
    let count = 0;
    for (let at = level; at > 0; at -= at & -at) count += this.#sums[at]!;
    return count;
  }
}
