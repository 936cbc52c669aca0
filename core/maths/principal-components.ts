/** The directions in which rows differ most, by subspace iteration (Rutishauser 1969): a few numbers that stand for many. */
import { createRandom } from './random.ts';
import { clipAt, measureStandardisation, standardiseRows } from './standardise.ts';

/** Rows that directions are found from; more tell little more. */
const enoughRows = 1500;
const rounds = 6;

/**
 * Scores of every row on its `count` principal components, the standardised columns cut at 4 SD, in units of √(1 / width).
 *
 * @param inputs rows × width
 * @returns rows × count (fewer where there are fewer rows or columns)
 */
export function projectRows(
  inputs: Float32Array,
  width: number,
  count: number,
): { points: Float32Array<ArrayBuffer>; width: number } {
  const rows = inputs.length / width;
  const standard = centre(standardiseRows(inputs, measureStandardisation(inputs, width), clipAt), width);
  const kept = Math.min(count, width, rows);
  const directions = findDirections(standard, width, kept);
  const points = new Float32Array(rows * kept);
  for (let row = 0; row < rows; row += 1) {
    const own = standard.subarray(row * width, (row + 1) * width);
    for (const [at, direction] of directions.entries()) {
      points[row * kept + at] = multiply(own, direction) / Math.sqrt(width);
    }
  }
  return { points, width: kept };
}

/**
 * Orthonormal directions in which centred rows differ most, the first the most.
 *
 * @param standard rows × width, the mean of every column 0
 */
export function findDirections(standard: Float32Array, width: number, count: number): Float64Array[] {
  const rows = standard.length / width;
  const step = Math.max(1, Math.floor(rows / enoughRows));
  const sample = Array.from({ length: Math.ceil(rows / step) }, (_, at) => at * step);
  const random = createRandom(1);
  let directions = Array.from({ length: count }, () =>
    Float64Array.from({ length: width }, () => random.normal()),
  );
  for (let round = 0; round < rounds; round += 1) {
    orthonormalise(directions);
    const next = directions.map(() => new Float64Array(width));
    for (const row of sample) {
      const own = standard.subarray(row * width, (row + 1) * width);
      for (const [at, direction] of directions.entries()) {
        const share = multiply(own, direction);
        const sums = next[at]!;
        for (let column = 0; column < width; column += 1) sums[column]! += share * own[column]!;
      }
    }
    directions = next;
  }
  const order = directions.map((one) => ({ one, size: multiply(one, one) })).sort((a, b) => b.size - a.size);
  directions = order.map(({ one }) => one);
  orthonormalise(directions);
  return directions;
}

function centre(rows: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  for (let at = 0; at < rows.length; at += 1) sums[at % width]! += rows[at]!;
  const count = rows.length / width;
  return rows.map((value, at) => value - sums[at % width]! / count);
}

function multiply(a: Float32Array | Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < b.length; at += 1) sum += a[at]! * b[at]!;
  return sum;
}

/** Gram and Schmidt, twice over for the digits; a direction that is none becomes 0. */
function orthonormalise(directions: Float64Array[]): void {
  for (const [at, own] of directions.entries()) {
    for (let pass = 0; pass < 2; pass += 1) {
      for (const other of directions.slice(0, at)) {
        const share = multiply(own, other);
        for (let k = 0; k < own.length; k += 1) own[k]! -= share * other[k]!;
      }
    }
    const length = Math.sqrt(multiply(own, own));
    for (let k = 0; k < own.length; k += 1) own[k] = length > 1e-12 ? own[k]! / length : 0;
  }
}
