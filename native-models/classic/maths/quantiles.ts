/** Which order statistics the features call quantiles. */

/** The five probabilities. */
export const quantiles = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** Quantiles are taken over every seventh sample: a seventh of the work, and no common factor with the size. */
export const quantileStride = 7;

/** Position of a quantile among `count` sorted samples: ⌊p (count − 1)⌋. */
export function quantileRank(probability: number, count: number): number {
  return Math.floor(probability * (count - 1));
}
