/** Which image of a group of near-duplicates is the best, and why; and which others would go. */
import type { BestReason, DuplicateGroup } from '../contract/duplicates.ts';
import type { GroupedImage } from '../db/duplicates.ts';

type Compare = (a: GroupedImage, b: GroupedImage) => number;

/** What a person said comes before any number; but where the file of a picked image is gone, another is kept as well as it. */
function rankFlag({ flag, hasFile }: GroupedImage): number {
  if (flag === 'reject') return 2;
  return flag === 'pick' && hasFile ? 0 : 1;
}

/** Each tells apart what those before it leave equal. */
const comparisons: { reason: BestReason; compare: Compare }[] = [
  { reason: 'flag', compare: (a, b) => rankFlag(a) - rankFlag(b) },
  { reason: 'file', compare: (a, b) => b.hasFile - a.hasFile },
  { reason: 'score', compare: (a, b) => scoreOrLeast(b) - scoreOrLeast(a) },
  { reason: 'pixels', compare: (a, b) => b.pixels - a.pixels },
  { reason: 'added', compare: (a, b) => a.imageId - b.imageId },
];

/** An image without a score comes after all that have one. */
function scoreOrLeast({ score }: GroupedImage): number {
  return score ?? -Number.MAX_VALUE;
}

function compareBy(some: typeof comparisons): Compare {
  return (a, b) => {
    for (const { compare } of some) {
      const difference = compare(a, b);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

const compareAsBest = compareBy(comparisons);
const compareUnflagged = compareBy(comparisons.slice(1));

/**
 * Puts the best first: picked before unflagged before rejected, then one whose file is there, by score, pixels and order of adding. The
 * others keep their order whatever their flags, so that flagging one does not move it away. `reason` is the first of these that sets the best apart from all.
 */
export function rankDuplicates(images: readonly GroupedImage[]): Omit<DuplicateGroup, 'id'> {
  const [best, second] = images.toSorted(compareAsBest);
  const others = images.filter((image) => image !== best).sort(compareUnflagged);
  const reason = comparisons.find(({ compare }) => compare(best!, second!) !== 0)?.reason ?? 'added';
  return {
    imageIds: [best!, ...others].map(({ imageId }) => imageId),
    reason,
    rest: others.filter(({ flag }) => flag === null).map(({ imageId }) => imageId),
  };
}
