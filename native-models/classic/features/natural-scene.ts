/**
 * Natural scene statistics: how the locally normalised samples (MSCN) and the products of neighbours are
 * distributed (Mittal, Moorthy & Bovik, BRISQUE, IEEE TIP 2012, equations 1–14), and how the logarithm of the
 * local contrast σ is. Shapes come from moment matching, see `maths/generalised-gaussian.ts`.
 */
import { type PairSums, sumMagnitudes, sumPairs, sumPowers } from '../kernels/planes.ts';
import { shapeAtRatio, symmetricRatio } from '../maths/generalised-gaussian.ts';
import { momentsOf } from '../maths/moments.ts';
import { describeLogs, descriptionNames } from './describe.ts';

const directions = [
  { name: 'horizontal', right: 1, down: 0 },
  { name: 'vertical', right: 0, down: 1 },
  { name: 'diagonal', right: 1, down: 1 },
  { name: 'antidiagonal', right: -1, down: 1 },
];

/** Names of the 33 values of one channel. */
export const naturalSceneNames = [
  ...['shape', 'deviation', 'skewness', 'kurtosis'].map((value) => `mscn ${value}`),
  ...directions.flatMap(({ name }) =>
    ['shape', 'mean', 'left', 'right', 'negative share'].map((value) => `${name} product ${value}`),
  ),
  ...descriptionNames.map((value) => `log contrast ${value}`),
];

/**
 * The 33 values of one channel.
 * @param planes square planes of `size`: the normalised samples, σ, and ln(σ + ½)
 */
export function measureNaturalScene(
  planes: { mscn: Float32Array; sigma: Float32Array; logSigma: Float32Array },
  size: number,
): number[] {
  const { mscn, sigma, logSigma } = planes;
  return [
    ...fitNormalised(mscn),
    ...directions.flatMap(({ right, down }) => fitProducts(sumPairs(mscn, size, right, down))),
    ...describeLogs(sigma, logSigma),
  ];
}

/** Generalised Gaussian shape, deviation, skewness and kurtosis (at most 50) of the normalised samples. */
function fitNormalised(mscn: Float32Array): number[] {
  const { deviation, skewness, kurtosis } = momentsOf(sumPowers(mscn, 0));
  const { absolute, squares } = sumMagnitudes(mscn);
  const mean = absolute / mscn.length;
  const shape = shapeAtRatio((mean * mean) / (squares / mscn.length + 1e-8));
  return [shape, deviation, skewness, Math.min(50, kurtosis)];
}

/** Asymmetric generalised Gaussian of the products: shape, mean, left and right deviation, share below zero. */
function fitProducts(sums: PairSums): number[] {
  const leftSquares = sums.negativeSquares / sums.count;
  const rightSquares = sums.positiveSquares / sums.count;
  const negativeShare = sums.negative / sums.count + 1e-3;
  const left = Math.sqrt(leftSquares / negativeShare);
  // Where every product is negative nothing is left for the right side, and its share reaches zero.
  const right = Math.sqrt(rightSquares / Math.max(1e-6, 1.001 - negativeShare));
  const absolute = sums.absolute / sums.count;
  const ratio = (absolute * absolute) / (leftSquares + rightSquares + 1e-8);
  const symmetric = symmetricRatio(ratio, left / (right + 1e-6));
  return [shapeAtRatio(Math.min(0.99, symmetric)), sums.sum / sums.count, left, right, negativeShare];
}
