/**
 * The 18 natural scene statistics of one block: asymmetric generalised Gaussians (Lasmar, Stitou & Berthoumieu
 * 2009) of the normalised samples and of their products with four neighbours, which wrap around the block.
 */
import { logGamma } from '../maths/gamma.ts';
import { shapeNearestRatio, symmetricRatio } from '../maths/generalised-gaussian.ts';

/** How many statistics a block has. */
export const blockStatisticCount = 18;

const fround = Math.fround;

/** Rows that hold blocks side by side: `side` rows of `width` samples. */
export interface Strip {
  samples: Float32Array;
  width: number;
  side: number;
}

/**
 * The statistics of the block whose first column is `left`, into `target`; NaN where a distribution lacks a side.
 * First shape and mean scale of the samples, then shape, mean, left and right scale of each product.
 */
export function measureBlock(strip: Strip, left: number, target: Float64Array): void {
  const { side } = strip;
  const block = copyBlock(strip, left);
  const own = fitAsymmetric(sumSides(block, side, null));
  target[0] = own.shape;
  target[1] = (own.left + own.right) / 2;
  const step = side + 2;
  [-1, -step, -step - 1, -step + 1].forEach((offset, k) => {
    const fit = fitAsymmetric(sumSides(block, side, offset));
    target.set([fit.shape, meanOfFit(fit), fit.left, fit.right], 2 + 4 * k);
  });
}

/** A block with one row above and one column on each side, all wrapped around. */
function copyBlock({ samples, width, side }: Strip, left: number): Float32Array {
  const step = side + 2;
  const block = new Float32Array((side + 1) * step);
  for (let y = 0; y <= side; y++) {
    const from = ((y + side - 1) % side) * width + left;
    block.set(samples.subarray(from, from + side), y * step + 1);
    block[y * step] = samples[from + side - 1]!;
    block[y * step + side + 1] = samples[from]!;
  }
  return block;
}

/** Sums over samples (or products), by side of zero. */
export interface SideSums {
  count: number;
  negative: number;
  positive: number;
  squares: number;
  negativeSquares: number;
  absolute: number;
}

/** Sums over the samples, or over their products with the sample `offset` away. */
function sumSides(block: Float32Array, side: number, offset: number | null): SideSums {
  let negative = 0;
  let zero = 0;
  let squares = 0;
  let negativeSquares = 0;
  let absolute = 0;
  for (let y = 1; y <= side; y++) {
    const from = y * (side + 2) + 1;
    for (let at = from; at < from + side; at++) {
      const value = offset === null ? block[at]! : fround(block[at]! * block[at + offset]!);
      const square = value * value;
      squares += square;
      absolute += Math.abs(value);
      negative += value < 0 ? 1 : 0;
      zero += value === 0 ? 1 : 0;
      negativeSquares += value < 0 ? square : 0;
    }
  }
  const count = side * side;
  return { count, negative, positive: count - negative - zero, squares, negativeSquares, absolute };
}

/** An asymmetric generalised Gaussian: its shape α, and of both sides the deviation σ and the scale β = σ · sqrt(Γ(1/α) / Γ(3/α)). */
export interface AsymmetricFit {
  shape: number;
  left: number;
  right: number;
  leftDeviation: number;
  rightDeviation: number;
}

/** The fit by moment matching; NaN where a side has no samples. */
export function fitAsymmetric(sums: SideSums): AsymmetricFit {
  const { count, negative, positive, squares, negativeSquares, absolute } = sums;
  const leftDeviation = Math.sqrt(negativeSquares / negative);
  const rightDeviation = Math.sqrt((squares - negativeSquares) / positive);
  const ratio = (absolute / count) ** 2 / (squares / count);
  const shape = shapeNearestRatio(symmetricRatio(ratio, leftDeviation / rightDeviation));
  const scale = Math.exp((logGamma(1 / shape) - logGamma(3 / shape)) / 2);
  return { shape, left: leftDeviation * scale, right: rightDeviation * scale, leftDeviation, rightDeviation };
}

/** (βr − βl) · Γ(2/α) / Γ(1/α): the mean of a fit (Mittal et al. 2012, equation 14). */
export function meanOfFit({ shape, left, right }: AsymmetricFit): number {
  return (right - left) * Math.exp(logGamma(2 / shape) - logGamma(1 / shape));
}
