/** Kendall's rank correlation tau-b in O(n log n) (Knight 1966, J. Am. Stat. Assoc. 61: 436–439). */

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
