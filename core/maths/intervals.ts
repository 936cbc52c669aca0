/** 95 % intervals of correlations in closed form, by Fisher's transformation with the standard error of each coefficient. */

export interface Interval {
  low: number;
  high: number;
}

/** The 97.5th percentile of the normal distribution: a 95 % interval reaches this many standard errors to either side. */
export const z975 = 1.959963984540054;

/** Of Pearson's r: standard error 1/√(n − 3) (Fisher 1921); null for n ≤ 3. */
export function pearsonInterval(r: number, n: number): Interval | null {
  return n <= 3 ? null : transformed(r, Math.sqrt(1 / (n - 3)));
}

/** Of Spearman's correlation: standard error √((1 + r²/2)/(n − 3)) (Bonett and Wright 2000); null for n ≤ 3. */
export function spearmanInterval(r: number, n: number): Interval | null {
  return n <= 3 ? null : transformed(r, Math.sqrt((1 + (r * r) / 2) / (n - 3)));
}

/** Of Kendall's tau: standard error √(0.437/(n − 4)) (Fieller, Hartley and Pearson 1957); null for n ≤ 4. */
export function kendallInterval(tau: number, n: number): Interval | null {
  return n <= 4 ? null : transformed(tau, Math.sqrt(0.437 / (n - 4)));
}

function transformed(r: number, standardError: number): Interval {
  if (Math.abs(r) > 1 - 1e-12) return { low: r, high: r };
  const z = Math.atanh(r);
  return { low: Math.tanh(z - z975 * standardError), high: Math.tanh(z + z975 * standardError) };
}
