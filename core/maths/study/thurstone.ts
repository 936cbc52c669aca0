/** Thurstone's law of comparative judgement, case V (Thurstone 1927; Mosteller 1951). */
import type { Undefined } from '../../../contract/common.ts';
import { normalCdf, normalDensity, normalQuantile } from '../distributions.ts';
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

/** One just-objectionable difference, preferred by 75 %, in units of the score (Perez-Ortiz and Mantiuk 2017). */
export const scorePerJod = 0.6744897501960817;

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

/**
 * The classic solution by least squares: s_i = mean over j of Φ⁻¹(share of wins over j), shares kept 1/(2 n_ij) off 0 and 1
 * (Tsukida and Gupta 2011). Needs every pair.
 */
export function fitThurstoneLeastSquares(counts: PairCounts): Float64Array | Undefined {
  const n = counts.items;
  const wins = splitTies(counts);
  const score = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      if (i === j) continue;
      const met = wins[i * n + j]! + wins[j * n + i]!;
      if (met === 0) return { reason: 'Some pair was never compared.', n };
      const least = 1 / (2 * met);
      score[i]! += normalQuantile(Math.min(1 - least, Math.max(least, wins[i * n + j]! / met))) / n;
    }
  }
  return score;
}
