/** Parquet files: plain columns and lists of them as text, what is nested otherwise passed over, damaged files refused. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { encodeTable } from '../../../core/export/encode-table.ts';
import { createRandom } from '../../../core/maths/random.ts';
import { readTable } from '../../../core/tables/read-table.ts';
import { readContent } from '../../support/read-export.ts';

function makeFile(): Buffer {
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'name', data: ['a.png', 'b.png', 'c.png'], type: 'STRING' },
        { name: 'score', data: [1.5, null, 3], type: 'DOUBLE' },
        { name: 'seed', data: [1n, 2n, 9_007_199_254_740_993n], type: 'INT64' },
        { name: 'bytes', data: [1, 2, 3].map((n) => Uint8Array.of(n)), type: 'BYTE_ARRAY' },
        { name: 'image', data: [{ path: 'x' }, { path: 'y' }, { path: 'z' }], type: 'JSON' },
      ],
    }),
  );
}

function sourceOf(bytes: Buffer) {
  return { fileName: 'data.parquet', file: new Blob([new Uint8Array(bytes)]) };
}

test('plain columns are read as they are, missing values empty, whole numbers of 64 bits exact', async () => {
  const { header, rows, encoding } = await readTable(sourceOf(makeFile()));
  expect(encoding).toBe('Parquet');
  expect(header.slice(0, 3)).toEqual(['name', 'score', 'seed']);
  expect(header).not.toContain('bytes');
  expect(rows.map(({ line, cells }) => [line, ...cells.slice(0, 3)])).toEqual([
    [1, 'a.png', '1.5', '1'],
    [2, 'b.png', '', '2'],
    [3, 'c.png', '3', '9007199254740993'],
  ]);
});

test('lists, such as the tags that we write, are kept as JSON, as those of JSON lines are; a list of nothing says nothing', async () => {
  const table = {
    name: 'tags',
    columns: [
      { name: 'name', type: 'text' as const },
      { name: 'tags', type: 'texts' as const },
    ],
    rows: [
      ['a.png', ['sky, blue', '狐']],
      ['b.png', []],
      ['c.png', null],
    ],
  };
  const read = async (format: 'parquet' | 'jsonl') => {
    const bytes = await readContent(encodeTable(table, format));
    const source = { fileName: `tags.${format}`, file: new Blob([new Uint8Array(bytes)]) };
    return (await readTable(source)).rows.map(({ cells }) => cells);
  };
  expect(await read('parquet')).toEqual([
    ['a.png', '["sky, blue","狐"]'],
    ['b.png', ''],
    ['c.png', ''],
  ]);
  expect(await read('jsonl')).toEqual(await read('parquet'));
});

test('a damaged file is an error that names it, wherever the damage is', async () => {
  const whole = makeFile();
  const random = createRandom(1);
  for (let at = 0; at < 200; at += 1) {
    const bytes = Buffer.from(whole);
    for (let times = 0; times < 3; times += 1) bytes[4 + random.below(bytes.length - 4)] = random.below(256);
    const cut = at % 2 === 0 ? bytes : bytes.subarray(0, 4 + random.below(bytes.length - 4));
    const read = await readTable(sourceOf(cut)).catch((error: unknown) => error);
    // Damage inside a text is still a table; everything else is told.
    if (read instanceof Error)
      expect(read).toMatchObject({ code: expect.stringMatching(/badInput|tooLarge/) });
  }
});
