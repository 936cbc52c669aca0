/** The order in which a rater sees a study's items: random, generators spread evenly, items of one group kept apart, repeats far away. */
import { type Random, shuffle } from './random.ts';

export interface OrderedItem {
  /** What is shown: an image, or a pair. */
  id: number;
  /** Items of one group (prompt) are kept apart; null belongs to no group. */
  group: string | null;
  /** Items of one block name (generator) are spread evenly. */
  block: string | null;
}

export interface OrderRules {
  /** At least this many other items between two of one group, wherever the items allow it. */
  spacing: number;
  balancesGenerators: boolean;
}

/**
 * A random order of items. With `balancesGenerators`, a stretch of any length has about as many items of each generator as the whole
 * (each generator's items are drawn one into each of as many equal strata of the order as it has items). Two items of one group then
 * have at least `spacing` others between them, unless too few items of other groups are left to stand there. O(n · spacing + n log n).
 */
export function orderItems(items: readonly OrderedItem[], rules: OrderRules, random: Random): OrderedItem[] {
  const drawn = rules.balancesGenerators ? drawInStrata(items, random) : [...items];
  if (!rules.balancesGenerators) shuffle(drawn, random);
  return keepApart(drawn, rules.spacing);
}

function drawInStrata(items: readonly OrderedItem[], random: Random): OrderedItem[] {
  const keyed: { item: OrderedItem; key: number }[] = [];
  for (const members of Map.groupBy(items, ({ block }) => block).values()) {
    const shuffled = [...members];
    shuffle(shuffled, random);
    for (const [at, item] of shuffled.entries()) {
      keyed.push({ item, key: (at + random.next()) / shuffled.length });
    }
  }
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/**
 * Moves items back as little as possible. A group of r items left needs (r − 1)(spacing + 1) + 1 places: one that has no more than that
 * comes first, as tasks with a cooling time are scheduled.
 */
function keepApart(drawn: readonly OrderedItem[], spacing: number): OrderedItem[] {
  if (spacing === 0) return [...drawn];
  const queue = createQueue(drawn);
  const left = new Map<string, number>();
  for (const { group } of drawn) if (group !== null) left.set(group, (left.get(group) ?? 0) + 1);
  const lastAt = new Map<string, number>();
  const sizes = createSizes(left.values());
  const ordered: OrderedItem[] = [];
  function isFree({ group }: OrderedItem): boolean {
    return group === null || ordered.length - (lastAt.get(group) ?? Number.NEGATIVE_INFINITY) > spacing;
  }
  while (ordered.length < drawn.length) {
    const places = drawn.length - ordered.length;
    const { largest, count } = sizes.peek();
    const isTight = largest > 1 && (largest - 1) * (spacing + 1) + count >= places;
    const item =
      (isTight
        ? queue.takeFirst((one) => isFree(one) && one.group !== null && left.get(one.group) === largest)
        : null) ??
      queue.takeFirst(isFree) ??
      queue.takeLeast(({ group }) => (group === null ? -1 : (lastAt.get(group) ?? -1)));
    if (item.group !== null) {
      lastAt.set(item.group, ordered.length);
      sizes.shrink(left.get(item.group)!);
      left.set(item.group, left.get(item.group)! - 1);
    }
    ordered.push(item);
  }
  return ordered;
}

/** How many groups have how many items left; the largest is found without a search. */
function createSizes(sizes: Iterable<number>): {
  peek(): { largest: number; count: number };
  shrink(size: number): void;
} {
  const counts: number[] = [0];
  for (const size of sizes) {
    while (counts.length <= size) counts.push(0);
    counts[size]! += 1;
  }
  return {
    peek() {
      while (counts.length > 1 && counts.at(-1) === 0) counts.pop();
      return { largest: counts.length - 1, count: counts.at(-1)! };
    },
    shrink(size) {
      counts[size]! -= 1;
      counts[size - 1]! += 1;
    },
  };
}

/** A list that items are taken out of anywhere. */
function createQueue(items: readonly OrderedItem[]): {
  takeFirst(fits: (item: OrderedItem) => boolean): OrderedItem | null;
  takeLeast(rank: (item: OrderedItem) => number): OrderedItem;
} {
  const next = Int32Array.from({ length: items.length + 1 }, (_, at) => at);
  function take(before: number): OrderedItem {
    const at = next[before]!;
    next[before] = next[at + 1]!;
    return items[at]!;
  }
  return {
    takeFirst(fits) {
      for (let before = 0; next[before]! < items.length; before = next[before]! + 1) {
        if (fits(items[next[before]!]!)) return take(before);
      }
      return null;
    },
    takeLeast(rank) {
      let best = 0;
      for (let before = 0; next[before]! < items.length; before = next[before]! + 1) {
        if (rank(items[next[before]!]!) < rank(items[next[best]!]!)) best = before;
      }
      return take(best);
    },
  };
}

/** An item at a place of the order; `showing` is 0 for the first time, 1 for the first repeat. */
export interface Showing {
  item: OrderedItem;
  showing: number;
}

/**
 * Shows some items again: `images` of those in the first 1/`showings` of the order come again in each further part of it, at about the same
 * place, so that two showings of an item have about n/`showings` items between them. Fewer where the first part has fewer items.
 */
export function insertRepeats(
  order: readonly OrderedItem[],
  { images, showings, spacing }: { images: number; showings: number; spacing: number },
  random: Random,
): Showing[] {
  const shown = order.map((item): Showing => ({ item, showing: 0 }));
  const part = Math.floor(order.length / showings);
  const places = Array.from({ length: part }, (_, at) => at);
  shuffle(places, random);
  const chosen = places.slice(0, images).sort((a, b) => b - a);
  for (let showing = showings - 1; showing > 0; showing -= 1) {
    const last = showing === showings - 1 ? order.length : part * (showing + 1);
    for (const at of chosen) {
      const item = order[at]!;
      shown.splice(findPlace(shown, { item, from: at + part * showing, last, spacing }), 0, {
        item,
        showing,
      });
    }
  }
  return shown;
}

/** The first place from `from` on (at most up to `last`) with no item of the same group within `spacing` places on either side. */
function findPlace(
  shown: readonly Showing[],
  { item, from, last, spacing }: { item: OrderedItem; from: number; last: number; spacing: number },
): number {
  const isNear = (other: Showing) =>
    other.item.id === item.id || (item.group !== null && other.item.group === item.group);
  for (let at = from; at <= last; at += 1) {
    if (!shown.slice(Math.max(0, at - spacing), at + spacing).some(isNear)) return at;
  }
  return from;
}

/** Puts `extras` into a list at random places, one into each of as many equal stretches, so that they are spread over it. */
export function spreadInto<Item>(list: readonly Item[], extras: readonly Item[], random: Random): Item[] {
  const shuffled = [...extras];
  shuffle(shuffled, random);
  const spread: Item[] = [];
  let taken = 0;
  for (const [at, extra] of shuffled.entries()) {
    const place = Math.floor(((at + random.next()) * (list.length + 1)) / shuffled.length);
    while (taken < Math.min(place, list.length)) spread.push(list[taken++]!);
    spread.push(extra);
  }
  return [...spread, ...list.slice(taken)];
}
