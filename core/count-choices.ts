/** Choices between pairs of a study as counts that arithmetic takes. */
import type { pairsForStatistics } from '../db/screening.ts';
import { countPairs, type PairCounts } from './maths/study/pair-counts.ts';

/** The choices counted by pair. @param place the number of every image of the study */
export function countChoices(
  choices: ReturnType<typeof pairsForStatistics>,
  place: ReadonlyMap<number, number>,
): PairCounts {
  return countPairs({
    items: place.size,
    first: Int32Array.from(choices, ({ image_id }) => place.get(image_id)!),
    second: Int32Array.from(choices, ({ other_image_id }) => place.get(other_image_id)!),
    preferred: Int8Array.from(choices, ({ choice }) => (choice === 'left' ? 1 : choice === 'right' ? -1 : 0)),
  });
}
