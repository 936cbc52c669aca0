/** Numbers of networks that were never trained leave the studio by no door as scores: everything that tells of images is asked. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
  const lines = (await client.images.cards({ ids })).map(({ name }, at) => `${name},${at + 1}`);
  const file = new Blob([`name,mos_overall\n${lines.join('\n')}\n`]);
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
});

describe('what would be made of them is refused', () => {
  const neverTrained = expect.objectContaining({ message: expect.stringContaining('never trained') });
  test.each<[string, (mosSetId: number) => Promise<unknown>]>([
    ['a head’s values', () => library.client.heads.predict({ id: headId, imageIds: ids })],
    ['what to rate next', () => library.client.heads.rateNext({ packId, dimension: 'overall', limit: 2 })],
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
