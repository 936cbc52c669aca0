/** What a loader of data sets would get wrong of a text table: said of columns whose later rows do not fit what the first piece showed. */
import { expect, test } from 'vitest';
import { LoaderTypes } from '../../../core/export/loader-types.ts';
import { type Cell, type ColumnType, columnsOf } from '../../../core/export/table.ts';

function told(metadata: 'csv' | 'jsonl', type: ColumnType, [first, later]: [Cell, Cell]): string[] {
  const types = new LoaderTypes(columnsOf(type, ['cfg']), metadata);
  types.see(
    Array.from({ length: 10_000 }, () => [first]),
    11e6,
  );
  types.see([[later]], 10);
  return types.describe();
}

test.each<[string, ColumnType, [Cell, Cell]]>([
  ['a value after nothing', 'text', [null, 'sdxl']],
  ['a fraction after whole numbers', 'number', [7, 7.5]],
  ['a list after empty ones', 'texts', [[], ['done']]],
])('%s is told, in JSON lines and in CSV', (_what, type, cells) => {
  expect(told('jsonl', type, cells)).toEqual([
    'A loader takes types from the first 10 MB, and fails on later rows of “cfg” or cuts their numbers: metadata.parquet says the types.',
  ]);
  expect(told('csv', type, cells)).toEqual([expect.stringContaining('the first 10,000 rows')]);
});

test('of CSV a text may look like a number at first; a seed beyond 64 bits is one throughout', () => {
  expect(told('csv', 'text', ['12', 'twelve'])).toHaveLength(1);
  expect(told('jsonl', 'text', ['12', 'twelve'])).toEqual([]);
  const seed = '18446744073709551615';
  expect(told('csv', 'text', [seed, '4'])).toEqual([expect.stringContaining('fails above 2^63')]);
  expect(told('jsonl', 'text', [seed, '4'])).toEqual([]);
});

test('nothing is told of what fits', () => {
  for (const metadata of ['csv', 'jsonl'] as const) {
    expect(told(metadata, 'number', [7.5, 7])).toEqual([]);
    expect(told(metadata, 'text', ['fox', null])).toEqual([]);
    expect(told(metadata, 'texts', [['done'], []])).toEqual([]);
  }
});
