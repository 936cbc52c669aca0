/** Where a rater is: which presentation and which question, and where a vote or a step back leads. */
/** A question about a presentation: indices into the session's presentations and the design's dimensions. */
export interface Place {
  item: number;
  dimension: number;
}

export interface Course {
  presentations: readonly { votes: Readonly<Record<string, unknown>> }[];
  /** Keys of the dimensions in the order in which they are asked. */
  dimensions: readonly string[];
  /** Presentations that cannot be shown; nobody is asked about them. */
  unshowable: ReadonlySet<number>;
  /** All dimensions of an image before the next image (where absent), or all images before the next dimension. */
  passes?: 'together' | 'separate' | undefined;
}

/** How many questions there are in all. */
export function countQuestions({ presentations, dimensions }: Course): number {
  return presentations.length * dimensions.length;
}

/** The question at a position of the order in which they are asked, from 0. */
function placeAt({ presentations, dimensions, passes }: Course, at: number): Place {
  if (passes === 'separate') {
    return { item: at % presentations.length, dimension: Math.floor(at / presentations.length) };
  }
  return { item: Math.floor(at / dimensions.length), dimension: at % dimensions.length };
}

/** Where a question stands in the order in which they are asked, from 0. */
export function positionOf({ presentations, dimensions, passes }: Course, place: Place): number {
  return passes === 'separate'
    ? place.dimension * presentations.length + place.item
    : place.item * dimensions.length + place.dimension;
}

export function isSamePlace(a: Place | null, b: Place | null): boolean {
  return a?.item === b?.item && a?.dimension === b?.dimension;
}

function isOpen({ presentations, dimensions, unshowable }: Course, { item, dimension }: Place): boolean {
  return !unshowable.has(item) && !(dimensions[dimension]! in presentations[item]!.votes);
}

/** The first place without a vote after `place` (from the start where null), then before it; null where all are answered. */
export function findOpenPlace(course: Course, place: Place | null): Place | null {
  const all = countQuestions(course);
  const begin = place === null ? 0 : positionOf(course, place) + 1;
  for (let step = 0; step < all; step += 1) {
    const candidate = placeAt(course, (begin + step) % all);
    if (isOpen(course, candidate)) return candidate;
  }
  return null;
}

/** The place before; null at the very first. Presentations that cannot be shown are stepped over. */
export function findPlaceBefore(course: Course, place: Place | null): Place | null {
  const begin = place === null ? countQuestions(course) : positionOf(course, place);
  for (let at = begin - 1; at >= 0; at -= 1) {
    const candidate = placeAt(course, at);
    if (!course.unshowable.has(candidate.item)) return candidate;
  }
  return null;
}

/** Where Enter leads from a place that has its vote already: on to what follows; null at the end. A place without a vote holds. */
export function findPlaceAfter(course: Course, place: Place): Place | null {
  if (isOpen(course, place)) return place;
  for (let at = positionOf(course, place) + 1; at < countQuestions(course); at += 1) {
    const candidate = placeAt(course, at);
    if (!course.unshowable.has(candidate.item)) return candidate;
  }
  return findOpenPlace(course, place);
}

/** How many presentations have every answer. */
export function countDone({ presentations, dimensions }: Course): number {
  return presentations.filter(({ votes }) => dimensions.every((key) => key in votes)).length;
}

/** How many questions have no answer yet and can be asked. */
export function countOpen({ presentations, dimensions, unshowable }: Course): number {
  return presentations.reduce(
    (sum, { votes }, at) =>
      unshowable.has(at) ? sum : sum + dimensions.filter((key) => !(key in votes)).length,
    0,
  );
}

/** The items whose images are to be ready at a place: itself, the next `ahead` in the order they will be asked for, and the one before. */
export function listItemsAround(course: Course, place: Place | null, ahead: number): number[] {
  const last = course.dimensions.length - 1;
  const inItem = (at: Place, dimension: number) =>
    course.passes === 'separate' ? at : { item: at.item, dimension };
  const items = new Set<number>();
  if (place !== null) items.add(place.item);
  let from = place === null ? null : inItem(place, last);
  for (let found = 0; found < ahead && from !== null; found += 1) {
    const next = findOpenPlace(course, from);
    if (next === null || items.has(next.item)) break;
    items.add(next.item);
    from = inItem(next, last);
  }
  const before = findPlaceBefore(course, place === null ? null : inItem(place, 0));
  if (before !== null) items.add(before.item);
  return [...items];
}
