/** Histograms and how dense points lie, for drawing. */
import type { Histogram } from '../../contract/agreement-views.ts';

/** Counts in `bins` equal steps from the smallest to the largest value; one bin where all are the same, none without values. */
export function countInBins(values: Float64Array, bins: number, range = rangeOf(values)): Histogram {
  if (range === null) return { edges: [], counts: [] };
  const { low, high } = range;
  const count = low === high ? 1 : bins;
  const counts = new Array<number>(count).fill(0);
  for (const value of values) counts[binOf(value, range, count)]! += 1;
  const edges = Array.from({ length: count + 1 }, (_, at) =>
    at === count ? high : low + ((high - low) * at) / count,
  );
  return { edges, counts };
}

export interface Range {
  low: number;
  high: number;
}

/** The smallest and the largest value; null of none. */
export function rangeOf(values: Float64Array): Range | null {
  if (values.length === 0) return null;
  return {
    low: values.reduce((a, b) => Math.min(a, b)),
    high: values.reduce((a, b) => Math.max(a, b)),
  };
}

function binOf(value: number, { low, high }: Range, bins: number): number {
  if (low === high) return 0;
  return Math.max(0, Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins)));
}

const cells = 96;
/** Passes of a 3 × 3 mean: about a normal kernel of 1.6 cells. */
const passes = 4;

/** How dense each point lies, from 0 to 1 (the densest): counts on a grid, smoothed. */
export function measureDensity(x: Float64Array, y: Float64Array): Float64Array {
  const rangeX = rangeOf(x);
  const rangeY = rangeOf(y);
  if (rangeX === null || rangeY === null) return new Float64Array();
  const cellOf = Uint32Array.from(
    x,
    (value, at) => binOf(value, rangeX, cells) * cells + binOf(y[at]!, rangeY, cells),
  );
  let grid = new Float64Array(cells * cells);
  for (const cell of cellOf) grid[cell]! += 1;
  for (let pass = 0; pass < passes; pass += 1) grid = smooth(grid);
  const densest = cellOf.reduce((most, cell) => Math.max(most, grid[cell]!), 0);
  return Float64Array.from(cellOf, (cell) => grid[cell]! / densest);
}

function smooth(grid: Float64Array): Float64Array<ArrayBuffer> {
  const next = new Float64Array(grid.length);
  for (let row = 0; row < cells; row += 1) {
    for (let column = 0; column < cells; column += 1) {
      let sum = 0;
      for (let r = Math.max(0, row - 1); r <= Math.min(cells - 1, row + 1); r += 1) {
        for (let c = Math.max(0, column - 1); c <= Math.min(cells - 1, column + 1); c += 1) {
          sum += grid[r * cells + c]!;
        }
      }
      next[row * cells + column] = sum / 9;
    }
  }
  return next;
}
