/** Tables as files of every format: what is read back is what was written, whatever the text. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { readSheet } from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import type { TableFormat } from '../../../contract/exports.ts';
import { encodeTable } from '../../../core/export/encode-table.ts';
import { type Cell, type Column, neutraliseCell, textOf } from '../../../core/export/table.ts';
import { readContent } from '../../support/read-export.ts';

const columns: Column[] = [
  { name: 'text', type: 'text' },
  { name: 'value', type: 'number' },
  { name: 'count', type: 'integer' },
  { name: 'is_odd', type: 'truth' },
  { name: 'at', type: 'time' },
  { name: 'tags', type: 'texts' },
];
type Row = [string | null, number | null, number | null, boolean | null, string | null, string[]];

async function encode(rows: readonly Cell[][], format: TableFormat, onCut?: () => void): Promise<Buffer> {
  return await readContent(encodeTable({ name: 'A table', columns, rows }, format, onCut));
}

async function readParquetRows(bytes: Buffer): Promise<Record<string, unknown>[]> {
  return await parquetReadObjects({ file: Uint8Array.from(bytes).buffer });
}

const hostile = [
  ...[
    '=1+1',
    '@SUM(A1)',
    '+44',
    '-2',
    '\t=1',
    '\r=1',
    'a,b',
    'say "so"',
    'two\nlines',
    'two\r\nlines',
    ' edge ',
  ],
  ...[
    '_x000D_',
    '\u0000\u0007',
    '\uFFFE',
    '\uD800',
    '🦊',
    '<b>&amp;</b>',
    ']]>',
    "'quoted",
    '',
    'null',
    '__proto__',
  ],
];

const text = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', maxLength: 30 }));
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.option(text),
  fc.option(number),
  fc.option(fc.maxSafeInteger()),
  fc.option(fc.boolean()),
  fc.option(
    fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString()),
  ),
  fc.array(text, { maxLength: 3 }),
);
const rows = fc.array(row, { maxLength: 40 });

describe('whatever the text, a file reads back as it was written:', () => {
  test('CSV, with formulas neutralised', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const read: string[][] = parse(await encode(given, 'csv'));
        expect(read).toEqual([
          columns.map(({ name }) => name),
          ...given.map((cells) => cells.map((cell) => neutraliseCell(cell).toWellFormed())),
        ]);
      }),
      { numRuns: 60 },
    );
  });

  test('JSON Lines, texts as they are', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const lines = (await encode(given, 'jsonl')).toString('utf8').split('\n').slice(0, -1);
        const read = lines.map((line) => Object.values(JSON.parse(line)));
        // JSON has no −0.
        expect(read).toEqual(given.map((cells) => cells.map((cell) => (cell === 0 ? 0 : cell))));
      }),
      { numRuns: 60 },
    );
  });

  test('Parquet, texts as they are and numbers of their type', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const read = await readParquetRows(await encode(given, 'parquet'));
        expect(read).toEqual(
          given.map(([one, value, count, isOdd, at, tags]) => ({
            text: one?.toWellFormed() ?? null,
            value,
            count: count === null ? null : BigInt(count),
            is_odd: isOdd,
            at: at === null ? null : new Date(at),
            tags: tags.map((tag) => tag.toWellFormed()),
          })),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('XLSX, with formulas neutralised', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const read = await readSheet(await encode(given, 'xlsx'), { trim: false });
        const [header, ...body] = read;
        expect(header).toEqual(columns.map(({ name }) => name));
        // Rows at the end that are empty are no rows of a sheet.
        const expected = given.map((cells) =>
          cells.map((cell) => {
            if (cell === null || typeof cell === 'boolean') return cell;
            if (typeof cell === 'number') return cell + 0;
            return (
              neutraliseCell(cell)
                .toWellFormed()
                .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD') || null
            );
          }),
        );
        expect(body).toEqual(expected.slice(0, body.length));
        expect(
          expected
            .slice(body.length)
            .flat()
            .every((cell) => cell === null),
        ).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

test('a workbook’s cell holds 32,767 characters: a longer text is cut, and counted', async () => {
  let cut = 0;
  const rowOf = (one: string): Row => [one, null, null, null, null, []];
  const bytes = await encode(
    [rowOf('a'.repeat(32_767)), rowOf('🦊'.repeat(20_000))],
    'xlsx',
    () => (cut += 1),
  );
  const [, whole, short] = await readSheet(bytes);
  expect(whole![0]).toBe('a'.repeat(32_767));
  expect(String(short![0])).toMatch(/^(🦊)+.?…$/u);
  expect(cut).toBe(1);
});

test('Parquet says the types that pandas takes up: int64, double, timestamp, lists, and texts as UTF-8', async () => {
  const bytes = await encode([['a', 1.5, 2, true, '2024-01-02T03:04:05.678Z', ['x']]], 'parquet');
  const file = Uint8Array.from(bytes).buffer;
  const metadata = parquetMetadata(file);
  const fields = parquetSchema(metadata).children.map(({ element }) => [
    element.name,
    element.type,
    element.converted_type,
    element.repetition_type,
  ]);
  expect(fields).toEqual([
    ['text', 'BYTE_ARRAY', 'UTF8', 'OPTIONAL'],
    ['value', 'DOUBLE', undefined, 'OPTIONAL'],
    ['count', 'INT64', undefined, 'OPTIONAL'],
    ['is_odd', 'BOOLEAN', undefined, 'OPTIONAL'],
    ['at', 'INT64', 'TIMESTAMP_MILLIS', 'OPTIONAL'],
    ['tags', undefined, 'LIST', 'OPTIONAL'],
  ]);
});

test.each(['csv', 'jsonl', 'xlsx', 'parquet'] as const)(
  'a %s without rows is a file that opens',
  async (format) => {
    const bytes = await encode([], format);
    if (format === 'csv') expect(bytes.toString()).toBe('text,value,count,is_odd,at,tags\n');
    if (format === 'jsonl') expect(bytes).toHaveLength(0);
    if (format === 'xlsx') expect(await readSheet(bytes)).toEqual([columns.map(({ name }) => name)]);
    if (format === 'parquet') expect(await readParquetRows(bytes)).toEqual([]);
  },
);

test('a column’s name runs no formula either: raters choose theirs', async () => {
  const table = { name: 'votes', columns: [{ name: '=cmd', type: 'number' as const }], rows: [[3]] };
  expect((await readContent(encodeTable(table, 'csv'))).toString()).toBe("'=cmd\n3\n");
  expect(await readSheet(await readContent(encodeTable(table, 'xlsx')))).toEqual([["'=cmd"], [3]]);
});

test('lists are parted by commas where a format has no lists', () => {
  expect(textOf(['fox', 'night'])).toBe('fox, night');
});
