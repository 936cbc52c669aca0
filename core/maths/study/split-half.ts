/** Split-half reliability of a study's votes: the human ceiling of any metric. */
import type { EstimateOrReason } from '../../../contract/common.ts';
import { type CeilingVote, measureHumanCeiling } from '../human-ceiling.ts';
import type { Votes } from './votes.ts';

/** `measureHumanCeiling` of votes in columns. */
export function measureSplitHalf({ item, rater, value }: Votes): EstimateOrReason {
  return measureHumanCeiling(Array.from(value, (vote, at): CeilingVote => [item[at]!, rater[at]!, vote]));
}
