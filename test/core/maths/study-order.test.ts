/** The order of a study's items: what is promised holds for every seed and every make-up of the study. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/maths/random.ts';
import { insertRepeats, type OrderedItem, orderItems, spreadInto } from '../../../core/maths/study-order.ts';

const seeds = fc.integer({ min: 0, max: 0xffffffff });

/** Prompts × generators, each once, as AGIQA-3K has them. */
function grid(prompts: number, generators: number): OrderedItem[] {
  return Array.from({ length: prompts * generators }, (_, id) => ({
    id,
    group: `p${Math.floor(id / generators)}`,
    block: `g${id % generators}`,
  }));
}

const anyItems = fc
  .array(
    fc.record({ group: fc.option(fc.integer({ min: 0, max: 5 })), block: fc.integer({ min: 0, max: 3 }) }),
    {
      maxLength: 60,
    },
  )
  .map((rows) =>
    rows.map(
      ({ group, block }, id): OrderedItem => ({
        ...{ id, group: group === null ? null : `p${group}`, block: `g${block}` },
      }),
    ),
  );

/** The fewest other items between two of one group. */
function leastBetween(order: readonly OrderedItem[]): number {
  const last = new Map<string, number>();
  let least = Number.POSITIVE_INFINITY;
  for (const [at, { group }] of order.entries()) {
    if (group === null) continue;
    least = Math.min(least, at - (last.get(group) ?? Number.NEGATIVE_INFINITY) - 1);
    last.set(group, at);
  }
  return least;
}

describe('an order', () => {
  test('has every item once, and the seed brings it back', () => {
    fc.assert(
      fc.property(
        anyItems,
        seeds,
        fc.integer({ min: 0, max: 6 }),
        fc.boolean(),
        (items, seed, spacing, balances) => {
          const rules = { spacing, balancesGenerators: balances };
          const order = orderItems(items, rules, createRandom(seed));
          expect(order.map(({ id }) => id).sort((a, b) => a - b)).toEqual(items.map(({ id }) => id));
          expect(orderItems(items, rules, createRandom(seed))).toEqual(order);
        },
      ),
    );
  });

  test('keeps items of one group apart wherever the items allow it', () => {
    fc.assert(
      fc.property(
        anyItems,
        seeds,
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        (items, seed, spacing, balances) => {
          const sizes = [...Map.groupBy(items, ({ group }) => group)].flatMap(([group, own]) =>
            group === null ? [] : [own.length],
          );
          const largest = Math.max(0, ...sizes);
          const count = sizes.filter((size) => size === largest).length;
          // As many places as the largest groups need (scheduling of equal tasks with a cooling time).
          fc.pre((largest - 1) * (spacing + 1) + count <= items.length);
          const order = orderItems(items, { spacing, balancesGenerators: balances }, createRandom(seed));
          expect(leastBetween(order)).toBeGreaterThanOrEqual(spacing);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('spreads generators: any stretch of a study without groups has its share of each to within two images', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 2, max: 12 }),
        (seed, generators, each) => {
          const items = grid(each, generators).map((item) => ({ ...item, group: null }));
          const order = orderItems(items, { spacing: 2, balancesGenerators: true }, createRandom(seed));
          for (let end = 1; end <= order.length; end += 1) {
            for (let g = 0; g < generators; g += 1) {
              const seen = order.slice(0, end).filter(({ block }) => block === `g${g}`).length;
              expect(Math.abs(seen - end / generators)).toBeLessThanOrEqual(2);
            }
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('spreads generators of a grid of prompts, too, and still keeps prompts apart', () => {
    const order = orderItems(grid(100, 5), { spacing: 10, balancesGenerators: true }, createRandom(7));
    expect(leastBetween(order)).toBeGreaterThanOrEqual(10);
    for (let start = 0; start < order.length; start += 50) {
      const blocks = Map.groupBy(order.slice(start, start + 50), ({ block }) => block);
      for (const own of blocks.values()) expect(Math.abs(own.length - 10)).toBeLessThanOrEqual(4);
    }
  });

  test('is another one for another seed', () => {
    const orders = [1, 2, 3, 4].map((seed) =>
      orderItems(grid(5, 3), { spacing: 2, balancesGenerators: true }, createRandom(seed))
        .map(({ id }) => id)
        .join(),
    );
    expect(new Set(orders).size).toBe(4);
  });
});

describe('repeats', () => {
  test('come as often as planned, each far from the showing before', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 0, max: 8 }),
        (seed, showings, images) => {
          const random = createRandom(seed);
          const order = orderItems(grid(20, 4), { spacing: 2, balancesGenerators: true }, random);
          const shown = insertRepeats(order, { images, showings, spacing: 2 }, random);
          expect(shown.filter(({ showing }) => showing === 0).map(({ item }) => item)).toEqual(order);
          const repeated = Map.groupBy(
            shown.entries().filter(([, { item }]) => shown.filter((one) => one.item === item).length > 1),
            ([, { item }]) => item.id,
          );
          expect(repeated.size).toBe(images);
          for (const own of repeated.values()) {
            expect(own.map(([, { showing }]) => showing)).toEqual(
              Array.from({ length: showings }, (_, at) => at),
            );
            for (let at = 1; at < own.length; at += 1) {
              expect(own[at]![0] - own[at - 1]![0]).toBeGreaterThanOrEqual(order.length / showings / 2);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('never stand beside another item of their group', () => {
    const random = createRandom(3);
    const order = orderItems(grid(30, 2), { spacing: 3, balancesGenerators: true }, random);
    const shown = insertRepeats(order, { images: 10, showings: 2, spacing: 3 }, random);
    expect(leastBetween(shown.map(({ item }) => item))).toBeGreaterThanOrEqual(3);
  });
});

test('what is spread into a list is in it once, in equal stretches, and the list keeps its order', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 10 }), (seed, n, m) => {
      const list = Array.from({ length: n }, (_, at) => at);
      const extras = Array.from({ length: m }, (_, at) => -1 - at);
      const spread = spreadInto(list, extras, createRandom(seed));
      expect(spread.filter((item) => item >= 0)).toEqual(list);
      expect(spread.filter((item) => item < 0).sort((a, b) => b - a)).toEqual(extras);
      const halfExtras = spread.slice(0, Math.ceil(spread.length / 2)).filter((item) => item < 0).length;
      if (m > 0) expect(Math.abs(halfExtras - m / 2)).toBeLessThanOrEqual(1.5);
    }),
  );
});
