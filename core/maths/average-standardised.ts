/** The mean of two columns on different scales, such as Q and S: each standardised, so that neither drowns the other. */

/** (z(a) + z(b)) / 2 over the rows where both are finite, NaN elsewhere; a column that does not vary counts as 0. */
export function averageStandardised(a: Float64Array, b: Float64Array): Float64Array {
  const both = [...a.keys()].filter((at) => Number.isFinite(a[at]) && Number.isFinite(b[at]));
  const zs = [a, b].map((column) => standardise(column, both));
  const mean = new Float64Array(a.length).fill(Number.NaN);
  for (const at of both) mean[at] = (zs[0]!(at) + zs[1]!(at)) / 2;
  return mean;
}

function standardise(column: Float64Array, places: readonly number[]): (at: number) => number {
  const middle = places.reduce((sum, at) => sum + column[at]!, 0) / places.length;
  const sd = Math.sqrt(places.reduce((sum, at) => sum + (column[at]! - middle) ** 2, 0) / places.length);
  return (at) => (sd > 0 ? (column[at]! - middle) / sd : 0);
}
