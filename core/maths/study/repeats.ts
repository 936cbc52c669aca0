/** Repeat consistency: how near a rater's second vote on an image comes to the first. */
import type { EstimateOrReason } from '../../../contract/common.ts';
import { pearson, spearman } from '../correlation.ts';
import { weightedKappa } from './kappa.ts';
import type { Votes } from './votes.ts';

/** First and second votes on the same images: of one rater, or of many. */
export interface Retest {
  n: number;
  plcc: EstimateOrReason;
  srcc: EstimateOrReason;
  /** Second minus first. */
  meanDifference: number;
  /** Divisor n − 1; NaN for one pair. */
  sdDifference: number;
  meanAbsoluteDifference: number;
  /** SD of one vote around the rater's own mean: √(mean d² / 2) (Dahlberg 1940). */
  withinRaterSd: number;
  exactAgreement: number;
  withinOne: number;
  /** Mean difference ± 1.96 SD (Bland and Altman 1986). */
  limits: { low: number; high: number };
  /** Cohen's kappa with quadratic weights. */
  kappa: EstimateOrReason;
}

/** @param levels the values of the scale in order, for kappa */
export function measureRetest(first: Float64Array, second: Float64Array, levels: readonly number[]): Retest {
  const n = first.length;
  const differences = second.map((value, at) => value - first[at]!);
  const meanDifference = sum(differences) / n;
  const squares = sum(differences.map((d) => (d - meanDifference) ** 2));
  const sdDifference = Math.sqrt(squares / (n - 1));
  const distances = differences.map(Math.abs);
  return {
    n,
    plcc: describe(pearson(first, second), n, 'PLCC of first and second vote'),
    srcc: describe(spearman(first, second), n, 'SRCC of first and second vote'),
    meanDifference,
    sdDifference,
    meanAbsoluteDifference: sum(distances) / n,
    withinRaterSd: Math.sqrt(sum(differences.map((d) => d * d)) / n / 2),
    exactAgreement: distances.filter((d) => d === 0).length / n,
    withinOne: distances.filter((d) => d <= 1).length / n,
    limits: { low: meanDifference - 1.96 * sdDifference, high: meanDifference + 1.96 * sdDifference },
    kappa: weightedKappa(first, second, { levels, weights: 'quadratic' }),
  };
}

function describe(value: number | null, n: number, method: string): EstimateOrReason {
  if (value !== null) return { value, low: null, high: null, n, method };
  return {
    reason: n < 2 ? 'There are fewer than two repeats.' : 'One of the two sittings does not vary.',
    n,
  };
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}

/** Degrees of freedom and sum of squares of a rater's votes around their own mean on each repeated image. */
export interface RepeatSpread {
  images: number;
  df: Int32Array;
  squares: Float64Array;
}

/** One entry a rater; the within-rater SD is √(squares / df), which for pairs is √(mean d² / 2). */
export function measureRepeats(votes: Votes): RepeatSpread {
  const df = new Int32Array(votes.raters);
  const squares = new Float64Array(votes.raters);
  let images = 0;
  let from = 0;
  for (let at = 1; at <= votes.value.length; at += 1) {
    if (votes.item[at] === votes.item[from] && votes.rater[at] === votes.rater[from]) continue;
    if (at - from > 1) {
      const own = votes.value.subarray(from, at);
      const mean = sum(own) / own.length;
      squares[votes.rater[from]!]! += sum(own.map((value) => (value - mean) ** 2));
      df[votes.rater[from]!]! += own.length - 1;
      images += 1;
    }
    from = at;
  }
  return { images, df, squares };
}

/** First and second vote of every rater on every image that was repeated, in the order in which they were given. */
export function pairRepeats(votes: Votes): { first: Float64Array; second: Float64Array } {
  const places: [number, number][] = [];
  for (let at = 1; at < votes.value.length; at += 1) {
    const isSame = (a: number, b: number) =>
      votes.item[a] === votes.item[b] && votes.rater[a] === votes.rater[b];
    if (isSame(at, at - 1) && !(at >= 2 && isSame(at, at - 2))) places.push([at - 1, at]);
  }
  return {
    first: Float64Array.from(places, ([a]) => votes.value[a]!),
    second: Float64Array.from(places, ([, b]) => votes.value[b]!),
  };
}
