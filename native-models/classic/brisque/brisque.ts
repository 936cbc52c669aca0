/**
 * The 36 features of BRISQUE on two scales: A. Mittal, A. K. Moorthy, A. C. Bovik, "No-Reference Image Quality Assessment in the
 * Spatial Domain", IEEE TIP 21(12), 2012, table I, at the picture's own size. Rows stream through, so memory grows with the width only.
 */
import type { RgbImage } from '../../images/decode.ts';
import { fitAsymmetric, meanOfFit, type SideSums } from '../niqe/block-statistics.ts';
import { RowHalver } from '../niqe/row-halver.ts';
import { RowNormaliser } from '../niqe/row-normaliser.ts';

/** How many features there are: 18 at full size, 18 at half size. */
export const brisqueLength = 36;

/** Fewer pixels a side have no neighbours at half size. */
const smallestSide = 16;

/**
 * Shape and mean variance of the normalised samples, then shape, mean, left and right variance of the products with the right,
 * lower, lower right and lower left neighbour; for both scales. NaN where a distribution has no samples on a side (flat pictures).
 *
 * @returns the reason where the picture is too small
 */
export function measureBrisque(image: RgbImage): Float32Array | { reason: string } {
  const width = image.width & ~1;
  const height = image.height & ~1;
  if (Math.min(width, height) < smallestSide) {
    return { reason: `BRISQUE needs at least ${smallestSide} × ${smallestSide} pixels.` };
  }
  const full = new NeighbourSums(width);
  const half = new NeighbourSums(width / 2);
  const fullRows = new RowNormaliser(width, height, (row) => full.push(row));
  const halfRows = new RowNormaliser(width / 2, height / 2, (row) => half.push(row));
  const halver = new RowHalver(width, height, (row) => halfRows.push(row));
  const luma = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    readLuma(image, y, luma);
    fullRows.push(luma);
    halver.push(luma);
  }
  return Float32Array.from([...full.features(), ...half.features()]);
}

/** Luma 0 … 255 of ITU-R BT.601, in whole levels. */
function readLuma({ rgb, width }: RgbImage, y: number, target: Float32Array): void {
  for (let x = 0, at = 3 * y * width; x < target.length; x++, at += 3) {
    target[x] = Math.round(0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]!);
  }
}

/** Sums over normalised samples and their products with four neighbours, row by row. */
class NeighbourSums {
  readonly #above: Float32Array;
  readonly #own = emptySums();
  readonly #products = [emptySums(), emptySums(), emptySums(), emptySums()] as const;
  #rows = 0;

  constructor(width: number) {
    this.#above = new Float32Array(width);
  }

  push(row: Float32Array): void {
    const [right, lower, lowerRight, lowerLeft] = this.#products;
    const above = this.#above;
    const last = row.length - 1;
    addProducts(this.#own, row, null);
    addProducts(right, row.subarray(0, last), row.subarray(1));
    if (this.#rows > 0) {
      addProducts(lower, above, row);
      addProducts(lowerRight, above.subarray(0, last), row.subarray(1));
      addProducts(lowerLeft, above.subarray(1), row.subarray(0, last));
    }
    above.set(row);
    this.#rows += 1;
  }

  features(): number[] {
    const own = fitAsymmetric(this.#own);
    return [
      own.shape,
      (own.leftDeviation ** 2 + own.rightDeviation ** 2) / 2,
      ...this.#products.flatMap((sums) => {
        const fit = fitAsymmetric(sums);
        return [fit.shape, meanOfFit(fit), fit.leftDeviation ** 2, fit.rightDeviation ** 2];
      }),
    ];
  }
}

function emptySums(): SideSums {
  return { count: 0, negative: 0, positive: 0, squares: 0, negativeSquares: 0, absolute: 0 };
}

/** Adds the samples of `a`, or their products with those of `b`. */
function addProducts(sums: SideSums, a: Float32Array, b: Float32Array | null): void {
  let negative = 0;
  let positive = 0;
  let squares = 0;
  let negativeSquares = 0;
  let absolute = 0;
  for (let i = 0; i < a.length; i++) {
    const value = b === null ? a[i]! : a[i]! * b[i]!;
    const square = value * value;
    squares += square;
    absolute += Math.abs(value);
    negative += value < 0 ? 1 : 0;
    positive += value > 0 ? 1 : 0;
    negativeSquares += value < 0 ? square : 0;
  }
  sums.count += a.length;
  sums.negative += negative;
  sums.positive += positive;
  sums.squares += squares;
  sums.negativeSquares += negativeSquares;
  sums.absolute += absolute;
}
