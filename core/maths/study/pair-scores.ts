/** What every model of paired comparisons gives, and the maximisation that they share. */
import type { Undefined } from '../../../contract/common.ts';
import { invertPositive, solvePositive } from '../cholesky.ts';
import { z975 } from '../intervals.ts';

/** Scores with sum 0, one entry an item. */
export interface PairScores {
  score: Float64Array;
  se: Float64Array;
  /** Score ∓ 1.96 SE. */
  low: Float64Array;
  high: Float64Array;
  /** n × n, under the constraint of sum 0; the SE of a difference is √(C_ii + C_jj − 2 C_ij). */
  covariance: Float64Array;
  /** Without binomial coefficients and without penalty. */
  logLikelihood: number;
  method: string;
}

export type PairScoresOrReason = PairScores | Undefined;

/** Keeps scores finite where the likelihood alone would not; without it, there is a reason in that case. */
export type Penalty =
  /** Maximises log-likelihood − weight / 2 · Σ score²: as if scores were normal with variance 1 / weight. */
  | { kind: 'ridge'; weight: number }
  /** Adds so many wins in both directions to every pair. */
  | { kind: 'pseudocount'; wins: number };

/** A point of the log-likelihood: information is n × n, by rows, and loses one rank along the scores' common shift. */
export interface Slope {
  value: number;
  gradient: Float64Array;
  information: Float64Array;
}

/** What a pair says about the difference of its two scores. */
export interface PairSlope {
  slope: number;
  curve: number;
}

/** Adds what the pair (i, j) says. */
export function addPair(
  to: { gradient: Float64Array; information: Float64Array; size: number },
  [i, j]: [number, number],
  { slope, curve }: PairSlope,
): void {
  const { gradient, information, size } = to;
  gradient[i]! += slope;
  gradient[j]! -= slope;
  information[i * size + i]! += curve;
  information[j * size + j]! += curve;
  information[i * size + j]! -= curve;
  information[j * size + i]! -= curve;
}

/**
 * The slope of a model without ties, from what each pair that met says.
 *
 * @param wins n × n, by rows: how often i was preferred to j
 * @param judge value, slope and curve of a pair, `gap` apart, of which the first won and lost so often
 */
export function sumOverPairs(
  wins: Float64Array,
  score: Float64Array,
  judge: (won: number, lost: number, gap: number) => PairSlope & { value: number },
): Slope {
  const n = score.length;
  const gradient = new Float64Array(n);
  const information = new Float64Array(n * n);
  let value = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const won = wins[i * n + j]!;
      const lost = wins[j * n + i]!;
      if (won + lost === 0) continue;
      const pair = judge(won, lost, score[i]! - score[j]!);
      value += pair.value;
      addPair({ gradient, information, size: n }, [i, j], pair);
    }
  }
  return { value, gradient, information };
}

/**
 * Newton's method (or scoring, where `information` is the expected one) with halved steps, from 0. The first `items` parameters are
 * scores with sum 0: their common shift is held by a 1 / n in every element of their block.
 */
export function maximise(
  parameters: number,
  items: number,
  slopeAt: (point: Float64Array) => Slope,
): { point: Float64Array; slope: Slope } {
  let point = new Float64Array(parameters);
  let slope = slopeAt(point);
  for (let round = 0; round < 200; round += 1) {
    const step = solvePositive(holdShift(slope.information, parameters, items), slope.gradient);
    if (step.every((move) => Math.abs(move) < 1e-13)) break;
    let part = 1;
    let next = point.map((value, at) => value + step[at]!);
    let nextSlope = slopeAt(next);
    while (!(nextSlope.value >= slope.value - 1e-12 * Math.abs(slope.value)) && part > 1e-9) {
      part /= 2;
      next = point.map((value, at) => value + part * step[at]!);
      nextSlope = slopeAt(next);
    }
    point = next;
    slope = nextSlope;
  }
  return { point, slope };
}

function holdShift(information: Float64Array, parameters: number, items: number): Float64Array {
  const held = information.slice();
  for (let i = 0; i < items; i += 1) {
    for (let j = 0; j < items; j += 1) held[i * parameters + j]! += 1 / items;
  }
  return held;
}

/** Covariance of all parameters, the scores' common shift taken out: the Moore–Penrose inverse where nothing is penalised. */
export function covarianceOf(information: Float64Array, parameters: number, items: number): Float64Array {
  const covariance = invertPositive(holdShift(information, parameters, items), parameters);
  let mean = 0;
  for (let i = 0; i < items; i += 1) {
    for (let j = 0; j < items; j += 1) mean += covariance[i * parameters + j]! / (items * items);
  }
  for (let i = 0; i < items; i += 1) {
    for (let j = 0; j < items; j += 1) covariance[i * parameters + j]! -= mean;
  }
  return covariance;
}

/** @param covariance of the items only */
export function describeScores(
  score: Float64Array,
  covariance: Float64Array,
  about: { logLikelihood: number; method: string },
): PairScores {
  const n = score.length;
  const se = Float64Array.from(score, (_, i) => Math.sqrt(Math.max(0, covariance[i * n + i]!)));
  return {
    score,
    se,
    low: score.map((value, i) => value - z975 * se[i]!),
    high: score.map((value, i) => value + z975 * se[i]!),
    covariance,
    ...about,
  };
}
