/** What computed numbers goes with them: a column of every table, and a sentence where those of exactly these images are mixed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tabulate } from '../../core/export/export-table.ts';
import { writeScenes } from '../support/make-images.ts';
import { type NetworkLibrary, openWithPack, scoreImages } from '../support/network-library.ts';

const former = 'formula 1 on cpu in float32';
const newer = 'formula 2 on cpu in float32';
let library: NetworkLibrary;
let packId: string;
/** By name: eight that a runtime computed that has been replaced since, and four by the new one. */
let ids: number[];
let mosSetId: number;

beforeAll(async () => {
  const opened = await openWithPack();
  ({ library, packId } = opened);
  const { client, images, models } = library;
  await writeScenes(images, 8, { width: 48, height: 32 });
  await scoreImages(library, packId);
  models.runtime = 'formula 2';
  await writeScenes(images, 12, { width: 48, height: 32 });
  await scoreImages(library, packId);
  ({ ids } = await client.images.query({ order: 'name' }));
  const names = (await client.images.cards({ ids })).map(({ name }) => name);
  const file = new Blob([['name,mos_overall', ...names.map((name, at) => `${name},${at % 5}`)].join('\n')]);
  mosSetId = (await client.mos.import({ source: { fileName: 'mos.csv', file } })).id;
});
afterAll(() => library.close());

/** Of those that were computed by both. */
const mixed = expect.stringMatching(
  new RegExp(`^Not all computed alike: .*8 images? by ${former}.*by ${newer}.*may change places\\.`),
);

async function exportRows(imageIds: number[], keys: string[]) {
  const path = join(library.folder('out'), 'rows.jsonl');
  const job = await library.finish(
    library.client.exports.start({
      ...{ choice: { kind: 'images', imageIds }, columns: keys.map((key) => ({ key })) },
      ...{ format: 'jsonl', destination: path },
    }),
  );
  const rows: { computed_by?: string }[] = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { notes: job.summary?.notes ?? [], rows };
}

describe('exports', () => {
  test('a column tells what computed the numbers of each row; the job says that they are not of one kind', async () => {
    const { notes, rows } = await exportRows(ids, ['name', 'score:overall', 'computed_by']);
    expect(rows.map(({ computed_by: by }) => by?.includes('formula 2'))).toEqual(ids.map((_, at) => at >= 8));
    expect(notes).toEqual([mixed]);
  });

  test('nothing is said of images that were all computed alike, nor where no score is told', async () => {
    const same = await exportRows(ids.slice(0, 8), ['name', 'signal:q', 'computed_by']);
    expect(new Set(same.rows.map(({ computed_by: by }) => by))).toEqual(new Set([former]));
    expect(same.notes).toEqual([]);
    expect((await exportRows(ids, ['name', 'mos:overall'])).notes).toEqual([]);
  });

  test('sidecars say it, too; the table of scores has the column', async () => {
    const { summary } = await library.finish(
      library.client.exports.sidecars({ choice: { kind: 'images', imageIds: ids } }),
    );
    expect(summary?.notes).toEqual([mixed]);
    const { columns, rows } = await tabulate(library.studio, { kind: 'scores', packId });
    const at = columns.findIndex(({ name }) => name === 'computed_by');
    expect([...rows][0]?.[at]).toBe(former);
  });
});

test('agreement and its report say it of the images that are compared', async () => {
  const { client } = library;
  const comparison = { prediction: { kind: 'signal' as const, packId, signal: 'q' }, mosSetId };
  expect((await client.agreement.measure({ ...comparison, dimension: 'overall' })).mixed).toEqual(mixed);
  const { report, html } = await client.agreement.report({ ...comparison, dimension: 'overall' });
  expect(report.agreement.mixed).toEqual(mixed);
  expect(html).toContain(report.agreement.mixed!);
  const byMos = { kind: 'mos' as const, mosSetId, dimension: 'overall' };
  const other = await client.agreement.measure({ prediction: byMos, mosSetId, dimension: 'overall' });
  expect(other.mixed).toBeNull();
});

test('a head that learnt from mixed numbers says so in its account', async () => {
  const { client, finish } = library;
  const order = { packId, mosSetId, dimension: 'overall', kind: 'ridge' as const, learningCurve: false };
  const { summary } = await finish(client.heads.train(order));
  const head = (await client.heads.list()).find(({ id }) => id === summary?.headId);
  expect(head?.note).toMatch(new RegExp(`Not all computed alike: .*8 images by ${former}`));
});
