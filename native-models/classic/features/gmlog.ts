/**
 * Joint statistics of gradient magnitude and Laplacian of Gaussian after joint adaptive normalisation:
 * Xue, Mou, Zhang, Bovik & Feng, "Blind image quality assessment using joint statistics of gradient magnitude
 * and Laplacian features" (GM-LOG), IEEE TIP 2014, equations 4–14.
 */
import { blur, countJointBins, edgeEnergy, filterEdges } from '../kernels/planes.ts';
import { gaussianTaps } from '../maths/gaussian-taps.ts';
import type { Scratch } from './workspace.ts';

const bins = 10;
const smoothing = gaussianTaps(0.5, 2);
const neighbourhood = gaussianTaps(2, 3);

/** Names of the 40 values: two marginals, two dependency measures. */
export const gmlogNames = [
  'gradient marginal',
  'laplacian marginal',
  'gradient dependency',
  'laplacian dependency',
].flatMap((name) => Array.from({ length: bins }, (_, bin) => `${name} ${bin}`));

/** The 40 values of a square luma plane; the scratch planes have its size. */
export function measureGmlog(luma: Float32Array, size: number, scratch: Scratch): number[] {
  const { sigma: smooth, mscn: energy, gradient, laplacian } = scratch;
  blur(luma, size, smoothing, smooth);
  filterEdges(smooth, size, { gradient, laplacian });
  edgeEnergy(gradient, laplacian, smooth);
  blur(smooth, size, neighbourhood, energy);
  return jointStatistics(countJointBins(gradient, laplacian, energy), luma.length);
}

/** Marginals P(g), P(l) and the mean conditionals (equations 10–14) of a 10 × 10 histogram. */
function jointStatistics(counts: Uint32Array, total: number): number[] {
  const joint = (row: number, column: number): number => counts[row * bins + column]! / total;
  const overBins = (value: (bin: number) => number): number[] =>
    Array.from({ length: bins }, (_, bin) => value(bin));
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

  const gradient = overBins((row) => sum(overBins((column) => joint(row, column))));
  const laplacian = overBins((column) => sum(overBins((row) => joint(row, column))));
  const gradientGiven = overBins(
    (row) => sum(overBins((column) => joint(row, column) / (laplacian[column]! + 1e-4))) / bins,
  );
  const laplacianGiven = overBins(
    (column) => sum(overBins((row) => joint(row, column) / (gradient[row]! + 1e-4))) / bins,
  );
  return [...gradient, ...laplacian, ...gradientGiven, ...laplacianGiven];
}
