/** Bias removal (ITU-T P.913 clause 12.4): every rater's mean distance from the MOS is taken off the rater's votes. */
import { measureOpinion, type OpinionScores } from './opinion.ts';
import { replaceValues, type Votes } from './votes.ts';

/** `votes` and `scores` after the removal; `bias` has one entry a rater, NaN for a rater without votes. */
export interface BiasRemoval {
  bias: Float64Array;
  votes: Votes;
  scores: OpinionScores;
}

/** bias_i = mean over the rater's votes of (u − MOS), u' = u − bias_i (P.913 §12.4, equations of "subject bias"); O(votes). */
export function removeBias(votes: Votes): BiasRemoval {
  const { mean } = measureOpinion(votes);
  const bias = new Float64Array(votes.raters);
  const count = new Int32Array(votes.raters);
  for (let at = 0; at < votes.value.length; at += 1) {
    const i = votes.rater[at]!;
    bias[i]! += votes.value[at]! - mean[votes.item[at]!]!;
    count[i]! += 1;
  }
  for (let i = 0; i < votes.raters; i += 1) bias[i]! /= count[i]!;
  const corrected = replaceValues(
    votes,
    votes.value.map((value, at) => value - bias[votes.rater[at]!]!),
  );
  return { bias, votes: corrected, scores: measureOpinion(corrected) };
}
