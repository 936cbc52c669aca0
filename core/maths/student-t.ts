/** Student's t distribution: the quantiles of confidence intervals and the p-values of correlations. */
import { incompleteBeta, logGamma } from './special-functions.ts';

/**
 * Two-sided p-value: the chance that |T| ≥ |t|, in [0, 1].
 *
 * @param df degrees of freedom, above 0
 */
export function twoSidedP(t: number, df: number): number {
  if (Number.isNaN(t)) return Number.NaN;
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(df / (df + t * t), df / 2, 0.5);
}

/**
 * The t with which P(|T| ≤ t) = `level`, e.g. 2.776… for 0.95 and 4 degrees of freedom.
 * Newton's method on the upper tail, kept inside a bracket; accurate to about 1e-12 relative.
 *
 * @param level in (0, 1); `df` degrees of freedom, above 0
 */
export function tQuantile(level: number, df: number): number {
  const tail = 1 - level;
  let low = 0;
  let high = 1;
  while (twoSidedP(high, df) > tail) {
    low = high;
    high *= 2;
  }
  let t = (low + high) / 2;
  for (let step = 0; step < 200; step += 1) {
    const excess = twoSidedP(t, df) - tail;
    if (excess > 0) low = t;
    else high = t;
    const newton = t + excess / (2 * density(t, df));
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - t) <= 1e-15 * t) return next;
    t = next;
  }
  return t;
}

function density(t: number, df: number): number {
  const logScale = logGamma((df + 1) / 2) - logGamma(df / 2) - Math.log(df * Math.PI) / 2;
  return Math.exp(logScale - ((df + 1) / 2) * Math.log1p((t * t) / df));
}
