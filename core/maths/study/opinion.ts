/** Opinion scores of a whole study: MOS, SD and interval of every image, the SOS hypothesis, and scores per rater made comparable. */
import type { EstimateOrReason } from '../../../contract/common.ts';
import { quantileFor } from '../mos.ts';
import { gather, type Votes } from './votes.ts';

/** One entry an image. `mean` is NaN where `n` is 0; `sd` (divisor n − 1) and `half` are NaN where `n` is below 2. */
export interface OpinionScores {
  n: Int32Array;
  mean: Float64Array;
  sd: Float64Array;
  /** Half the width of the 95 % interval: t(0.975, n − 1) · sd / √n (ITU-T P.1401 clause 7; Student's t). */
  half: Float64Array;
}

/** Mean, SD and interval of the votes of every image. Two passes, so that a large offset costs no digits. */
export function measureOpinion(votes: Votes, values = votes.value): OpinionScores {
  const { items, itemStarts } = votes;
  const scores: OpinionScores = {
    n: new Int32Array(items),
    mean: new Float64Array(items),
    sd: new Float64Array(items),
    half: new Float64Array(items),
  };
  for (let j = 0; j < items; j += 1) {
    const { n, mean, squares } = summarise(values, itemStarts[j]!, itemStarts[j + 1]!);
    scores.n[j] = n;
    scores.mean[j] = mean;
    scores.sd[j] = n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1));
    scores.half[j] = n < 2 ? Number.NaN : (quantileFor(n - 1) * scores.sd[j]!) / Math.sqrt(n);
  }
  return scores;
}

/** Count, mean and sum of squared differences of a run of values; NaN (a value that does not count) is left out. */
function summarise(
  values: Float64Array,
  from: number,
  to: number,
): { n: number; mean: number; squares: number } {
  let n = 0;
  let sum = 0;
  let origin = Number.NaN;
  for (let at = from; at < to; at += 1) {
    const value = values[at]!;
    if (Number.isNaN(value)) continue;
    if (n === 0) origin = value;
    n += 1;
    sum += value - origin;
  }
  const mean = origin + sum / n;
  let squares = 0;
  for (let at = from; at < to; at += 1) {
    const value = values[at]!;
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  return { n, mean, squares };
}

/** The ends of the scale. */
export interface ScaleEnds {
  min: number;
  max: number;
}

/**
 * The SOS hypothesis: SOS² = a (MOS − min)(max − MOS), with a by least squares through the origin over images with two votes or
 * more (Hoßfeld, Schatz and Egger, QoMEX 2011, equation 4). 0 is agreement, 1 votes at the ends of the scale only; image quality is
 * mostly between 0.04 and 0.25.
 *
 * @param variance SOS² with divisor n − 1 (`sample`) or n (`population`)
 */
export function fitSosHypothesis(
  { n, mean, sd }: OpinionScores,
  { min, max }: ScaleEnds,
  variance: 'sample' | 'population' = 'sample',
): EstimateOrReason {
  let numerator = 0;
  let denominator = 0;
  let images = 0;
  for (let j = 0; j < n.length; j += 1) {
    if (n[j]! < 2) continue;
    const room = (mean[j]! - min) * (max - mean[j]!);
    const square = sd[j]! ** 2 * (variance === 'sample' ? 1 : (n[j]! - 1) / n[j]!);
    numerator += room * square;
    denominator += room * room;
    images += 1;
  }
  if (images === 0) return { reason: 'No image has two votes.', n: 0 };
  if (!(denominator > 0)) return { reason: 'Every MOS lies at an end of the scale.', n: images };
  const method = `least squares through the origin over images, ${variance} variance (Hoßfeld et al. 2011)`;
  return { value: numerator / denominator, low: null, high: null, n: images, method };
}

/** What is known of each rater's use of the scale; one entry a rater. NaN where there are too few votes. */
export interface RaterScale {
  n: Int32Array;
  mean: Float64Array;
  /** Divisor n − 1. */
  sd: Float64Array;
}

/** Mean and SD of every rater's votes. */
export function measureRaters(votes: Votes): RaterScale {
  const { raters, raterStarts, raterOrder, value } = votes;
  const ordered = gather(value, raterOrder, new Float64Array(value.length));
  const scale: RaterScale = {
    n: new Int32Array(raters),
    mean: new Float64Array(raters),
    sd: new Float64Array(raters),
  };
  for (let i = 0; i < raters; i += 1) {
    const { n, mean, squares } = summarise(ordered, raterStarts[i]!, raterStarts[i + 1]!);
    scale.n[i] = n;
    scale.mean[i] = mean;
    scale.sd[i] = n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1));
  }
  return scale;
}

/** z-MOS: `scores` in z, `rescaled` on 0–100 and whether a rater had to be left out. */
export interface ZScores {
  scores: OpinionScores;
  /** 100 (z-MOS + 3) / 6; NaN where no rater counts. */
  rescaled: Float64Array;
  /** 1 for a rater with fewer than two votes or only one value: there is no z. */
  excluded: Uint8Array;
}

/**
 * Votes in SDs from their rater's mean, z = (u − mean of the rater) / SD of the rater (n − 1), averaged by image, and rescaled by
 * 100 (z + 3) / 6 as AGIQA-3K and its kin do (van Dijk, Martens and Watson 1995; Sheikh, Sabir and Bovik, IEEE TIP 2006).
 */
export function measureZScores(votes: Votes): ZScores {
  const { mean, sd } = measureRaters(votes);
  const excluded = Uint8Array.from(sd, (value) => (value > 0 ? 0 : 1));
  const z = new Float64Array(votes.value.length);
  for (let at = 0; at < z.length; at += 1) {
    const i = votes.rater[at]!;
    z[at] = excluded[i] === 1 ? Number.NaN : (votes.value[at]! - mean[i]!) / sd[i]!;
  }
  const scores = measureOpinion(votes, z);
  return { scores, rescaled: scores.mean.map((value) => (100 * (value + 3)) / 6), excluded };
}
