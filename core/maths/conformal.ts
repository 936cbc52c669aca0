/** Conformal intervals: how far predictions were off on rows they had not seen says how far the next ones will be. */

/**
 * Half the width of an interval around a prediction that holds the label of a new row with probability `coverage` or more, if it is
 * exchangeable with these (Vovk, Gammerman and Shafer 2005; Lei et al. 2018): the ⌈(n + 1) · coverage⌉-th smallest of the residuals of
 * held-out predictions. Null where there are too few rows to promise that.
 *
 * @param residuals label − prediction of rows held out from the fit
 */
export function conformalHalfWidth(residuals: Float64Array, coverage: number): number | null {
  const place = Math.ceil((residuals.length + 1) * coverage);
  if (place > residuals.length) return null;
  const sizes = residuals.map(Math.abs).sort();
  return sizes[place - 1]!;
}
