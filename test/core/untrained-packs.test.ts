/** Numbers of networks that were never trained leave the studio by no door as scores: everything that tells of images is asked. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tabulate } from '../../core/export/export-table.ts';
import { saveGroups } from '../../db/duplicates.ts';
import { writeScenes } from '../support/make-images.ts';
import { addTiny, type NetworkLibrary, openNetworkLibrary, scoreImages } from '../support/network-library.ts';

let library: NetworkLibrary;
let packId: string;
let ids: number[];
let headId: number;

beforeEach(async () => {
  library = await openNetworkLibrary();
  packId = await addTiny(library, { isTrained: false });
  await writeScenes(library.images, 4, { width: 48, height: 32 });
  await scoreImages(library, packId);
  const { client, studio } = library;
  await client.settings.change({ packId });
  ({ ids } = await client.images.query({ order: 'name' }));
  headId = (await client.heads.list()).find((head) => head.packId === packId)!.id;
  saveGroups(studio.db, [ids]);
});
afterEach(() => library.close());

/** Every Q, S and P that is stored, as JSON has it. */
function storedNumbers(): string[] {
  const rows = library.studio.db
    .prepare('SELECT value FROM score UNION SELECT value FROM signal WHERE value IS NOT NULL')
    .all() as { value: number }[];
  return rows.map(({ value }) => String(value));
}

async function importMos(): Promise<number> {
  const { client } = library;
  const lines = (await client.images.cards({ ids })).map(({ name }, at) => `${name},lot ${at},${at + 1}`);
  const file = new Blob([`name,lot,mos_overall\n${lines.join('\n')}\n`]);
  return (await client.mos.import({ source: { fileName: 'mos.csv', file } })).id;
}

test('they are stored; cards, details, ranges, heads, exports, jobs and packs tell none of them', async () => {
  const { client } = library;
  await importMos();
  expect(storedNumbers().length).toBeGreaterThanOrEqual(12);
  const keys = (await client.exports.options({})).columns.map(({ key }) => ({ key }));
  const told = JSON.stringify([
    await client.images.cards({ ids }),
    await Promise.all(ids.map((id) => client.images.detail({ id }))),
    await client.images.ranges({}),
    await client.images.facets({}),
    await client.heads.list(),
    await client.heads.interval({ id: headId }),
    await client.exports.preview({ choice: { kind: 'images', imageIds: ids }, columns: keys }),
    await client.duplicates.list(),
    await client.jobs.list(),
    await client.packs.list(),
    await client.agreement.choices(),
  ]);
  expect(storedNumbers().filter((number) => told.includes(number))).toEqual([]);
});

test('files that are written tell none of them: tables of every column, sidecars, a report', async () => {
  const { client, finish, images, folder } = library;
  const mosSetId = await importMos();
  const choice = { kind: 'images' as const, imageIds: ids };
  const out = join(folder('out'), 'all.jsonl');
  const columns = (await client.exports.options({})).columns.map(({ key }) => ({ key }));
  const table = client.exports.start({ choice, columns, format: 'jsonl', destination: out });
  expect((await finish(table)).error).toBeNull();
  expect((await finish(client.exports.sidecars({ choice }))).error).toBeNull();
  const sidecars = readdirSync(images).filter((name) => name.endsWith('.xmp'));
  expect(sidecars).toHaveLength(ids.length);
  const { html } = await client.agreement.report({
    ...{ prediction: { kind: 'mos', mosSetId, dimension: 'overall' }, mosSetId, dimension: 'overall' },
  });
  const told = [out, ...sidecars.map((name) => join(images, name))].map((path) => readFileSync(path, 'utf8'));
  const all = [...told, html].join('\n');
  expect(storedNumbers().filter((number) => all.includes(number))).toEqual([]);
  expect(told.join()).not.toMatch(/sfiqa:(Q|S|P|pack)\b/);
});

describe('nothing is ordered, narrowed or chosen by them', () => {
  test('lists', async () => {
    const { client } = library;
    for (const order of ['score:overall', 'signal:q'] as const) {
      for (const descending of [false, true]) {
        const list = await client.images.query({ order, descending });
        expect(list.ids, `${order} ${descending}`).toEqual(
          (await client.images.query({ order: 'score:alignment', descending })).ids,
        );
      }
    }
    const query = 'score:>-1000';
    expect((await client.images.query({ filter: { query } })).ids).toEqual([]);
  });

  test('the best of a group of near-duplicates', async () => {
    const { groups } = await library.client.duplicates.list();
    expect(groups).toMatchObject([{ imageIds: [...ids].sort((a, b) => a - b), reason: 'added' }]);
  });

  test('what counts as near-duplicates: by their embeddings nothing is compared', async () => {
    const embeddings = library.client.duplicates.find({ by: 'embedding' });
    await expect(embeddings).rejects.toThrow(/No image has an embedding: score the library with/);
  });

  test('a head’s interval and an evaluation', async () => {
    const mosSetId = await importMos();
    expect(await library.client.heads.interval({ id: headId })).toMatchObject({
      ...{ halfWidth: null, sentence: expect.stringContaining('never trained') },
    });
    const { dimensions, problems } = await library.client.agreement.evaluate({
      ...{ protocol: 'agiqa-3k', mosSetId, packId, groupBy: 'attribute.lot', repeats: 1 },
    });
    expect(problems).toContainEqual(expect.stringContaining('never trained'));
    const measured = dimensions.flatMap(({ rows }) => rows).filter(({ kind }) => kind !== 'published');
    expect(measured).toEqual([]);
  });
});

/** Two heads of the pack are there: the one that came with it, and one with another number in its weights. */
async function averageTwo(): Promise<unknown> {
  const { client } = library;
  const { text } = await client.heads.export({ id: headId, format: 'json' });
  const file: { weights: string } = JSON.parse(text!);
  const weights = Buffer.from(file.weights, 'base64');
  weights[weights.length - 4]! ^= 1;
  const other = new Blob([JSON.stringify({ ...file, weights: weights.toString('base64') })]);
  const { id } = await client.heads.import({ source: { fileName: 'other.json', file: other }, packId });
  return await client.heads.ensemble({ headIds: [headId, id] });
}

describe('what would be made of them is refused', () => {
  const neverTrained = expect.objectContaining({ message: expect.stringContaining('never trained') });
  test.each<[string, (mosSetId: number) => Promise<unknown>]>([
    ['a head’s values', () => library.client.heads.predict({ id: headId, imageIds: ids })],
    ['what to rate next', () => library.client.heads.rateNext({ packId, dimension: 'overall', limit: 2 })],
    [
      'how much that would have saved',
      (mosSetId) => library.client.heads.replayQueue({ packId, mosSetId, dimension: 'overall' }),
    ],
    ['a new head', (mosSetId) => library.client.heads.train({ packId, mosSetId, dimension: 'overall' })],
    ['a mean of heads', () => averageTwo()],
    [
      'a report',
      (mosSetId) =>
        library.client.agreement.report({
          ...{ prediction: { kind: 'head', headId }, mosSetId, dimension: 'overall' },
        }),
    ],
    [
      'Q, S, their mean and the fusion side by side',
      (mosSetId) => library.client.agreement.ablation({ packId, mosSetId, dimension: 'overall' }),
    ],
    ['a table of scores', () => tabulate(library.studio, { kind: 'scores', packId })],
    ['the challenge’s lines', () => tabulate(library.studio, { kind: 'challenge', packId })],
    [
      'sidecars',
      () => library.client.exports.sidecars({ choice: { kind: 'images', imageIds: ids }, packId }),
    ],
    [
      'points of a head',
      (mosSetId) =>
        library.client.agreement.points({
          ...{ prediction: { kind: 'head', headId }, mosSetId, dimension: 'overall' },
        }),
    ],
    [
      'points of a signal',
      (mosSetId) =>
        library.client.agreement.points({
          ...{ prediction: { kind: 'signal', packId, signal: 'q' }, mosSetId, dimension: 'overall' },
        }),
    ],
    ['columns', () => library.client.exports.options({ packId })],
    [
      'a table of images',
      () =>
        library.client.exports.preview({
          ...{ choice: { kind: 'images', imageIds: ids }, columns: [{ key: 'name' }], packId },
        }),
    ],
  ])('%s', async (_, ask) => {
    await expect(ask(await importMos())).rejects.toEqual(neverTrained);
  });
});
