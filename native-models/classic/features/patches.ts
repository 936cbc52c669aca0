/**
 * How quality varies over the picture: order statistics of local measures over an 8 × 8 grid, and whether the
 * centre carries the detail (patch-wise statistics as in NIQE: Mittal, Soundararajan & Bovik, IEEE SPL 2013).
 */
import { meanOf, sampleDeviationOf } from '../maths/moments.ts';

const ranks = [0, 6, 16, 32, 48, 57, 63];
const orderNames = [...ranks.map((rank) => `rank ${rank}`), 'deviation'];

/** Means over each of the 64 cells, row by row. */
export interface CellMeans {
  /** Of ln(σ + ½): one grid for luma, and one more for Cb where there is chroma. */
  logContrasts: Float64Array[];
  gradient: Float64Array;
  gradientSquare: Float64Array;
  /** Of |mscn| and of its square. */
  mscn: Float64Array;
  mscnSquare: Float64Array;
}

/** Names of the 25 values (33 where there is chroma). */
export function patchNames(withChroma: boolean): string[] {
  const measures = [
    'log contrast',
    ...(withChroma ? ['log contrast cb'] : []),
    'gradient peakedness',
    'mscn ratio',
  ];
  return [
    ...measures.flatMap((measure) => orderNames.map((order) => `cells: ${measure} ${order}`)),
    'cells: centre share of gradient',
  ];
}

/** The 25 or 33 values. */
export function measurePatches(cells: CellMeans): number[] {
  const { gradient, gradientSquare, mscn, mscnSquare } = cells;
  const peakedness = gradient.map((mean, i) => Math.sqrt(gradientSquare[i]!) / (mean + 0.5));
  const ratio = mscn.map((mean, i) => (mean * mean) / (mscnSquare[i]! + 1e-6));
  return [
    ...[...cells.logContrasts, peakedness, ratio].flatMap(orderStatistics),
    meanOf(centreCells(gradient)) / (meanOf(gradient) + 0.1),
  ];
}

function orderStatistics(values: Float64Array): number[] {
  const sorted = values.toSorted();
  return [...ranks.map((rank) => sorted[rank]!), sampleDeviationOf(values)];
}

/** The 4 × 4 cells in the middle. */
function centreCells(values: Float64Array): Float64Array {
  return values.filter((_, i) => {
    const row = i >> 3;
    const column = i & 7;
    return row >= 2 && row < 6 && column >= 2 && column < 6;
  });
}
