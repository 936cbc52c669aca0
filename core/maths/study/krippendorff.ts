/** Krippendorff's alpha: agreement of any number of raters beyond chance, with missing votes (Krippendorff 2004, chapter 11). */
import type { EstimateOrReason } from '../../../contract/common.ts';
import { bootstrapIntervals, countResamples } from '../bootstrap.ts';
import { findLevels, midRanks } from '../ranks.ts';
import type { Votes } from './votes.ts';

const seed = 1980;

/**
 * α = 1 − D_o / D_e over images with two votes or more; 1 is agreement, 0 chance, negative systematic disagreement. The ordinal metric
 * is the interval metric of the mid-ranks of all such votes, since half of the end categories and all between add up to their
 * difference; so both take linear time.
 *
 * The interval is a percentile bootstrap over images, with the ranks held.
 */
export function measureAlpha(votes: Votes, metric: 'ordinal' | 'interval'): EstimateOrReason {
  const images = Int32Array.from({ length: votes.items }, (_, j) => j).filter(
    (j) => votes.itemStarts[j + 1]! - votes.itemStarts[j]! >= 2,
  );
  const n = images.length;
  if (n === 0) return { reason: 'No image has two votes.', n };
  const places = Int32Array.from(votes.value.keys()).filter((at) => {
    const j = votes.item[at]!;
    return votes.itemStarts[j + 1]! - votes.itemStarts[j]! >= 2;
  });
  const values = Float64Array.from(places, (at) => votes.value[at]!);
  if (values.every((value) => value === values[0])) return { reason: 'All votes are the same.', n };
  const scores =
    metric === 'interval' ? values : midRanks(findLevels(values), new Uint32Array(values.length).fill(1));
  const sums = sumByImage(scores, images, votes);
  const value = alphaOf(sums, new Uint32Array(n).fill(1));
  if (value === null) return { reason: 'The votes differ by less than can be squared.', n };
  const groups = Array.from(images);
  const resamples = countResamples(n);
  const { alpha } = bootstrapIntervals(groups, (weights) => ({ alpha: alphaOf(sums, weights) }), {
    seed,
    resamples,
  });
  const method = `Krippendorff's α, ${metric}; percentile bootstrap over images, ${resamples} resamples`;
  return { value, low: alpha?.low ?? null, high: alpha?.high ?? null, n, method };
}

/** By image: number of votes, Σ x, Σ x², and the disagreement within, Σ over ordered pairs (x − y)² / (m − 1). */
interface ImageSums {
  count: Float64Array;
  sum: Float64Array;
  square: Float64Array;
  within: Float64Array;
}

/** Scores are taken from their mean first, so that large values cost no digits. */
function sumByImage(scores: Float64Array, images: Int32Array, votes: Votes): ImageSums {
  const middle = scores.reduce((a, b) => a + b, 0) / scores.length;
  const n = images.length;
  const sums: ImageSums = {
    count: new Float64Array(n),
    sum: new Float64Array(n),
    square: new Float64Array(n),
    within: new Float64Array(n),
  };
  let at = 0;
  for (const [to, j] of images.entries()) {
    const count = votes.itemStarts[j + 1]! - votes.itemStarts[j]!;
    let sum = 0;
    let square = 0;
    for (const end = at + count; at < end; at += 1) {
      const score = scores[at]! - middle;
      sum += score;
      square += score * score;
    }
    sums.count[to] = count;
    sums.sum[to] = sum;
    sums.square[to] = square;
    sums.within[to] = (2 * (count * square - sum * sum)) / (count - 1);
  }
  return sums;
}

function alphaOf({ count, sum, square, within }: ImageSums, weights: Uint32Array): number | null {
  let votes = 0;
  let total = 0;
  let squares = 0;
  let observed = 0;
  for (let to = 0; to < count.length; to += 1) {
    const weight = weights[to]!;
    votes += weight * count[to]!;
    total += weight * sum[to]!;
    squares += weight * square[to]!;
    observed += weight * within[to]!;
  }
  const expected = (2 * (votes * squares - total * total)) / (votes - 1);
  return expected > 1e-12 * squares ? 1 - observed / expected : null;
}
