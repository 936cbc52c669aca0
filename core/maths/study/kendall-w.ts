/** Kendall's coefficient of concordance W (Kendall and Babington Smith 1939), corrected for ties. */
import type { Estimate, Undefined } from '../../../contract/common.ts';
import { chiSquareTail } from '../distributions.ts';
import { findLevels, midRanks } from '../ranks.ts';
import { findCompleteImages } from './complete-images.ts';
import type { Votes } from './votes.ts';

/** W with the test of no concordance: chi-square = m (n − 1) W with n − 1 degrees of freedom. */
export type Concordance = Undefined | (Estimate & { chiSquare: number; df: number; p: number });

/** W = 12 S / (m² (n³ − n) − m Σ (t³ − t)) over the images that every rater rated; 0 no, 1 full concordance. */
export function measureConcordance(votes: Votes): Concordance {
  const { images: n, raters: m, value } = findCompleteImages(votes);
  if (m < 2) return { reason: 'There are fewer than two raters.', n };
  if (n < 2) return { reason: 'Fewer than two images have votes of every rater.', n };
  const totals = new Float64Array(n);
  let ties = 0;
  for (let i = 0; i < m; i += 1) {
    const levels = findLevels(Float64Array.from({ length: n }, (_, j) => value[j * m + i]!));
    const ranks = midRanks(levels, new Uint32Array(n).fill(1));
    const sizes = new Float64Array(levels.levels);
    for (const [j, rank] of ranks.entries()) {
      totals[j]! += rank;
      sizes[levels.levelOf[j]!]! += 1;
    }
    ties += sizes.reduce((sum, t) => sum + t * t * t - t, 0);
  }
  const scale = m * m * (n * n * n - n) - m * ties;
  if (scale === 0) return { reason: 'No rater tells the images apart.', n };
  const middle = (m * (n + 1)) / 2;
  const w = (12 * totals.reduce((sum, total) => sum + (total - middle) ** 2, 0)) / scale;
  const chiSquare = m * (n - 1) * w;
  return {
    value: w,
    low: null,
    high: null,
    n,
    method: "Kendall's W, corrected for ties",
    chiSquare,
    df: n - 1,
    p: chiSquareTail(chiSquare, n - 1),
  };
}
