/** Ridge regression (Hoerl and Kennard, 1970) with a free intercept, for several penalties at once. */
import { solvePositive } from './cholesky.ts';
import { DenseMemory, packedLength, transpose } from './dense.ts';

export interface Linear {
  weights: Float32Array;
  intercept: number;
}

/** Rows whose products are summed in one call of the kernel, in single precision; the sums of blocks are added in double. */
const blockRows = 256;

/**
 * Minimises Σ (y − b − w·x)² + penalty · rows · |w|² for each penalty. Works in the smaller of the two spaces: features × features, or rows ×
 * rows where there are fewer rows than features.
 *
 * @param inputs rows × width numbers
 * @param penalties above 0; Infinity gives w = 0
 */
export function fitRidge(
  inputs: Float32Array,
  labels: Float64Array,
  width: number,
  penalties: readonly number[],
): Linear[] {
  const rows = labels.length;
  const { centred, means } = centre(inputs, width);
  const middle = labels.reduce((sum, label) => sum + label, 0) / rows;
  const gaps = labels.map((label) => label - middle);
  const isDual = rows < width;
  const products = isDual ? multiplyRows(centred, rows, width) : multiplyColumns(centred, rows, width);
  const right = isDual ? gaps : combineRows(centred, gaps, width);
  return penalties.map((penalty) => {
    if (penalty === Number.POSITIVE_INFINITY) return { weights: new Float32Array(width), intercept: middle };
    const solved = solvePositive(products, right, penalty * rows);
    const weights = isDual ? combineRows(centred, solved, width) : solved;
    const shift = weights.reduce((sum, weight, column) => sum + weight * means[column]!, 0);
    return { weights: Float32Array.from(weights), intercept: middle - shift };
  });
}

function centre(inputs: Float32Array, width: number): { centred: Float32Array; means: Float64Array } {
  const means = new Float64Array(width);
  for (let at = 0; at < inputs.length; at++) means[at % width]! += inputs[at]!;
  for (let column = 0; column < width; column++) means[column]! /= inputs.length / width;
  return { centred: inputs.map((value, at) => value - means[at % width]!), means };
}

/** Σ over rows of factor · row. */
function combineRows(rows: Float32Array, factors: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (const [row, factor] of factors.entries()) {
    for (let column = 0; column < width; column++) sums[column]! += factor * rows[row * width + column]!;
  }
  return sums;
}

/** Xᵀ X, width × width, block after block of rows. */
function multiplyColumns(inputs: Float32Array, rows: number, width: number): Float64Array {
  const memory = new DenseMemory(blockRows * width + packedLength(blockRows, width) + width * width + 64);
  const block = memory.matrix(blockRows, width);
  const packed = memory.packed(blockRows, width);
  const product = memory.matrix(width, width);
  const sums = new Float64Array(width * width);
  for (let from = 0; from < rows; from += blockRows) {
    block.values.fill(0);
    block.values.set(inputs.subarray(from * width, Math.min(rows, from + blockRows) * width));
    memory.pack(block, packed);
    memory.multiply(transpose(block), packed, null, product);
    for (let at = 0; at < sums.length; at++) sums[at]! += product.values[at]!;
  }
  return sums;
}

/** X Xᵀ, rows × rows. */
function multiplyRows(inputs: Float32Array, rows: number, width: number): Float64Array {
  const memory = new DenseMemory(rows * width + packedLength(width, rows) + rows * rows + 64);
  const block = memory.matrix(rows, width);
  block.values.set(inputs);
  const packed = memory.packed(width, rows);
  memory.pack(transpose(block), packed);
  const product = memory.matrix(rows, rows);
  memory.multiply(block, packed, null, product);
  return Float64Array.from(product.values);
}
