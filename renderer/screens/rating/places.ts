/** Where a rater is: which presentation and which question, and where a vote or a step back leads. */
import type { PresentationCard } from '../../../contract/studies.ts';

/** A question about a presentation: indices into the session's presentations and the design's dimensions. */
export interface Place {
  item: number;
  dimension: number;
}

export interface Course {
  presentations: readonly Pick<PresentationCard, 'votes'>[];
  /** Keys of the dimensions in the order in which they are asked. */
  dimensions: readonly string[];
  /** Presentations that cannot be shown; nobody is asked about them. */
  unshowable: ReadonlySet<number>;
}

export function isSamePlace(a: Place | null, b: Place | null): boolean {
  return a?.item === b?.item && a?.dimension === b?.dimension;
}

function isOpen({ presentations, dimensions, unshowable }: Course, { item, dimension }: Place): boolean {
  return !unshowable.has(item) && !(dimensions[dimension]! in presentations[item]!.votes);
}

/** The first place without a vote after `place` (from the start where null), then before it; null where all are answered. */
export function findOpenPlace(course: Course, place: Place | null): Place | null {
  const perItem = course.dimensions.length;
  const all = course.presentations.length * perItem;
  const begin = place === null ? 0 : place.item * perItem + place.dimension + 1;
  for (let step = 0; step < all; step += 1) {
    const at = (begin + step) % all;
    const candidate = { item: Math.floor(at / perItem), dimension: at % perItem };
    if (isOpen(course, candidate)) return candidate;
  }
  return null;
}

/** The place before; null at the very first. Presentations that cannot be shown are stepped over. */
export function findPlaceBefore(course: Course, place: Place | null): Place | null {
  const perItem = course.dimensions.length;
  const begin =
    place === null ? course.presentations.length * perItem : place.item * perItem + place.dimension;
  for (let at = begin - 1; at >= 0; at -= 1) {
    const item = Math.floor(at / perItem);
    if (!course.unshowable.has(item)) return { item, dimension: at % perItem };
  }
  return null;
}

/** Where Enter leads from a place that has its vote already: on to what follows; null at the end. A place without a vote holds. */
export function findPlaceAfter(course: Course, place: Place): Place | null {
  if (isOpen(course, place)) return place;
  const perItem = course.dimensions.length;
  const all = course.presentations.length * perItem;
  for (let at = place.item * perItem + place.dimension + 1; at < all; at += 1) {
    const item = Math.floor(at / perItem);
    if (!course.unshowable.has(item)) return { item, dimension: at % perItem };
  }
  return findOpenPlace(course, place);
}

/** How many presentations have every answer. */
export function countDone({ presentations, dimensions }: Course): number {
  return presentations.filter(({ votes }) => dimensions.every((key) => key in votes)).length;
}
