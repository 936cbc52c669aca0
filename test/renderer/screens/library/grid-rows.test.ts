/** The rows of the grid, with groups and without: which cards each holds, and where keys lead. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as grid from '../../../../renderer/screens/library/grid-rows.ts';

const none: ReadonlySet<string> = new Set();

function group(key: string, images: number) {
  return { key, label: key, images };
}

function rowsOf(count: number, columns: number, groups: readonly grid.PlacedGroup[] = []) {
  return grid.layOutRows({ count, columns, groups, rowHeightPx: 100, topPx: 16 });
}

describe('Rows of the grid', () => {
  test('without groups hold so many cards each, one under the other', () => {
    expect(rowsOf(5, 2).map(({ start, end, y, isHead }) => [start, end, y, isHead])).toEqual([
      [0, 2, 16, false],
      [2, 4, 116, false],
      [4, 5, 216, false],
    ]);
  });

  test('begin with a head for each group; a collapsed one has its head alone, and its images are not shown', () => {
    const groups = grid.placeGroups([group('a', 3), group('b', 2), group('c', 1)], new Set(['b']));
    const ids = [1, 2, 3, 4, 5, 6];
    const shown = grid.listShown(ids, groups);
    expect(shown).toEqual([1, 2, 3, 6]);
    const rows = rowsOf(shown.length, 2, groups);
    expect(rows.map(({ isHead, start, end }) => [isHead ? 'head' : 'cards', start, end])).toEqual([
      ['head', 0, 0],
      ['cards', 0, 2],
      ['cards', 2, 3],
      ['head', 3, 3],
      ['head', 3, 3],
      ['cards', 3, 4],
    ]);
    expect([0, 1, 2, 3].map((index) => grid.rowOfIndex(rows, index))).toEqual([1, 1, 2, 5]);
    expect([0, 1, 2].map((at) => grid.headRowOf(rows, at))).toEqual([0, 3, 4]);
    expect([0, 2, 3, 5].map((index) => grid.groupOfIndex(groups, index))).toEqual([0, 0, 1, 2]);
    expect(grid.listShown(ids, grid.placeGroups(groups, none))).toBe(ids);
  });

  test('are found by where they lie', () => {
    const rows = rowsOf(10, 3);
    for (const [at, { y, heightPx }] of rows.entries()) {
      expect(grid.rowAtY(rows, y)).toBe(at);
      expect(grid.rowAtY(rows, y + heightPx - 1)).toBe(at);
    }
    expect(grid.rowAtY(rows, 0)).toBe(0);
  });
});

describe('What of the rows is in the page', () => {
  const rows = rowsOf(400, 4);
  const cardsOf = (window: grid.RowWindow) =>
    window.rows.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, k) => from + k));

  test('is every card on screen, and as many before and after it as there is room for', () => {
    const seen = grid.windowOf(rows, { topPx: 216, heightPx: 300, aheadPx: 0 });
    expect(cardsOf(seen)).toEqual(Array.from({ length: 16 }, (_, k) => 8 + k));
    expect(seen.top?.start).toBe(8);
    const drawn = grid.windowOf(rows, { topPx: 216, heightPx: 300, aheadPx: 150 });
    expect(cardsOf(drawn)).toEqual(Array.from({ length: 24 }, (_, k) => 2 + k));
    expect(grid.isCovered(seen, drawn)).toBe(true);
    expect(grid.isCovered(grid.windowOf(rows, { topPx: 2000, heightPx: 300, aheadPx: 0 }), drawn)).toBe(
      false,
    );
  });

  test('takes in a few cards a frame while it is scrolled, never a whole row at once', () => {
    let known = new Set(cardsOf(grid.windowOf(rows, { topPx: 0, heightPx: 300, aheadPx: 200 })));
    for (let topPx = 30; topPx < 3000; topPx += 30) {
      const cards = cardsOf(grid.windowOf(rows, { topPx, heightPx: 300, aheadPx: 200 }));
      expect(cards.filter((index) => !known.has(index)).length).toBeLessThanOrEqual(2);
      known = new Set(cards);
    }
  });

  test('covers the screen wherever it is, with groups, too', () => {
    const groups = grid.placeGroups([group('a', 3), group('b', 50), group('c', 9)], new Set(['c']));
    const grouped = rowsOf(53, 4, groups);
    const top = fc.double({ min: 0, max: 1600, noNaN: true });
    fc.assert(
      fc.property(top, fc.double({ min: 100, max: 500, noNaN: true }), (topPx, aheadPx) => {
        const seen = grid.windowOf(grouped, { topPx, heightPx: 400, aheadPx: 0 });
        return grid.isCovered(seen, grid.windowOf(grouped, { topPx, heightPx: 400, aheadPx }));
      }),
    );
  });
});

describe('Moving in the grid', () => {
  const ten = { rows: rowsOf(10, 4), count: 10, pageRows: 2 };

  test('arrows go one image or one row', () => {
    expect(grid.indexAfterKey('ArrowRight', 3, ten)).toBe(4);
    expect(grid.indexAfterKey('ArrowLeft', 4, ten)).toBe(3);
    expect(grid.indexAfterKey('ArrowDown', 1, ten)).toBe(5);
    expect(grid.indexAfterKey('ArrowUp', 5, ten)).toBe(1);
  });

  test('down from above the end of a short last row goes to its last image, and stays in the last row', () => {
    expect(grid.indexAfterKey('ArrowDown', 7, ten)).toBe(9);
    expect(grid.indexAfterKey('ArrowDown', 8, ten)).toBe(8);
    expect(grid.indexAfterKey('ArrowUp', 2, ten)).toBe(2);
  });

  test('up and down keep the column over the heads of groups', () => {
    const groups = grid.placeGroups([group('a', 3), group('b', 5)], none);
    const grouped = { rows: rowsOf(8, 4, groups), count: 8, pageRows: 2 };
    expect(grid.indexAfterKey('ArrowDown', 1, grouped)).toBe(4);
    expect(grid.indexAfterKey('ArrowDown', 6, grouped)).toBe(7);
    expect(grid.indexAfterKey('ArrowUp', 6, grouped)).toBe(2);
    expect(grid.indexAfterKey('ArrowRight', 2, grouped)).toBe(3);
  });

  test('from the head of a collapsed group to the images before and after it', () => {
    expect(grid.indexBesideHead('ArrowDown', 3, 8)).toBe(3);
    expect(grid.indexBesideHead('ArrowUp', 3, 8)).toBe(2);
    expect(grid.indexBesideHead('ArrowUp', 0, 8)).toBe(0);
    expect(grid.indexBesideHead('x', 3, 8)).toBeNull();
  });

  test('the first key goes to the first image, Home and End to the ends', () => {
    expect(grid.indexAfterKey('ArrowDown', -1, ten)).toBe(0);
    expect(grid.indexAfterKey('Home', 7, ten)).toBe(0);
    expect(grid.indexAfterKey('End', 0, ten)).toBe(9);
  });

  test('a key that does not move gives null, and so does an empty grid', () => {
    expect(grid.indexAfterKey('x', 3, ten)).toBeNull();
    expect(grid.indexAfterKey('ArrowRight', -1, { rows: [], count: 0, pageRows: 2 })).toBeNull();
  });

  test('no key leads out of the grid, nor down upwards or up downwards', () => {
    const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'];
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.constantFrom(...keys),
        sizes,
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        (key, of, columns, k) => {
          const groups = grid.placeGroups(
            of.map((images, at) => group(String(at), images)),
            none,
          );
          const count = of.reduce((sum, images) => sum + images, 0);
          const lies = { rows: rowsOf(count, columns, groups), count, pageRows: 3 };
          const from = k % count;
          const to = grid.indexAfterKey(key, from, lies)!;
          expect(to).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThan(count);
          if (key === 'ArrowDown') expect(to).toBeGreaterThanOrEqual(from);
          if (key === 'ArrowUp') expect(to).toBeLessThanOrEqual(from);
        },
      ),
    );
  });
});
