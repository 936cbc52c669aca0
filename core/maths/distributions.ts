/** Tails and quantiles of the normal, chi-square and F distributions. */
import { incompleteBeta, upperGamma } from './special-functions.ts';

/** P(X ≤ x) of the normal distribution with mean 0 and SD 1; keeps its digits in both tails. */
export function normalCdf(x: number): number {
  const tail = upperGamma(0.5, (x * x) / 2) / 2;
  return x < 0 ? tail : 1 - tail;
}

export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** The x with `normalCdf(x)` = p, for p in (0, 1). */
export function normalQuantile(p: number): number {
  return p < 0.5 ? -normalQuantile(1 - p) : findQuantile((x) => 1 - normalCdf(x), 1 - p);
}

/** P(X ≥ x) of chi-square with `df` degrees of freedom. */
export function chiSquareTail(x: number, df: number): number {
  return upperGamma(df / 2, x / 2);
}

/** The x below which chi-square lies with probability p, in (0, 1). */
export function chiSquareQuantile(p: number, df: number): number {
  return findQuantile((x) => chiSquareTail(x, df), 1 - p);
}

/** P(X ≥ x) of F with `df1` and `df2` degrees of freedom (DLMF 8.17.5); they may be fractions. */
export function fTail(x: number, df1: number, df2: number): number {
  return x <= 0 ? 1 : incompleteBeta(df2 / (df2 + df1 * x), df2 / 2, df1 / 2);
}

/** The x below which F lies with probability p, in (0, 1). */
export function fQuantile(p: number, df1: number, df2: number): number {
  return findQuantile((x) => fTail(x, df1, df2), 1 - p);
}

/** P(at least `hits` of `n`) where each comes with probability `rate`, in (0, 1) (binomial by the beta function, DLMF 8.17.5). */
export function binomialTail(hits: number, n: number, rate: number): number {
  return hits <= 0 ? 1 : incompleteBeta(rate, hits, n - hits + 1);
}

/** The x ≥ 0 at which a falling tail reaches `probability`, by halving, to the last digits of a double. */
function findQuantile(tail: (x: number) => number, probability: number): number {
  let low = 0;
  let high = 1;
  while (tail(high) > probability && high < 1e300) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (tail(middle) > probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
