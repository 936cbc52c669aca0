/** Sorting long lists while others get their turn. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortInSlices } from '../../core/sort-in-slices.ts';

interface Entry {
  key: number;
  place: number;
}

test('gives what sorting at once gives, equal items as they stood', async () => {
  const keys = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(keys, fc.integer({ min: 1, max: 60 }), async (some, times) => {
      const items: Entry[] = Array.from({ length: times }, () => some)
        .flat()
        .map((key, place) => ({ key, place }));
      const byKey = (a: Entry, b: Entry) => a.key - b.key;
      expect(await sortInSlices(items, byKey)).toEqual(items.toSorted(byKey));
    }),
    { numRuns: 30 },
  );
});

test('50,000 items are sorted in slices, between which others get their turn', async () => {
  let turns = 0;
  let isOver = false;
  function takeTurn(): void {
    turns += 1;
    if (!isOver) setImmediate(takeTurn);
  }
  setImmediate(takeTurn);
  const items = Array.from({ length: 50_000 }, (_, at) => (at * 7919) % 50_000);
  const sorted = await sortInSlices(items, (a, b) => a - b);
  isOver = true;
  expect(sorted).toEqual(Array.from({ length: 50_000 }, (_, at) => at));
  expect(turns).toBeGreaterThan(40);
});
