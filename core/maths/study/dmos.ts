/** DMOS of absolute rating with hidden reference (ITU-T P.910, ACR-HR): every rater's vote beside the same rater's vote on the reference. */
import { measureOpinion, type OpinionScores } from './opinion.ts';
import { indexVotes, type Votes } from './votes.ts';

/** The differential viewer score of one rater: own vote − vote on the hidden reference + best level of the scale. */
export function differ(own: number, reference: number, best: number): number {
  return own - reference + best;
}

/**
 * Mean, SD and Student's 95 % interval of the differential scores of every image, over raters who voted on both; of repeats the first
 * votes. Above the best level where an image was rated above its reference.
 *
 * @param referenceOf the reference's number by image, −1 for none
 */
export function measureDmos(votes: Votes, referenceOf: Int32Array, best: number): OpinionScores {
  const item: number[] = [];
  const rater: number[] = [];
  const value: number[] = [];
  for (let j = 0; j < votes.items; j += 1) {
    if (referenceOf[j]! < 0) continue;
    const onReference = firstVotesOn(votes, referenceOf[j]!);
    for (const [i, own] of firstVotesOn(votes, j)) {
      const reference = onReference.get(i);
      if (reference === undefined) continue;
      item.push(j);
      rater.push(i);
      value.push(differ(own, reference, best));
    }
  }
  return measureOpinion(
    indexVotes({
      ...{ items: votes.items, raters: votes.raters },
      item: Int32Array.from(item),
      rater: Int32Array.from(rater),
      value: Float64Array.from(value),
    }),
  );
}

function firstVotesOn(votes: Votes, j: number): Map<number, number> {
  const first = new Map<number, number>();
  for (let at = votes.itemStarts[j + 1]! - 1; at >= votes.itemStarts[j]!; at -= 1) {
    first.set(votes.rater[at]!, votes.value[at]!);
  }
  return first;
}
