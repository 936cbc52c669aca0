/** MOS recovery by alternating projection (ITU-T P.910 Annex E = P.913 clause 12.6; Li et al., HVEI 2020): the algorithm, unguarded. */
import { chiSquareQuantile } from '../distributions.ts';
import { median } from './median.ts';
import { measureOpinion } from './opinion.ts';
import { countVotesOf, type Votes } from './votes.ts';

/** u = quality of the image + bias of the rater + inconsistency of the rater · N(0, 1). NaN: no votes. */
export interface Projection {
  quality: Float64Array;
  /** SD of the residuals of the image (divisor n) / √n; 1.95996 times that is half of the 95 % interval. */
  qualitySd: Float64Array;
  bias: Float64Array;
  inconsistency: Float64Array;
  rounds: number;
}

const precisionFloor = 1e-8;
const mostRounds = 1000;

/**
 * Starts at the MOS; then in turn the inconsistency of every rater (SD of the residuals around their own mean, divisor n), the
 * quality (mean of u − bias with weights 1 / (inconsistency² + 1e-8)) and the bias (mean of u − quality), until the quality moves by
 * less than 1e-8 in all, or for 1000 rounds. In the end the biases are shifted to mean 0. Repeats are pooled.
 */
export function projectVotes(votes: Votes): Projection {
  const { items, raters, item, rater, value } = votes;
  let quality = measureOpinion(votes).mean;
  const counts = Float64Array.from({ length: raters }, (_, i) => countVotesOf(votes, i));
  const bias = averageRest(votes, quality, counts);
  let inconsistency = new Float64Array(raters);
  let rounds = 0;
  for (let moved = Number.POSITIVE_INFINITY; moved >= 1e-8 && rounds < mostRounds; rounds += 1) {
    inconsistency = measureInconsistency(votes, quality, counts);
    const weights = inconsistency.map((v) => 1 / (v * v + precisionFloor));
    const next = new Float64Array(items);
    moved = 0;
    for (let j = 0; j < items; j += 1) {
      let sum = 0;
      let weight = 0;
      for (let at = votes.itemStarts[j]!; at < votes.itemStarts[j + 1]!; at += 1) {
        const i = rater[at]!;
        sum += weights[i]! * (value[at]! - bias[i]!);
        weight += weights[i]!;
      }
      next[j] = sum / weight;
      if (weight > 0) moved += (next[j]! - quality[j]!) ** 2;
    }
    moved = Math.sqrt(moved);
    quality = next;
    bias.set(averageRest(votes, quality, counts));
  }
  const residuals = value.map((u, at) => u - quality[item[at]!]! - bias[rater[at]!]!);
  const scores = measureOpinion(votes, residuals);
  const qualitySd = scores.sd.map((sd, j) => {
    const n = scores.n[j]!;
    return n === 0 ? Number.NaN : n === 1 ? 0 : (sd * Math.sqrt((n - 1) / n)) / Math.sqrt(n);
  });
  shiftToMeanZero(bias, quality);
  return { quality, qualitySd, bias, inconsistency, rounds };
}

/** Mean of u − quality by rater. */
function averageRest(
  { item, rater, value }: Votes,
  quality: Float64Array,
  counts: Float64Array,
): Float64Array {
  const sums = new Float64Array(counts.length);
  for (let at = 0; at < value.length; at += 1) sums[rater[at]!]! += value[at]! - quality[item[at]!]!;
  return sums.map((sum, i) => sum / counts[i]!);
}

/** SD of u − quality around its mean by rater (divisor n); a bias moves both alike and so drops out. */
function measureInconsistency(
  votes: Votes,
  quality: Float64Array,
  counts: Float64Array,
): Float64Array<ArrayBuffer> {
  const { item, rater, value } = votes;
  const middle = averageRest(votes, quality, counts);
  const squares = new Float64Array(counts.length);
  for (let at = 0; at < value.length; at += 1) {
    const i = rater[at]!;
    squares[i]! += (value[at]! - quality[item[at]!]! - middle[i]!) ** 2;
  }
  return squares.map((square, i) => Math.sqrt(square / counts[i]!));
}

/** Over the raters with votes, each counting once. */
function shiftToMeanZero(bias: Float64Array, quality: Float64Array): void {
  const known = bias.filter((value) => !Number.isNaN(value));
  const shift = known.reduce((sum, value) => sum + value, 0) / known.length;
  for (let i = 0; i < bias.length; i += 1) bias[i]! -= shift;
  for (let j = 0; j < quality.length; j += 1) quality[j]! += shift;
}

/** 95 % interval of an inconsistency from `n` votes, by chi-square with n degrees of freedom (P.910 Annex E). */
export function inconsistencyInterval(inconsistency: number, n: number): { low: number; high: number } {
  return {
    low: inconsistency * Math.sqrt(n / chiSquareQuantile(0.975, n)),
    high: inconsistency * Math.sqrt(n / chiSquareQuantile(0.025, n)),
  };
}

/** Over the raters with votes. */
export function medianInconsistency(inconsistency: Float64Array): number {
  return median([...inconsistency].filter((v) => !Number.isNaN(v)));
}

/** Raters whose inconsistency is below a twentieth of the median: the likelihood has run away towards them alone. */
export function findCollapsed(inconsistency: Float64Array): number[] {
  const typical = medianInconsistency(inconsistency);
  return [...inconsistency.keys()].filter((i) => inconsistency[i]! < 0.05 * typical);
}
