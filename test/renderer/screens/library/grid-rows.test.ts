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
