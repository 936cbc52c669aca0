/** Data sets as the `datasets` library's `imagefolder` loads them: every line of the metadata names an image that is there. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImageExportInput } from '../../../contract/export-images.ts';
import { encodeScene, writeScenes } from '../../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

let opened: TestStudio;
let images: string;
let ids: number[];
const size = { width: 32, height: 32 };

beforeAll(async () => {
  opened = openTestStudio();
  images = opened.folder('images');
  await writeScenes(images, 2, size);
  const other = opened.folder('other');
  // The same name twice, but for case; a name that other systems refuse; one that will be gone.
  writeFileSync(join(other, 'Scene-000.png'), await encodeScene(50, size));
  writeFileSync(join(other, 'a: "fox"?.png'), await encodeScene(51, size));
  writeFileSync(join(other, 'gone.png'), await encodeScene(52, size));
  for (const folder of [images, other]) await opened.finish(opened.client.library.score({ folder }));
  rmSync(join(other, 'gone.png'));
  ids = (await opened.client.images.query({ order: 'name' })).ids;
});
afterAll(async () => await opened.close());

async function exportDataset(name: string, more: Partial<ImageExportInput> = {}) {
  const destination = join(opened.folder('out'), name);
  const job = await opened.finish(
    opened.client.exports.start({
      choice: { kind: 'images', imageIds: ids },
      columns: [{ key: 'prompt', name: 'text' }, { key: 'score:quality' }, { key: 'sha256' }],
      format: 'folder',
      destination,
      ...more,
    }),
  );
  return { destination, job };
}

interface Line {
  file_name: string;
  text: string | null;
  quality: number;
  sha256: string;
}

function readLines(destination: string): Line[] {
  const text = readFileSync(join(destination, 'train/metadata.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('images are copied beside metadata.jsonl, whose file_name leads to each; what is gone is left out and counted', async () => {
  const { destination, job } = await exportDataset('copied');
  expect(job).toMatchObject({
    state: 'done',
    summary: {
      rows: 4,
      skipped: 1,
      path: destination,
      reasons: [{ count: 1, message: /not there any more/ }],
    },
  });
  // One folder that says which split it is: none is looked for in the names of files, such as “a train in snow.png”.
  expect(readdirSync(destination)).toEqual(['train']);
  expect(readdirSync(join(destination, 'train')).sort()).toEqual(['images', 'metadata.jsonl']);
  const lines = readLines(destination);
  expect(readdirSync(join(destination, 'train/images/0000')).sort()).toEqual(
    lines.map((line) => basename(line.file_name)).sort(),
  );
  for (const line of lines) {
    const id = ids.find((one) => hashOf(one) === line.sha256)!;
    const detail = await opened.client.images.detail({ id });
    expect(readFileSync(join(destination, 'train', line.file_name))).toEqual(readFileSync(detail.paths[0]!));
    expect(line).toMatchObject({ text: detail.prompt, quality: detail.scores['quality'] });
  }
  expect(new Set(lines.map((line) => line.file_name.toLowerCase())).size).toBe(4);
  expect(lines.map((line) => line.file_name)).toContain('images/0000/a_ _fox__.png');
  expect(readdirSync(dirname(destination))).toEqual(['copied']);
});

function hashOf(id: number): string {
  return opened.studio.db.prepare('SELECT hash FROM image WHERE id = ?').pluck(true).get(id) as string;
}

test('names that other systems trip over become ones that they take, each of them once', async () => {
  const folder = opened.folder('odd');
  const names = ['con.png', 'Nul.v2.png', `${'狐'.repeat(78)}.png`, `${'🦊'.repeat(60)}.png`.slice(1)];
  names.push('é.png'.normalize('NFC'), 'É.png'.normalize('NFD'), `${'🦊'.repeat(50)}.png`);
  const fox = new Map<string, string>();
  for (const [at, name] of names.entries()) {
    const bytes = await encodeScene(200 + at, size);
    writeFileSync(join(folder, name.toWellFormed()), bytes);
    fox.set(createHash('sha256').update(bytes).digest('hex'), name);
  }
  await opened.finish(opened.client.library.score({ folder }));
  const odd = (await opened.client.images.query({ filter: { query: `folder:"${folder}"` } })).ids;
  const { destination, job } = await exportDataset('odd', { choice: { kind: 'images', imageIds: odd } });
  expect(job).toMatchObject({ state: 'done', summary: { rows: names.length } });
  const there = readdirSync(join(destination, 'train/images/0000'));
  const told = new Map(
    readLines(destination).map((line) => [fox.get(line.sha256)!, basename(line.file_name)]),
  );
  expect([...told.values()].sort()).toEqual(there.sort());
  expect(told.get('con.png')).toBe('con_.png');
  expect(told.get('Nul.v2.png')).toBe('Nul_.v2.png');
  // No half of an emoji, which would be another name in the metadata than on disk.
  expect(told.get(names.at(-1)!)).toBe(`${'🦊'.repeat(45)}.png`);
  expect(new Set(there.map((name) => name.normalize('NFC').toLowerCase())).size).toBe(names.length);
});

test('hard links share the image’s bytes, symbolic links lead to it', async () => {
  const hard = await exportDataset('hard', { images: 'hardlink' });
  const name = readLines(hard.destination).find((line) =>
    line.file_name.endsWith('scene-001.png'),
  )!.file_name;
  expect(statSync(join(hard.destination, 'train', name)).ino).toBe(
    statSync(join(images, 'scene-001.png')).ino,
  );
  const symbolic = await exportDataset('symbolic', { images: 'symlink' });
  const path = join(symbolic.destination, 'train', name);
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readlinkSync(path)).toBe(join(images, 'scene-001.png'));
});

test('a table of Parquet has a row for each picture that was placed, too', async () => {
  const { destination, job } = await exportDataset('typed', { metadata: 'parquet' });
  expect(job.summary).toMatchObject({ rows: 4, skipped: 1 });
  const lines = readLines((await exportDataset('lines')).destination);
  const bytes = readFileSync(join(destination, 'train/metadata.parquet'));
  expect(await parquetReadObjects({ file: Uint8Array.from(bytes).buffer })).toEqual(lines);
});

test('the metadata are CSV where that is wanted', async () => {
  const { destination } = await exportDataset('csv', { metadata: 'csv' });
  const rows: Line[] = parse(readFileSync(join(destination, 'train/metadata.csv')), { columns: true });
  expect(Object.keys(rows[0]!)).toEqual(['file_name', 'text', 'quality', 'sha256']);
  expect(rows).toHaveLength(4);
});

test.each(['file_name', 'mask_file_name', 'image'])(
  'a column of one’s own is not called %s, which the loader opens as a picture; nothing is left of a data set that fails',
  async (name) => {
    const { destination, job } = await exportDataset('failed', { columns: [{ key: 'name', name }] });
    expect(job).toMatchObject({
      state: 'failed',
      error: { code: 'badInput', message: expect.stringContaining(name) },
    });
    expect(readdirSync(dirname(destination))).toEqual([]);
  },
);
