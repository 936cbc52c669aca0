/** Student's t distribution: the quantiles of confidence intervals and the p-values of correlations. */

/**
 * Two-sided p-value: the chance that |T| ≥ |t|, in [0, 1].
 *
 * @param df degrees of freedom, above 0
 */
export function twoSidedP(t: number, df: number): number {
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

/**
 * Regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22), on the side of the mean where that
 * converges fast (DLMF 8.17.4).
 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  const front = Math.exp(logFront);
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** The continued fraction by the modified method of Lentz (Thompson and Barnett 1986). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const keepOff = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let numerator = 1;
  let denominator = 1 / keepOff(1 - ((a + b) * x) / (a + 1));
  let result = denominator;
  for (let m = 1; m <= 1000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    denominator = 1 / keepOff(1 + even * denominator);
    numerator = keepOff(1 + even / numerator);
    result *= denominator * numerator;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    denominator = 1 / keepOff(1 + odd * denominator);
    numerator = keepOff(1 + odd / numerator);
    const change = denominator * numerator;
    result *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return result;
}

/** ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1) from 15 up, below that by the recurrence Γ(x + 1) = x Γ(x). */
function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  while (shifted < 15) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188)))));
  return (
    (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series - Math.log(product)
  );
}
