/** Colourfulness: Hasler & Süsstrunk, "Measuring colourfulness in natural images", SPIE 2003, equation 5 (M³). */

/** Sums over pixels of the opponent channels rg = R − G and 2·yb = R + G − 2 B (whole numbers, so exact). */
export interface OpponentSums {
  count: number;
  redGreen: number;
  redGreenSquares: number;
  yellowBlue: number;
  yellowBlueSquares: number;
}

/**
 * sqrt(σ²rg + σ²yb) + 0.3 sqrt(μ²rg + μ²yb), on the 0–255 scale; variances with n − 1. 0 is grey; the paper calls
 * 15 slightly and 109 extremely colourful.
 */
export function colourfulnessOf(sums: OpponentSums): number {
  const { count } = sums;
  const redGreen = sums.redGreen / count;
  const yellowBlue = sums.yellowBlue / 2 / count;
  const freedom = Math.max(1, count - 1);
  const redGreenVariance = (sums.redGreenSquares - sums.redGreen * redGreen) / freedom;
  const yellowBlueVariance = (sums.yellowBlueSquares / 4 - (sums.yellowBlue / 2) * yellowBlue) / freedom;
  const spread = Math.sqrt(Math.max(0, redGreenVariance + yellowBlueVariance));
  return spread + 0.3 * Math.hypot(redGreen, yellowBlue);
}
