/** Whether raters differ in their inconsistency by more than their votes can tell: else weighing them adds noise and takes none away. */
import { removeBias } from './bias-removal.ts';
import type { Votes } from './votes.ts';

/** Variances of ln(noise variance) over raters. */
export interface NoiseDifference {
  /** True differences: what is found less what chance alone gives; may be below 0. */
  between: number;
  /** What chance alone gives: the mean of 2 / degrees of freedom, the sampling variance of ln s² of normal noise. */
  byChance: number;
}

/**
 * From the votes without biases (P.913 §12.4) around the mean of their image. An image with n votes gives each of its raters 1 − 1 / n
 * degrees of freedom, so that the share of the mean that is the rater's own does not count as agreement; images with one vote give none.
 * Raters with fewer than three degrees, and those whose votes leave no rest at all, are left out; both are 0 with fewer than two raters.
 */
export function measureNoiseDifference(votes: Votes): NoiseDifference {
  const { votes: unbiased, scores } = removeBias(votes);
  const squares = new Float64Array(votes.raters);
  const degrees = new Float64Array(votes.raters);
  for (let at = 0; at < unbiased.value.length; at += 1) {
    const j = votes.item[at]!;
    const i = votes.rater[at]!;
    squares[i]! += (unbiased.value[at]! - scores.mean[j]!) ** 2;
    degrees[i]! += 1 - 1 / scores.n[j]!;
  }
  const known = [...squares.keys()].filter((i) => degrees[i]! >= 3 && squares[i]! > 0);
  if (known.length < 2) return { between: 0, byChance: 0 };
  const logs = known.map((i) => Math.log(squares[i]! / degrees[i]!));
  const middle = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const found = logs.reduce((sum, log) => sum + (log - middle) ** 2, 0) / (logs.length - 1);
  const byChance = known.reduce((sum, i) => sum + 2 / degrees[i]!, 0) / known.length;
  return { between: found - byChance, byChance };
}
