import { expect, test } from 'vitest';
import { suggestMapping } from '../../../core/tables/mos-layout.ts';
import { readTable } from '../../../core/tables/read-table.ts';
import { makeSheets } from '../../support/make-workbook.ts';

const bytes = makeSheets({
  Empty: [],
  Notes: [['Rated in May']],
  Ratings: [
    ['name', 'mos'],
    ['a.png', 3.5],
  ],
});
const source = { fileName: 'ratings.xlsx', file: new Blob([new Uint8Array(bytes)]) };

test('a workbook is read at its first sheet with rows below a header, and says which there are', async () => {
  const table = await readTable(source);
  expect(table.header).toEqual(['name', 'mos']);
  expect(table.sheets).toEqual({ all: ['Empty', 'Notes', 'Ratings'], read: 'Ratings' });
});

test('or at the sheet that is chosen; one that is not there is refused with those that are', async () => {
  expect(await readTable({ ...source, sheet: 'Notes' })).toMatchObject({
    header: ['Rated in May'],
    rows: [],
  });
  expect((await readTable(source)).rows).toEqual([{ line: 2, cells: ['a.png', '3.5'] }]);
  await expect(readTable({ ...source, sheet: 'May' })).rejects.toThrow(
    'ratings.xlsx has no sheet “May”. It has: “Empty”, “Notes”, “Ratings”.',
  );
});

test('a table of more dimensions than a set has proposes the first hundred; SDs are found however words are parted', () => {
  const header = ['name', ...Array.from({ length: 299 }, (_, at) => `mos_d${at}`)];
  expect(suggestMapping({ header, fileName: 'many.csv' }).mapping?.mos).toHaveLength(100);
  const parted = suggestMapping({ header: ['Image', 'Quality MOS', 'Quality SD'], fileName: 'a.csv' });
  expect(parted.mapping?.mos).toEqual([{ dimension: 'quality', mean: 'Quality MOS', sd: 'Quality SD' }]);
});
