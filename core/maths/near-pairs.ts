/**
 * All pairs of vectors of length 1 whose dot product reaches a threshold: exact, without multiplying them all. |x − y|² = 2 − 2 x·y, and a
 * distance in some directions of an orthonormal basis is never larger than the whole one, so most pairs are ruled out by their first few
 * coordinates (partial distance search, Bei and Gray 1985); the rest is decided by the dot product itself.
 */
import { strideOf, type VectorBlock, valuesOf } from './dots.ts';
import { findDirections } from './principal-components.ts';
import { UnionFind } from './union-find.ts';

/** Coordinates that rule pairs out, in the directions in which the vectors differ most. */
export const sketchWidth = 24;
/** After so many coordinates it is looked whether a pair is ruled out. */
const stepCoordinates = 4;
const stepFloats = 32;
/** Rows that the directions are found from. */
const enoughRows = 1200;
/** Single precision may make a distance larger than it is by this. */
const slack = 1e-4;

/** Orthonormal directions in which the vectors differ most. */
export function findSketch(blocks: readonly VectorBlock[]): Float64Array[] {
  const rows = countRows(blocks);
  const width = blocks[0]?.length ?? 0;
  const step = Math.max(1, Math.ceil(rows / enoughRows));
  const sample = new Float32Array(Math.ceil(rows / step) * width);
  const row = readerOf(blocks);
  for (let at = 0; at * step < rows; at += 1) sample.set(row(at * step), at * width);
  const means = new Float64Array(width);
  for (let at = 0; at < sample.length; at += 1) means[at % width]! += sample[at]!;
  const count = sample.length / Math.max(1, width);
  const centred = sample.map((value, at) => value - means[at % width]! / count);
  return findDirections(centred, width, Math.min(sketchWidth, width));
}

/** The coordinates of a block's rows, row by row. */
export function sketchRows(
  block: VectorBlock,
  directions: readonly Float64Array[],
): Float32Array<ArrayBuffer> {
  const row = readerOf([block]);
  const sketch = new Float32Array(block.rows * directions.length);
  for (let at = 0; at < block.rows; at += 1) {
    const values = row(at);
    for (const [k, direction] of directions.entries()) {
      let sum = 0;
      for (let j = 0; j < values.length; j += 1) sum += values[j]! * direction[j]!;
      sketch[at * directions.length + k] = sum;
    }
  }
  return sketch;
}

export interface NearPairsTask {
  blocks: readonly VectorBlock[];
  /** Rows by their first coordinate, the smallest first. */
  order: Int32Array;
  /** Coordinates in that order. */
  sketch: Float32Array;
  /** The least dot product of a pair. */
  threshold: number;
  /** Pairs whose first row, in that order, is from `first` up to `last`. */
  first: number;
  last: number;
}

/**
 * Pairs of rows that reach the threshold, `[a, b, a, b, …]`; those are left out whose rows hang together by earlier ones, so that there
 * are fewer than rows however alike everything is. Groups are exact all the same.
 */
export function findNearPairs(task: NearPairsTask): Int32Array<ArrayBuffer> {
  const { blocks, order, sketch, threshold, first, last } = task;
  const width = sketch.length / Math.max(1, order.length);
  const most = 2 - 2 * threshold + slack;
  const reach = Math.sqrt(most);
  const row = readerOf(blocks);
  const known = new UnionFind(order.length);
  const pairs: number[] = [];
  for (let i = first; i < last; i += 1) {
    const end = sketch[i * width]! + reach;
    const values = row(order[i]!);
    for (let j = i + 1; j < order.length && sketch[j * width]! <= end; j += 1) {
      if (isSketchFar(sketch, [i * width, j * width], width, most)) continue;
      if (known.find(i) === known.find(j)) continue;
      if (!isNear(values, row(order[j]!), threshold, most)) continue;
      known.join(i, j);
      pairs.push(order[i]!, order[j]!);
    }
  }
  return Int32Array.from(pairs);
}

function isSketchFar(sketch: Float32Array, [a, b]: [number, number], width: number, most: number): boolean {
  let sum = 0;
  for (let k = 0; k < width; k += stepCoordinates) {
    const end = Math.min(k + stepCoordinates, width);
    for (let m = k; m < end; m += 1) {
      const difference = sketch[a + m]! - sketch[b + m]!;
      sum += difference * difference;
    }
    if (sum > most) return true;
  }
  return false;
}

/** By the dot product; the distance so far ends it early. */
function isNear(a: Float32Array, b: Float32Array, threshold: number, most: number): boolean {
  let [sum, product] = [0, 0];
  for (let k = 0; k < a.length; k += stepFloats) {
    const end = Math.min(k + stepFloats, a.length);
    for (let m = k; m < end; m += 1) {
      const difference = a[m]! - b[m]!;
      sum += difference * difference;
      product += a[m]! * b[m]!;
    }
    if (sum > most) return false;
  }
  return product >= threshold;
}

export function countRows(blocks: readonly VectorBlock[]): number {
  return blocks.reduce((sum, { rows }) => sum + rows, 0);
}

/** A row of several blocks by its number among all; a view, nothing is copied. */
function readerOf(blocks: readonly VectorBlock[]): (row: number) => Float32Array {
  const views: Float32Array[] = [];
  for (const block of blocks) {
    const values = valuesOf(block);
    const stride = strideOf(block.length);
    for (let at = 0; at < block.rows; at += 1) {
      views.push(values.subarray(at * stride, at * stride + block.length));
    }
  }
  return (row) => views[row]!;
}
