/** The losses that the released SF-IQA variants are named after: squared error, lack of correlation, wrong order, and the last two together. */

/** `mse`: mean squared error; `plcc`: (1 − PLCC)/2 of the batch; `rank`: margin ranking; `rank+plcc`: their sum. */
export type SmallLoss = 'mse' | 'plcc' | 'rank' | 'rank+plcc';

/** The loss of a batch of one output each; writes its gradient. Labels have an SD of about 1. */
export function measureSmallLoss(
  outputs: Float64Array,
  labels: Float64Array,
  loss: SmallLoss,
  gradient: Float64Array,
): number {
  gradient.fill(0);
  switch (loss) {
    case 'mse':
      return addSquares(outputs, labels, gradient);
    case 'plcc':
      return addCorrelation(outputs, labels, gradient);
    case 'rank':
      return addMargins(outputs, labels, gradient);
    case 'rank+plcc':
      return addMargins(outputs, labels, gradient) + addCorrelation(outputs, labels, gradient);
  }
}

function addSquares(outputs: Float64Array, labels: Float64Array, gradient: Float64Array): number {
  const n = outputs.length;
  let sum = 0;
  for (let at = 0; at < n; at += 1) {
    const miss = outputs[at]! - labels[at]!;
    sum += miss * miss;
    gradient[at]! += (2 * miss) / n;
  }
  return sum / n;
}

/** A batch whose outputs or labels do not vary has neither loss nor gradient. */
function addCorrelation(outputs: Float64Array, labels: Float64Array, gradient: Float64Array): number {
  const n = outputs.length;
  const x = describe(outputs);
  const y = describe(labels);
  if (x.norm < 1e-9 || y.norm < 1e-9) return 0;
  let product = 0;
  for (let at = 0; at < n; at += 1) product += (outputs[at]! - x.mean) * (labels[at]! - y.mean);
  const r = product / (x.norm * y.norm);
  for (let at = 0; at < n; at += 1) {
    const slope = (labels[at]! - y.mean) / y.norm - (r * (outputs[at]! - x.mean)) / x.norm;
    gradient[at]! -= slope / (2 * x.norm);
  }
  return (1 - r) / 2;
}

/** Mean over pairs of max(0, |yᵢ − yⱼ| − (xᵢ − xⱼ) sign(yᵢ − yⱼ)): a pair should lie as far apart, in its order, as the raters say. */
function addMargins(outputs: Float64Array, labels: Float64Array, gradient: Float64Array): number {
  const n = outputs.length;
  const share = 2 / Math.max(1, n * (n - 1));
  let sum = 0;
  for (let i = 1; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const gap = labels[i]! - labels[j]!;
      if (gap === 0) continue;
      const sign = gap > 0 ? 1 : -1;
      const lack = gap * sign - (outputs[i]! - outputs[j]!) * sign;
      if (lack <= 0) continue;
      sum += lack;
      gradient[i]! -= sign * share;
      gradient[j]! += sign * share;
    }
  }
  return sum * share;
}

function describe(values: Float64Array): { mean: number; norm: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, norm: Math.sqrt(squares) };
}
