/** Everything that is known of images at once: every column by a name of its own, and a value in every cell or none. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExportFormat } from '../../../contract/export-images.ts';
import { encodeScene, withPngText, writeScenes } from '../../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

let opened: TestStudio;
let folder: string;
let imageIds: number[];
const settings = 'a fox\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 18446744073709551615, Size: 64x48';

beforeAll(async () => {
  opened = openTestStudio();
  folder = opened.folder('out');
  const images = opened.folder('images');
  const size = { width: 64, height: 48 };
  await writeScenes(images, 1, size);
  writeFileSync(join(images, 'bare.png'), await encodeScene(80, size));
  writeFileSync(join(images, 'fox.png'), withPngText(await encodeScene(70, size), 'parameters', settings));
  await opened.finish(opened.client.library.score({ folder: images }));
  imageIds = (await opened.client.images.query({ order: 'name' })).ids;
  const table =
    'name,mos_quality,n_quality,scale_min,scale_max\nfox.png,3.5,4,1,5\nscene-000.png,2.25,4,1,5\n';
  await opened.client.mos.import({ source: { fileName: 'mos.csv', file: new Blob([table]) } });
});
afterAll(async () => await opened.close());

/** As the dialog asks for them. */
async function allColumns() {
  const { columns } = await opened.client.exports.options({});
  return { choice: { kind: 'images' as const, imageIds }, columns: columns.map(({ key }) => ({ key })) };
}

async function exportAll(fileName: string, format: ExportFormat): Promise<string> {
  const destination = join(folder, fileName);
  const order = { ...(await allColumns()), format, destination };
  const job = await opened.finish(opened.client.exports.start(order));
  expect(job).toMatchObject({ state: 'done', error: null });
  return destination;
}

test('the texts of a file go out as JSON by their names in it; a file without any has an empty cell', async () => {
  const lines = readFileSync(await exportAll('texts.jsonl', 'jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  const rows = lines.map((line) => JSON.parse(line));
  expect(rows.map(({ name }) => name)).toEqual(['bare.png', 'fox.png', 'scene-000.png']);
  expect(rows[0].raw_metadata).toBeNull();
  expect(JSON.parse(rows[1].raw_metadata)).toEqual({ parameters: settings });
  const csv: Record<string, string>[] = parse(readFileSync(await exportAll('texts.csv', 'csv')), {
    columns: true,
  });
  expect(csv.map((row) => row['raw_metadata'])).toEqual([
    '',
    ...rows.slice(1).map((row) => row.raw_metadata),
  ]);
});

describe('after an exported overview was imported as columns', () => {
  beforeAll(async () => {
    const { presets } = await opened.client.exports.options({});
    const { columns } = presets.find(({ id }) => id === 'overview')!;
    const order = { choice: { kind: 'images' as const, imageIds }, columns, format: 'xlsx' as const };
    const path = join(folder, 'overview.xlsx');
    await opened.finish(opened.client.exports.start({ ...order, destination: path }));
    await opened.client.agreement.importColumns({ source: { path } });
  });

  test('each has a name of its own, in the preview and in every format', async () => {
    const { columns: names } = await opened.client.exports.preview(await allColumns());
    expect(names).toContain('imported_mos_quality');
    expect(new Set(names).size).toBe(names.length);
    const csv: Record<string, string>[] = parse(readFileSync(await exportAll('all.csv', 'csv')), {
      columns: true,
    });
    expect(csv.map((row) => row['imported_mos_quality'])).toEqual(csv.map((row) => row['mos_quality']));
    for (const format of ['csv', 'jsonl', 'xlsx', 'parquet'] as const) {
      const path = await exportAll(`each.${format}`, format);
      const { header, suggested } = await opened.client.mos.preview({ source: { path } });
      expect(header).toEqual(names);
      // What was imported is nobody's MOS a second time.
      expect(suggested!.mos).toMatchObject([{ mean: 'mos_quality', n: 'n_quality', scale: [1, 5] }]);
    }
  });

  test('a data set has them, too', async () => {
    const path = await exportAll('folder', 'folder');
    const [line] = readFileSync(join(path, 'train', 'metadata.jsonl'), 'utf8').split('\n');
    const { columns } = await opened.client.exports.preview(await allColumns());
    expect(Object.keys(JSON.parse(line!))).toEqual(['file_name', ...columns]);
  });

  test('what was exported is taken in again, and all of it still goes out', async () => {
    const source = { path: await exportAll('again.csv', 'csv') };
    const taken = await opened.client.agreement.importColumns({ source });
    expect(taken.images).toBe(imageIds.length);
    const { columns: names } = await opened.client.exports.preview(await allColumns());
    expect(names).toContain('imported_mos_quality_2');
    expect(new Set(names).size).toBe(names.length);
  });
});
