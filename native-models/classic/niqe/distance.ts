/** How far the statistics of a picture's blocks lie from the pristine model: NIQE's score. */
import { pristineCovariance, pristineMean } from './pristine.ts';

const count = pristineMean.length;

/** Mean statistics over blocks, each over the blocks that have it (NaN where none has). */
export function meanStatistics(blocks: readonly Float64Array[]): number[] {
  return pristineMean.map((_, k) => {
    const values = blocks.map((block) => block[k]!).filter((value) => !Number.isNaN(value));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}

/**
 * sqrt((ν₁ − ν₂)ᵀ ((Σ₁ + Σ₂) / 2)⁻¹ (ν₁ − ν₂)): Mittal, Soundararajan & Bovik 2013, equation 10. Σ₂ is over the
 * blocks that have all statistics, with n − 1.
 * @param means of `meanStatistics`
 * @param blocks at least two without NaN
 */
export function pristineDistance(means: readonly number[], blocks: readonly Float64Array[]): number {
  const centres = pristineMean.map(
    (_, k) => blocks.reduce((sum, block) => sum + block[k]!, 0) / blocks.length,
  );
  const deviations = blocks.map((block) => block.map((value, k) => value - centres[k]!));
  const matrix = pristineCovariance.map((row, i) =>
    row.map((pristine, j) => {
      const own = deviations.reduce((sum, block) => sum + block[i]! * block[j]!, 0) / (blocks.length - 1);
      return (pristine + own) / 2;
    }),
  );
  return norm(
    matrix,
    pristineMean.map((mean, k) => mean - means[k]!),
  );
}

/** sqrt(dᵀ M⁻¹ d) by Cholesky: M = L Lᵀ, |L⁻¹ d|. The pristine part makes M positive definite, so pinv is not needed. */
function norm(matrix: number[][], difference: number[]): number {
  const solved: number[] = [];
  for (let i = 0; i < count; i++) {
    const row = matrix[i]!;
    for (let j = 0; j <= i; j++) {
      let sum = row[j]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * matrix[j]![k]!;
      row[j] = i === j ? Math.sqrt(sum) : sum / matrix[j]![j]!;
    }
    let value = difference[i]!;
    for (let k = 0; k < i; k++) value -= row[k]! * solved[k]!;
    solved.push(value / row[i]!);
  }
  return Math.hypot(...solved);
}
