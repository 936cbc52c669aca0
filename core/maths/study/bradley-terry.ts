/** Bradley–Terry scores of paired comparisons (Bradley and Terry 1952), and Davidson's model of ties (Davidson 1970). */
import type { Undefined } from '../../../contract/common.ts';
import { findStrongGroups, type PairCounts, splitTies } from './pair-counts.ts';
import {
  addPair,
  covarianceOf,
  describeScores,
  maximise,
  type PairScores,
  type PairScoresOrReason,
  type Penalty,
  type Slope,
  sumOverPairs,
} from './pair-scores.ts';

/** Why there is no maximum of the likelihood; null where there is one. */
export function whyNoMaximum(counts: PairCounts): Undefined | null {
  const groups = findStrongGroups(counts);
  if (groups.length <= 1) return null;
  const reason = `The comparisons split into ${groups.length} groups of which one never lost to another, or which never met: without a penalty some scores are infinite.`;
  return { reason, n: counts.items };
}

function describePenalty(penalty: Penalty | undefined): string {
  if (penalty === undefined) return 'maximum likelihood';
  if (penalty.kind === 'ridge') return `ridge ${penalty.weight}`;
  return `${penalty.wins} wins added in both directions to every pair`;
}

/**
 * P(i preferred to j) = 1 / (1 + exp(−(t_i − t_j))), a tie as half a win for both. Scores are log-strengths; 400 / ln 10 of one make
 * Elo points. O(n³) for n items.
 */
export function fitBradleyTerry(counts: PairCounts, penalty?: Penalty): PairScoresOrReason {
  const missing = penalty === undefined ? whyNoMaximum(counts) : null;
  if (missing !== null) return missing;
  const n = counts.items;
  const observed = splitTies(counts);
  const extra = penalty?.kind === 'pseudocount' ? penalty.wins : 0;
  const wins = observed.map((count, at) => (at % (n + 1) === 0 ? 0 : count + extra));
  const ridge = penalty?.kind === 'ridge' ? penalty.weight : 0;
  const { point, slope } = maximise(n, n, (score) =>
    addRidge(slopeOfBradleyTerry(wins, score), score, ridge),
  );
  return describeScores(point, covarianceOf(slope.information, n, n), {
    logLikelihood: slopeOfBradleyTerry(observed, point).value,
    method: `Bradley–Terry, ties as half wins, ${describePenalty(penalty)}`,
  });
}

function slopeOfBradleyTerry(wins: Float64Array, score: Float64Array): Slope {
  return sumOverPairs(wins, score, (won, lost, gap) => {
    const met = won + lost;
    const p = 1 / (1 + Math.exp(-gap));
    const value = -(won * softplus(-gap) + (met - won) * softplus(gap));
    return { value, slope: won - met * p, curve: met * p * (1 - p) };
  });
}

/** ln(1 + eˣ) without overflow. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** Takes weight / 2 · Σ score² off, over the first `items` parameters. */
function addRidge(slope: Slope, point: Float64Array, weight: number, items = point.length): Slope {
  if (weight === 0) return slope;
  const size = point.length;
  let value = slope.value;
  for (let i = 0; i < items; i += 1) {
    value -= (weight / 2) * point[i]! ** 2;
    slope.gradient[i]! -= weight * point[i]!;
    slope.information[i * size + i]! += weight;
  }
  return { ...slope, value };
}

/** Scores and ν, how readily raters call a tie: P(tie) = ν / (2 + ν) for equal items. */
export type Davidson = PairScores & { nu: number; logNu: number; logNuSe: number };

/**
 * P(i preferred) = e^(t_i) / D, P(tie) = ν e^((t_i + t_j) / 2) / D, D the sum of the three numerators; scores and ln ν jointly.
 * Needs a win and a tie.
 */
export function fitDavidson(
  counts: PairCounts,
  penalty?: { kind: 'ridge'; weight: number },
): Davidson | Undefined {
  const n = counts.items;
  if (!counts.ties.some((count) => count > 0)) return { reason: 'There are no ties.', n };
  if (!counts.wins.some((count) => count > 0)) return { reason: 'Every comparison is a tie.', n };
  const missing = penalty === undefined ? whyNoMaximum(counts) : null;
  if (missing !== null) return missing;
  const ridge = penalty?.weight ?? 0;
  const size = n + 1;
  const { point, slope } = maximise(size, n, (at) => addRidge(slopeOfDavidson(counts, at), at, ridge, n));
  const all = covarianceOf(slope.information, size, n);
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) covariance.set(all.subarray(i * size, i * size + n), i * n);
  const scores = describeScores(point.slice(0, n), covariance, {
    logLikelihood: slopeOfDavidson(counts, point).value,
    method: `Davidson's Bradley–Terry with ties, ${describePenalty(penalty)}`,
  });
  const logNu = point[n]!;
  return { ...scores, nu: Math.exp(logNu), logNu, logNuSe: Math.sqrt(all[size * size - 1]!) };
}

/** In x = (t_i − t_j) / 2 and ln ν each pair is an exponential family, so that information is the covariance of what was seen. */
function slopeOfDavidson({ wins, ties }: PairCounts, point: Float64Array): Slope {
  const size = point.length;
  const n = size - 1;
  const nu = Math.exp(point[n]!);
  const gradient = new Float64Array(size);
  const information = new Float64Array(size * size);
  let value = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const won = wins[i * n + j]!;
      const lost = wins[j * n + i]!;
      const tied = ties[i * n + j]!;
      const met = won + lost + tied;
      if (met === 0) continue;
      const x = (point[i]! - point[j]!) / 2;
      const most = Math.abs(x);
      const sum = Math.exp(x - most) + Math.exp(-x - most) + nu * Math.exp(-most);
      const logSum = most + Math.log(sum);
      const p = Math.exp(x - logSum);
      const q = Math.exp(-x - logSum);
      const tie = nu * Math.exp(-logSum);
      value += (won - lost) * x + tied * point[n]! - met * logSum;
      const lead = p - q;
      const pair = { slope: (won - lost - met * lead) / 2, curve: (met * (p + q - lead * lead)) / 4 };
      addPair({ gradient, information, size }, [i, j], pair);
      gradient[n]! += tied - met * tie;
      information[size * size - 1]! += met * tie * (1 - tie);
      const cross = (-met * lead * tie) / 2;
      for (const [item, sign] of [
        [i, 1],
        [j, -1],
      ] as const) {
        information[item * size + n]! += sign * cross;
        information[n * size + item]! += sign * cross;
      }
    }
  }
  return { value, gradient, information };
}
