/** What training makes small: distance to the opinion, lack of correlation with it, and surprise at the class. */

/** The weights of the parts; a part of weight 0 is not computed. */
export interface LossParts {
  /** Mean smooth L1 (Huber with threshold 1) over rows and regression targets. */
  smoothL1: number;
  /** Sum over regression targets of 1 − PLCC within the batch. */
  correlation: number;
  /** Mean cross-entropy of the classes. */
  crossEntropy: number;
}

/** Outputs of a network, or what they should be: `regressions` columns of numbers, then `classes` columns (logits, or shares). */
export interface LossTable {
  values: Float32Array;
  rows: number;
  regressions: number;
  classes: number;
}

/**
 * Loss of a batch; writes its gradient with regard to the predictions.
 *
 * @param predicted rows × (regressions + classes)
 * @param targets the same shape
 */
export function measureLoss(
  predicted: LossTable,
  targets: Float32Array,
  parts: LossParts,
  gradient: Float32Array,
): number {
  gradient.fill(0, 0, predicted.rows * (predicted.regressions + predicted.classes));
  let loss = 0;
  for (let column = 0; column < predicted.regressions; column++) {
    loss += addSmoothL1(predicted, { targets, column, weight: parts.smoothL1 }, gradient);
    loss += addCorrelation(predicted, { targets, column, weight: parts.correlation }, gradient);
  }
  if (predicted.classes > 0) {
    loss += addCrossEntropy(predicted, { targets, weight: parts.crossEntropy }, gradient);
  }
  return loss;
}

interface Column {
  targets: Float32Array;
  column: number;
  weight: number;
}

function addSmoothL1(table: LossTable, { targets, column, weight }: Column, gradient: Float32Array): number {
  const { values, rows, regressions, classes } = table;
  const width = regressions + classes;
  const share = weight / (rows * regressions);
  let sum = 0;
  for (let at = column; at < rows * width; at += width) {
    const error = values[at]! - targets[at]!;
    const size = Math.abs(error);
    sum += size < 1 ? 0.5 * error * error : size - 0.5;
    gradient[at]! += share * (size < 1 ? error : Math.sign(error));
  }
  return share * sum;
}

/** d(1 − r)/dx = −(zᵧ − r zₓ) / (n sₓ) with standardised z; a constant batch has no correlation and no gradient. */
function addCorrelation(
  table: LossTable,
  { targets, column, weight }: Column,
  gradient: Float32Array,
): number {
  const { values, rows, regressions, classes } = table;
  const width = regressions + classes;
  const x = describe(values, column, width, rows);
  const y = describe(targets, column, width, rows);
  if (weight === 0 || x.norm < 1e-6 || y.norm < 1e-6) return 0;
  let product = 0;
  for (let at = column; at < rows * width; at += width) {
    product += (values[at]! - x.mean) * (targets[at]! - y.mean);
  }
  const r = product / (x.norm * y.norm);
  for (let at = column; at < rows * width; at += width) {
    const slope = (targets[at]! - y.mean) / y.norm - (r * (values[at]! - x.mean)) / x.norm;
    gradient[at]! -= (weight * slope) / x.norm;
  }
  return weight * (1 - r);
}

function describe(
  values: Float32Array,
  column: number,
  width: number,
  rows: number,
): { mean: number; norm: number } {
  let sum = 0;
  for (let at = column; at < rows * width; at += width) sum += values[at]!;
  const mean = sum / rows;
  let squares = 0;
  for (let at = column; at < rows * width; at += width) squares += (values[at]! - mean) ** 2;
  return { mean, norm: Math.sqrt(squares) };
}

function addCrossEntropy(
  { values, rows, regressions, classes }: LossTable,
  { targets, weight }: { targets: Float32Array; weight: number },
  gradient: Float32Array,
): number {
  const share = weight / rows;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const from = row * (regressions + classes) + regressions;
    const logits = values.subarray(from, from + classes);
    const highest = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let total = 0;
    for (const logit of logits) total += Math.exp(logit - highest);
    for (let k = 0; k < classes; k++) {
      const log = logits[k]! - highest - Math.log(total);
      sum -= targets[from + k]! * log;
      gradient[from + k]! += share * (Math.exp(log) - targets[from + k]!);
    }
  }
  return share * sum;
}
