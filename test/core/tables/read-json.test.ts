/** JSON is a table: a list of objects, or one object a line; what is wrong is told by its place. */
import { describe, expect, test } from 'vitest';
import { readTable } from '../../../core/tables/read-table.ts';

function read(text: string, fileName: string) {
  return readTable({ fileName, file: new Blob([text]) });
}

describe('JSON lines', () => {
  test('are rows by their lines, empty ones passed over; lists stay JSON, large numbers keep their digits', async () => {
    const text =
      '{"name":"a.png","mos":3.5,"tags":["x","y"]}\r\n\r\n{"name":"b.png","seed":18446744073709551557,"ok":null}\n';
    expect(await read(text, 'list.jsonl')).toEqual({
      fileName: 'list.jsonl',
      encoding: 'JSON lines, UTF-8',
      header: ['name', 'mos', 'tags', 'seed', 'ok'],
      rows: [
        { line: 1, cells: ['a.png', '3.5', '["x","y"]', '', ''] },
        { line: 3, cells: ['b.png', '', '', '18446744073709551557', ''] },
      ],
    });
    expect((await read('{"name":"a.png","tags":[]}\n', 'none.jsonl')).rows[0]!.cells).toEqual(['a.png', '']);
    expect((await read(text, 'list.json')).rows).toHaveLength(2);
  });

  test('that are cut off or no objects are refused with the line', async () => {
    await expect(read('{"name":"a"}\n{"name":"b', 'x.jsonl')).rejects.toThrow(
      /^Line 2 of x\.jsonl is not readable JSON/,
    );
    await expect(read('{"name":"a"}\n["b"]', 'x.jsonl')).rejects.toThrow(
      /^Line 2 of x\.jsonl is not an object/,
    );
    await expect(read('\n', 'x.ndjson')).rejects.toThrow('holds no rows');
  });
});

describe('A JSON list', () => {
  test('is rows by their numbers', async () => {
    const table = await read('[{"name":"a"},{"mos":2,"name":"b"}]', 'x.json');
    expect(table).toMatchObject({ encoding: 'JSON, UTF-8', header: ['name', 'mos'] });
    expect(table.rows[1]).toEqual({ line: 2, cells: ['b', '2'] });
  });

  test('with an entry that is no object is refused with its number', async () => {
    await expect(read('[{"name":"a"},3]', 'x.json')).rejects.toThrow(/^Entry 2 of x\.json/);
    await expect(read('[{"name":', 'x.json')).rejects.toThrow(/^x\.json is not readable JSON/);
  });
});

describe('The shapes in which programs write tables', () => {
  const rows = [
    ['a.png', '3'],
    ['b.png', '4'],
  ];
  test.each<[string, unknown]>([
    ['pandas’ columns', { name: { 0: 'a.png', 1: 'b.png' }, mos: { 0: 3, 1: 4 } }],
    ['lists by column', { name: ['a.png', 'b.png'], mos: [3, 4] }],
    ['pandas’ split', { columns: ['name', 'mos'], index: [0, 1], data: rows }],
    [
      'a list in an object',
      {
        version: 1,
        data: [
          { name: 'a.png', mos: 3 },
          { name: 'b.png', mos: 4 },
        ],
      },
    ],
    ['lists whose first has the names', [['name', 'mos'], ...rows]],
    ['rows by the image’s name', { 'a.png': { mos: 3 }, 'b.png': { mos: 4 } }],
    ['numbers by the image’s name', { 'a.png': 3, 'b.png': 4 }],
  ])('%s', async (_name, value) => {
    for (const indent of [0, 1]) {
      const table = await read(JSON.stringify(value, null, indent), 'mos.json');
      expect(table).toMatchObject({ header: ['name', 'mos'], encoding: 'JSON, UTF-8' });
      expect(table.rows.map(({ cells }) => cells)).toEqual(rows);
    }
  });

  test('Python’s NaN is no value, and stays a word in a text', async () => {
    const text = '[{"name": "NaN.png", "mos": NaN}, {"name": "b.png", "mos": -Infinity}]';
    const table = await read(text, 'mos.json');
    expect(table.rows.map(({ cells }) => cells)).toEqual([
      ['NaN.png', ''],
      ['b.png', ''],
    ]);
  });
});
