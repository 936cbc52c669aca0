/**
 * Shape of a generalised Gaussian by moment matching: the ratio ρ(α) = Γ(2/α)² / (Γ(1/α) Γ(3/α)) equals
 * E|x|² / E x² and grows with α, so a table of it is searched (Sharifi & Leon-Garcia 1995; the grid
 * 0.2 : 0.001 : 10 is that of BRISQUE and NIQE, Mittal et al. 2012 and 2013).
 */
import { logGamma } from './gamma.ts';

const smallestShape = 0.2;
const shapeStep = 0.001;
const shapeCount = 9800;

const shapes = Float32Array.from({ length: shapeCount }, (_, i) => smallestShape + i * shapeStep);
const ratios = Float32Array.from(shapes, ratioOfShape);

function ratioOfShape(shape: number): number {
  return Math.exp(2 * logGamma(2 / shape) - logGamma(1 / shape) - logGamma(3 / shape));
}

/** The first shape of the grid whose ratio is at least `ratio`, within 0.2 … 9.999. */
export function shapeAtRatio(ratio: number): number {
  return shapes[Math.min(indexAtRatio(ratio), shapeCount - 1)]!;
}

function indexAtRatio(ratio: number): number {
  let low = 0;
  let high = shapeCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ratios[middle]! < ratio) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The moment ratio of an asymmetric generalised Gaussian, reduced to that of the symmetric one
 * (Lasmar, Stitou & Berthoumieu 2009): ρ̂ · (γ³ + 1)(γ + 1) / (γ² + 1)².
 * @param ratio E|x|² / E x²
 * @param gamma left deviation / right deviation
 */
export function symmetricRatio(ratio: number, gamma: number): number {
  return (ratio * (gamma ** 3 + 1) * (gamma + 1)) / (gamma * gamma + 1) ** 2;
}

const nearestCount = 9801;
const exactRatios = Float64Array.from({ length: nearestCount }, (_, i) =>
  ratioOfShape(smallestShape + i * shapeStep),
);

/** The shape of the grid 0.2 : 0.001 : 10 whose ratio is nearest to `ratio`; 0.2 for NaN. */
export function shapeNearestRatio(ratio: number): number {
  let low = 0;
  let high = nearestCount - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (exactRatios[middle]! < ratio) low = middle + 1;
    else high = middle;
  }
  const isBelowNearer = low > 0 && ratio - exactRatios[low - 1]! <= exactRatios[low]! - ratio;
  return Number.isNaN(ratio) ? smallestShape : smallestShape + (isBelowNearer ? low - 1 : low) * shapeStep;
}
