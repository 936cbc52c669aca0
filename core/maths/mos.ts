/** Mean opinion scores: mean, spread, number of votes and the 95 % interval (ITU-T P.910, ITU-T P.1401 clause 7). */
import { StudioError } from '../../contract/errors.ts';
import { tQuantile } from './student-t.ts';

/** Mean, sample standard deviation and number of votes of one image; `sd` is null below two votes. */
export interface MosSummary {
  mean: number;
  sd: number | null;
  n: number;
}

/**
 * Mean, sample SD (divisor n − 1) and number of votes. Two passes, so that a large offset costs no digits.
 *
 * @throws StudioError `badInput` for no votes: their mean does not exist
 */
export function summariseVotes(values: readonly number[]): MosSummary {
  const n = values.length;
  if (n === 0) throw new StudioError('badInput', 'There are no votes to average.');
  const first = values[0]!;
  const mean = first + values.reduce((sum, value) => sum + (value - first), 0) / n;
  if (n < 2) return { mean, sd: null, n };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (n - 1)), n };
}

/**
 * The 95 % interval of the mean, mean ± t(0.975, n − 1) · sd / √n, in units of the scale (ITU-T P.1401 recommends Student's t);
 * null where it does not exist: fewer than two votes or no SD. It is not cut at the ends of the scale.
 */
export function mosInterval({ mean, sd, n }: { mean: number; sd: number | null; n: number | null }): {
  low: number | null;
  high: number | null;
} {
  if (sd === null || n === null || n < 2) return { low: null, high: null };
  const half = (quantileFor(n - 1) * sd) / Math.sqrt(n);
  return { low: mean - half, high: mean + half };
}

const known = new Map<number, number>();

/** t(0.975, df); kept, because lists show thousands of intervals of the same few sizes. */
export function quantileFor(df: number): number {
  const quantile = known.get(df) ?? tQuantile(0.95, df);
  known.set(df, quantile);
  return quantile;
}
