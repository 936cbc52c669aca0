/** Tables as files of every format: what is read back is what was written, whatever the text. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { readSheet } from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import type { TableFormat } from '../../../contract/exports.ts';
import { encodeTable } from '../../../core/export/encode-table.ts';
import { type Cell, type Column, neutraliseCell, type Table, textOf } from '../../../core/export/table.ts';
import { readContent } from '../../support/read-export.ts';
import { readParts } from '../../support/read-parts.ts';

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

describe('a workbook', () => {
  function tableOf(rows: Iterable<Cell[]>, names = ['count']): Table {
    return { name: 'Sheets', columns: names.map((name) => ({ name, type: 'integer' })), rows };
  }

  test('goes on on a second sheet, under the same header, after 1,048,576 rows', async () => {
    function* count(): Generator<Cell[]> {
      for (let row = 1; row <= 1_048_577; row += 1) yield [row];
    }
    const parts = await readParts(await readContent(encodeTable(tableOf(count()), 'xlsx')));
    expect(parts.get('xl/worksheets/sheet1.xml')).toMatch(
      /<row r="1048576"><c r="A1048576"><v>1048575<\/v><\/c><\/row><\/sheetData><\/worksheet>$/,
    );
    expect(parts.get('xl/worksheets/sheet2.xml')).toMatch(
      />count<.*<row r="2"><c r="A2"><v>1048576<.*<v>1048577</,
    );
    expect(parts.get('xl/workbook.xml')).toMatch(/name="Sheets".*name="Sheets_2"/);
  });

  test('has no third sheet where the second was filled to its last row', async () => {
    function* count(): Generator<Cell[]> {
      for (let row = 1; row <= 1_048_575; row += 1) yield [row];
    }
    const parts = await readParts(await readContent(encodeTable(tableOf(count()), 'xlsx')));
    expect([...parts.keys()].filter((path) => path.includes('worksheets/'))).toEqual([
      'xl/worksheets/sheet1.xml',
    ]);
  });

  test('of more than 16,384 columns is refused before anything is written', async () => {
    const names = Array.from({ length: 16_385 }, (_, at) => `c${at}`);
    await expect(readContent(encodeTable(tableOf([], names), 'xlsx'))).rejects.toThrow(
      /16,384 columns, not 16,385/,
    );
    const [header] = await readSheet(await readContent(encodeTable(tableOf([], names.slice(1)), 'xlsx')));
    expect(header!.at(-1)).toBe('c16384');
  });

  test('that nobody reads on lets go of its rows, and tells what went wrong with them', async () => {
    const given: string[] = [];
    function* endless(): Generator<Cell[]> {
      try {
        for (;;) yield [1];
      } finally {
        given.push('let go');
      }
    }
    for await (const _ of encodeTable(tableOf(endless()), 'xlsx').content) break;
    await expect.poll(() => given).toEqual(['let go']);
    function* broken(): Generator<Cell[]> {
      yield [1];
      throw new Error('the row is broken');
    }
    await expect(readContent(encodeTable(tableOf(broken()), 'xlsx'))).rejects.toThrow('the row is broken');
  });

  test('is called after its study, as far as Excel allows: no signs of paths, no half of an emoji', async () => {
    const name = `[a]: "b" & 'c' <\\/?*> ${'🦊'.repeat(20)}`;
    const parts = await readParts(await readContent(encodeTable({ ...tableOf([]), name }, 'xlsx')));
    const sheet = /<sheet name="([^"]*)"/.exec(parts.get('xl/workbook.xml')!)![1]!;
    expect(sheet).toMatch(/^a &quot;b&quot; &amp; c &lt;> (🦊)+.?$/u);
  });
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
