/** Votes in columns, ordered by image and indexed by rater once, so that every statistic of a study is a linear pass. */
import { StudioError } from '../../../contract/errors.ts';

/** One entry a vote; images and raters are numbered from 0. A rater may have voted on an image several times (repeats). */
export interface VoteColumns {
  items: number;
  raters: number;
  item: Int32Array;
  rater: Int32Array;
  value: Float64Array;
}

/**
 * Votes in the order of their images. The votes of image j are those from `itemStarts[j]` to before `itemStarts[j + 1]`; those of
 * rater i are `raterOrder[raterStarts[i]]` to before `raterOrder[raterStarts[i + 1]]`, in the order of the images.
 */
export interface Votes extends VoteColumns {
  itemStarts: Int32Array;
  raterStarts: Int32Array;
  raterOrder: Int32Array;
  /** Where each vote stood in the columns that were given. */
  source: Int32Array;
}

/**
 * Sorts by image, then rater, and indexes; O(votes).
 *
 * @throws StudioError `badInput` for a number of an image or rater that does not exist, and for a value that is not finite
 */
export function indexVotes({ items, raters, item, rater, value }: VoteColumns): Votes {
  for (let at = 0; at < value.length; at += 1) {
    const known = item[at]! >= 0 && item[at]! < items && rater[at]! >= 0 && rater[at]! < raters;
    if (!known || !Number.isFinite(value[at])) {
      throw new StudioError('badInput', 'A vote has no image, no rater or no finite value.', { vote: at });
    }
  }
  const asGiven = new Int32Array(value.length);
  for (let at = 0; at < asGiven.length; at += 1) asGiven[at] = at;
  const byRater = sortByKey(rater, raters, asGiven).order;
  const { starts: itemStarts, order: source } = sortByKey(item, items, byRater);
  const sorted = {
    item: gather(item, source, new Int32Array(source.length)),
    rater: gather(rater, source, new Int32Array(source.length)),
    value: gather(value, source, new Float64Array(source.length)),
  };
  const { starts: raterStarts, order: raterOrder } = sortByKey(sorted.rater, raters, asGiven);
  return { items, raters, ...sorted, itemStarts, raterStarts, raterOrder, source };
}

/** The values at some places, in their order: written into `into`, which is as long as `places`. */
export function gather<Column extends Int32Array | Float64Array>(
  values: ArrayLike<number>,
  places: Int32Array,
  into: Column,
): Column {
  for (let at = 0; at < places.length; at += 1) into[at] = values[places[at]!]!;
  return into;
}

/** Counting sort of places by a key below `keys`; keeps the order of equal keys. */
function sortByKey(
  key: Int32Array,
  keys: number,
  places: Int32Array,
): { starts: Int32Array; order: Int32Array } {
  const starts = new Int32Array(keys + 1);
  for (const place of places) starts[key[place]! + 1]! += 1;
  for (let at = 0; at < keys; at += 1) starts[at + 1]! += starts[at]!;
  const next = starts.slice();
  const order = new Int32Array(places.length);
  for (const place of places) {
    const group = key[place]!;
    order[next[group]!] = place;
    next[group]! += 1;
  }
  return { starts, order };
}

/** The same study without some raters, who keep their numbers but have no votes; `source` still points at the columns given first. */
export function keepRaters(votes: Votes, keeps: (rater: number) => boolean): Votes {
  const kept = Int32Array.from(votes.value.keys()).filter((at) => keeps(votes.rater[at]!));
  const fewer = indexVotes({
    items: votes.items,
    raters: votes.raters,
    item: gather(votes.item, kept, new Int32Array(kept.length)),
    rater: gather(votes.rater, kept, new Int32Array(kept.length)),
    value: gather(votes.value, kept, new Float64Array(kept.length)),
  });
  const inVotes = gather(kept, fewer.source, new Int32Array(kept.length));
  return { ...fewer, source: gather(votes.source, inVotes, new Int32Array(kept.length)) };
}

/** The same study with other values in place of the votes, in the order of `votes`. */
export function replaceValues(votes: Votes, value: Float64Array): Votes {
  return { ...votes, value };
}

/** How many votes a rater gave. */
export function countVotesOf(votes: Votes, rater: number): number {
  return votes.raterStarts[rater + 1]! - votes.raterStarts[rater]!;
}

/** Raters who gave any vote. */
export function listPresent(votes: Votes): number[] {
  return Array.from({ length: votes.raters }, (_, i) => i).filter((i) => countVotesOf(votes, i) > 0);
}

/** A rater's votes, in the order of the images. */
export function valuesOf(votes: Votes, rater: number): Float64Array {
  const places = placesOf(votes, rater);
  return gather(votes.value, places, new Float64Array(places.length));
}

/** The places of a rater's votes in the columns, in the order of the images. */
export function placesOf(votes: Votes, rater: number): Int32Array {
  return votes.raterOrder.subarray(votes.raterStarts[rater], votes.raterStarts[rater + 1]);
}
