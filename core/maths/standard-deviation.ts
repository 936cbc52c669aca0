/** The sample standard deviation of a few values of ordinary size. */

/** With the divisor n − 1; NaN below two values. */
export function standardDeviation(values: readonly number[]): number {
  const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}
