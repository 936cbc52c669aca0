/** Exports of images as jobs: what is chosen, which columns, in every format; whole or not there. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExportColumn, ImageExportInput } from '../../../contract/export-images.ts';
import { createFetch } from '../../../core/server.ts';
import { addImages, studyOf } from '../../support/add-images.ts';
import { encodeScene, withPngText, writeScenes } from '../../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';
import { rateStudies } from '../../support/rate-studies.ts';

let opened: TestStudio;
let folder: string;
let images: string;
let scored: number[];
let rated: number[];
let studyId: number;
const size = { width: 64, height: 48 };

beforeAll(async () => {
  opened = openTestStudio();
  folder = opened.folder('out');
  images = opened.folder('images');
  await writeScenes(images, 3, size);
  const settings =
    'Negative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 18446744073709551615, Size: 64x48';
  writeFileSync(
    join(images, 'generated.png'),
    withPngText(
      await encodeScene(70, size),
      'parameters',
      `=a "fox", at night\n${settings}, Model: painter-2`,
    ),
  );
  await opened.finish(opened.client.library.score({ folder: images }));
  scored = (await opened.client.images.query({ order: 'name' })).ids;
  rated = addImages(opened.studio, 3);
  studyId = (await opened.client.studies.create(studyOf(rated))).id;
  for (const [at, raterName] of ['Ada', 'Bob', 'Cyd'].entries()) await rate(raterName, at + 3);
  await opened.client.curate.change({
    imageIds: scored.slice(0, 1),
    flag: 'pick',
    label: 'red',
    addTags: ['b', 'a'],
    addTo: 'Best',
  });
});
afterAll(async () => await opened.close());

async function rate(raterName: string, value: number): Promise<void> {
  const { open, voteAll } = rateStudies(opened);
  await voteAll(await open(studyId, raterName), () => value);
}

function keys(...names: string[]): ExportColumn[] {
  return names.map((key) => ({ key }));
}

/** Exports into a new file; gives its path and the job's end. */
async function exportTo(fileName: string, order: Omit<ImageExportInput, 'destination'>) {
  const path = join(folder, fileName);
  const job = await opened.finish(opened.client.exports.start({ ...order, destination: path }));
  return { path, job };
}

async function exportCsv(fileName: string, order: Omit<ImageExportInput, 'destination' | 'format'>) {
  const { path, job } = await exportTo(fileName, { ...order, format: 'csv' });
  expect(job).toMatchObject({ state: 'done', error: null });
  return parse(readFileSync(path, 'utf8'), { columns: true }) as Record<string, string>[];
}

describe('what is exported', () => {
  test('a selection, in its order, with what the library shows of each image', async () => {
    const ids = [scored[2]!, scored[0]!];
    const rows = await exportCsv('selection.csv', {
      choice: { kind: 'images', imageIds: ids },
      columns: keys(
        'name',
        'path',
        'sha256',
        'width',
        'signal:q',
        'signal:contrast',
        'score:quality',
        'head:quality',
        'pack',
      ),
    });
    const details = await Promise.all(ids.map((id) => opened.client.images.detail({ id })));
    expect(rows).toEqual(
      details.map((image) => ({
        name: image.name,
        path: image.paths[0],
        sha256: image.hash,
        width: '64',
        q: String(image.branches.q),
        contrast: String(image.signals.find(({ name }) => name === 'contrast')!.value),
        quality: String(image.scores['quality']),
        quality_head: 'Classic quality',
        pack: 'classic',
      })),
    );
  });

  test('what a query finds: prompt, settings and seed as the file says them', async () => {
    const query = { filter: { query: 'seed:18446744073709551615' } };
    const columns = keys(
      'prompt',
      'negative_prompt',
      'generator',
      'model',
      'sampler',
      'steps',
      'cfg',
      'seed',
    );
    const [row, ...more] = await exportCsv('query.csv', { choice: { kind: 'query', query }, columns });
    expect(more).toEqual([]);
    expect(row).toEqual({
      prompt: `'=a "fox", at night`,
      negative_prompt: 'blurry',
      generator: 'painter-2',
      model: 'painter-2',
      sampler: 'Euler a',
      steps: '20',
      cfg: '7',
      seed: '18446744073709551615',
    });
  });

  test('a study’s images: MOS, SD, N, interval and votes as the study shows them', async () => {
    const rows = await exportCsv('study.csv', {
      choice: { kind: 'study', studyId },
      columns: keys('name', 'mos:quality', 'sd:quality', 'n:quality', 'low:quality', 'high:quality', 'votes'),
    });
    const { mosSetId } = (await opened.client.studies.list()).find(({ id }) => id === studyId)!;
    const mos = await opened.client.mos.rows({ mosSetId });
    expect(rows).toHaveLength(3);
    expect(rows).toEqual(
      mos.map(({ name, mean, sd, n, low, high }) => ({
        name,
        mos_quality: String(mean),
        sd_quality: String(sd),
        n_quality: String(n),
        ci_low_quality: String(low),
        ci_high_quality: String(high),
        votes: '3',
      })),
    );
  });

  test('choices: flag, label, tags and collections; columns under names of one’s own', async () => {
    const [row] = await exportCsv('choices.csv', {
      choice: { kind: 'images', imageIds: scored.slice(0, 1) },
      columns: [{ key: 'flag', name: 'verdict' }, ...keys('label', 'tags', 'collections')],
    });
    expect(row).toEqual({ verdict: 'pick', label: 'red', tags: 'a, b', collections: 'Best' });
  });

  test('one row a file, where an image lies in several', async () => {
    const copies = opened.folder('copies');
    writeFileSync(join(copies, 'copy.png'), readFileSync(join(images, 'scene-000.png')));
    await opened.finish(opened.client.library.score({ folder: copies }));
    const { ids } = await opened.client.images.query({ filter: { text: 'scene-000' } });
    const choice = { kind: 'images' as const, imageIds: ids };
    const columns = keys('name', 'path');
    expect(await exportCsv('images.csv', { choice, columns })).toHaveLength(1);
    const rows = await exportCsv('files.csv', { choice, columns, rows: 'files' });
    expect(rows.map(({ name }) => name).sort()).toEqual(['copy.png', 'scene-000.png']);
    expect((await opened.client.exports.preview({ choice, columns, rows: 'files' })).total).toBe(2);
  });

  test('all formats hold the same', async () => {
    const choice = { kind: 'images' as const, imageIds: scored };
    const columns = keys('name', 'prompt', 'width', 'score:quality', 'tags');
    const files: string[] = [];
    for (const format of ['csv', 'jsonl', 'xlsx', 'parquet'] as const) {
      files.push((await exportTo(`same.${format}`, { choice, columns, format })).path);
    }
    const lines = readFileSync(files[1]!, 'utf8').trimEnd().split('\n');
    const expected = lines.map((line) => JSON.parse(line));
    expect(expected).toHaveLength(scored.length);
    const csv: string[][] = parse(readFileSync(files[0]!, 'utf8'), { from_line: 2 });
    expect(csv.map((cells) => Number(cells[3]))).toEqual(expected.map((row) => row.quality));
    const [, ...sheet] = await readSheet(readFileSync(files[2]!));
    expect(sheet.map((cells) => [cells[0], cells[3]])).toEqual(
      expected.map((row) => [row.name, row.quality]),
    );
    const parquet = await parquetReadObjects({ file: Uint8Array.from(readFileSync(files[3]!)).buffer });
    expect(parquet).toEqual(expected.map((row) => ({ ...row, width: BigInt(row.width) })));
  });
});

describe('what is refused, in words, before anything is written', () => {
  const columns = keys('name');
  const format = 'csv' as const;
  const everything = { kind: 'query' as const, query: {} };

  test.each([
    ['a column that does not exist', { columns: keys('nonsense') }, 'badInput', /no column “nonsense”/],
    [
      'two columns of one name',
      { columns: [...keys('name'), { key: 'prompt', name: 'name' }] },
      'badInput',
      /Two columns/,
    ],
    [
      'a query that nobody understands',
      { choice: { kind: 'query', query: { filter: { query: 'mos:high' } } } },
      'badInput',
      /./,
    ],
    [
      'nothing that matches',
      { choice: { kind: 'query', query: { filter: { query: 'tag:none' } } } },
      'badInput',
      /nothing matches/,
    ],
    ['a pack that there is not', { packId: 'none' }, 'notFound', /none/],
    ['a relative path', { destination: 'out.csv' }, 'badInput', /whole path/],
  ] as const)('%s', async (_what, change, code, message) => {
    const order = { choice: everything, columns, format, destination: join(folder, 'no.csv'), ...change };
    await expect(opened.client.exports.start(order as ImageExportInput)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(existsSync(join(folder, 'no.csv'))).toBe(false);
  });

  test('a place that is taken, is a folder, lies in the library, or cannot be written in', async () => {
    const taken = join(folder, 'taken.csv');
    writeFileSync(taken, 'mine');
    const start = (destination: string, more: Partial<ImageExportInput> = {}) =>
      opened.client.exports.start({ choice: everything, columns, format, destination, ...more });
    await expect(start(taken)).rejects.toMatchObject({ code: 'conflict', message: /there already/ });
    await expect(start(folder)).rejects.toMatchObject({ code: 'conflict', message: /is a folder/ });
    await expect(start(folder, { format: 'folder' })).rejects.toMatchObject({
      code: 'conflict',
      message: /empty folder/,
    });
    await expect(start(join(opened.studio.folder, 'studio.sqlite'))).rejects.toMatchObject({
      code: 'badInput',
    });
    await expect(start(join(taken, 'below.csv'))).rejects.toMatchObject({
      code: 'unreadable',
      message: /part of the path is a file/,
    });
    expect(readFileSync(taken, 'utf8')).toBe('mine');
    expect((await opened.finish(start(taken, { overwrite: true }))).state).toBe('done');
    expect(readFileSync(taken, 'utf8')).toMatch(/^name\n/);
  });
});

describe('a preview', () => {
  test('shows the first rows as they will be written, and how many there are', async () => {
    const choice = { kind: 'query' as const, query: { order: 'name' as const } };
    const preview = await opened.client.exports.preview({ choice, columns: keys('name', 'width', 'tags') });
    expect(preview.columns).toEqual(['name', 'width', 'tags']);
    expect(preview.rows).toHaveLength(5);
    expect(preview.total).toBe(scored.length + rated.length);
  });
});

describe('a download', () => {
  test('is made in the library, served under its name, and gone with the next one', async () => {
    const choice = { kind: 'images' as const, imageIds: scored };
    const make = async () =>
      (await opened.finish(opened.client.exports.start({ choice, columns: keys('name'), format: 'jsonl' })))
        .summary!;
    const { download, path } = await make();
    expect(path).toBeUndefined();
    const fetch = createFetch(opened.studio);
    const response = await fetch(new Request(`http://studio/exported/${download}`));
    expect(response.headers.get('content-disposition')).toContain('images.jsonl');
    expect((await response.text()).split('\n')).toHaveLength(scored.length + 1);
    await make();
    expect((await fetch(new Request(`http://studio/exported/${download}`))).status).toBe(404);
  });

  test.each(['0123456789abcdef/..%2F..%2Fstudio.sqlite', '../studio.sqlite', 'x/studio.sqlite', ''])(
    'of %s is no export',
    async (path) => {
      const response = await createFetch(opened.studio)(new Request(`http://studio/exported/${path}`));
      expect(response.status).toBe(404);
    },
  );
});

describe('a file that was renamed', () => {
  test('goes out under its new name, of an image that a table knows by its old one, too', async () => {
    const folder = opened.folder('renamed');
    const path = join(folder, 'red fox.png');
    writeFileSync(path, await encodeScene(77, { width: 52, height: 40 }));
    await opened.finish(opened.client.library.score({ folder }));
    const file = new Blob(['name,mos_beauty\nred fox.png,3\n']);
    const { id } = await opened.client.mos.import({ source: { fileName: 'beauty.csv', file } });
    renameSync(path, join(folder, 'fox in snow.png'));
    await opened.finish(opened.client.library.score({ folder }));
    const choice = { kind: 'mosSet' as const, mosSetId: id };
    const rows = await exportCsv('renamed.csv', {
      choice,
      columns: keys('name', 'path', 'mos:beauty'),
      mosSetId: id,
    });
    expect(rows).toEqual([
      { name: 'fox in snow.png', path: join(folder, 'fox in snow.png'), mos_beauty: '3' },
    ]);
  });
});
