/** Thurstone's law of comparative judgement, case V (Thurstone 1927; Mosteller 1951). */
import { normalCdf, normalDensity } from '../distributions.ts';
import { whyNoMaximum } from './bradley-terry.ts';
import { type PairCounts, splitTies } from './pair-counts.ts';
import {
  covarianceOf,
  describeScores,
  maximise,
  type PairScoresOrReason,
  type Slope,
  sumOverPairs,
} from './pair-scores.ts';

/**
 * P(i preferred to j) = Φ(s_i − s_j), the SD of a difference being 1, a tie as half a win for both; maximum likelihood by scoring,
 * covariance from the expected information.
 */
export function fitThurstone(counts: PairCounts): PairScoresOrReason {
  const missing = whyNoMaximum(counts);
  if (missing !== null) return missing;
  const n = counts.items;
  const wins = splitTies(counts);
  const { point, slope } = maximise(n, n, (score) => slopeOfThurstone(wins, score));
  return describeScores(point, covarianceOf(slope.information, n, n), {
    logLikelihood: slope.value,
    method: 'Thurstone case V, ties as half wins, maximum likelihood',
  });
}

function slopeOfThurstone(wins: Float64Array, score: Float64Array): Slope {
  return sumOverPairs(wins, score, (won, lost, gap) => {
    const p = Math.max(1e-300, normalCdf(gap));
    const q = Math.max(1e-300, normalCdf(-gap));
    const density = normalDensity(gap);
    return {
      value: won * Math.log(p) + lost * Math.log(q),
      slope: (won * density) / p - (lost * density) / q,
      curve: ((won + lost) * density * density) / (p * q),
    };
  });
}
