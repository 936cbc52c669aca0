/** The last quality layer trained along with the fusion, from stored features, in a library with a pack of two sets. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Head, TrainHead } from '../../contract/heads.ts';
import { tabulate } from '../../core/export/export-table.ts';
import { layeredSourceOf, readInputsOf } from '../../core/head-inputs.ts';
import { predictHead } from '../../core/maths/head.ts';
import { decodeHead } from '../../core/maths/head-codec.ts';
import { headById } from '../../db/heads.ts';
import { writeScenes } from '../support/make-images.ts';
import {
  type NetworkLibrary,
  openWithPack,
  readDetails,
  readOverall,
  scoreImages,
} from '../support/network-library.ts';

const count = 40;
let library: NetworkLibrary;
let packId: string;
let mosSetId: number;
let head: Head;

beforeAll(async () => {
  ({ library, packId } = await openWithPack({ sets: ['base', 'rank'] }));
  await writeScenes(library.images, count, { width: 32, height: 32 });
  await scoreImages(library, packId);
  const details = await readDetails(library);
  // Raters agree with the pack by and large.
  const lines = details.map(
    ({ name, scores, branches }) => `${name},${(20 * scores['overall']! + 0.1 * branches.q!).toFixed(4)}`,
  );
  const file = new Blob([['name,mos', ...lines].join('\n')]);
  ({ id: mosSetId } = await library.client.mos.import({ source: { fileName: 'mos.csv', file } }));
  head = await train({ kind: 'tuned', withQualityLayer: true });
});
afterAll(() => library.close());

async function train(change: Partial<TrainHead>): Promise<Head> {
  const { heads } = library.client;
  const order = { packId, mosSetId, dimension: 'quality', target: 'overall', inputs: 'signals' } as const;
  const few = { epochs: 10, learningCurve: false, groupBy: 'prompt' };
  const job = await library.finish(heads.train({ ...order, ...few, ...change }));
  expect(job.error).toBeNull();
  return (await heads.list()).find(({ id }) => id === job.summary!.headId)!;
}

function decode({ id }: Head) {
  return decodeHead(headById(library.studio.db, id)!.weights);
}

test('starts from the released fusion, reads Q, S and the features of each set, and is judged beside its parent', () => {
  const { manifest } = library.studio.packs.get(packId)!;
  const { length } = manifest.features;
  expect(decode(head).length).toBe(4 + 2 * length);
  const [first] = decode(head).members;
  // Each Q reads the features of its own set and no other's; each S is passed on as it is.
  const { weights, outputs } = first!.layers[0]!;
  const reads = (signal: number) =>
    [...Array(2 * length).keys()].filter((at) => weights[(4 + at) * outputs + signal] !== 0);
  const signals = manifest.fusion;
  const [q, s] = ['q', 's'].map((base) => signals.indexOf(`${base}_rank`));
  expect(reads(q!)).toEqual([...Array(length).keys()].map((at) => length + at));
  expect(reads(s!)).toEqual([]);
  expect(head).toMatchObject({ inputs: 'signals', target: 'overall', kind: 'network' });
  expect(head.training).toMatchObject({ method: 'tuned+layer' });
  expect(head.heldOut!.comparisons.map(({ against }) => against)).toEqual(['parent', 'meanOfSignals']);
});

test('is the same bytes twice; cross-validation may choose it, and shows it beside the others', async () => {
  expect((await train({ kind: 'tuned', withQualityLayer: true })).id).toBe(head.id);
  const { training } = await train({ kind: 'auto', withQualityLayer: true, seed: 2 });
  expect(training!.candidates.map(({ method }) => method)).toEqual([
    ...['ridge', 'quadratic', 'tuned', 'network', 'tuned+layer', 'network+layer'],
  ]);
  // Another target, as equal weights for one target are one head, with its first figures.
  const without = await train({ kind: 'auto', seed: 2, target: 'quality' });
  expect(without.training!.candidates).toHaveLength(4);
});

test('in use, it scores what is there and what comes later, each from its own features', async () => {
  await library.finish(library.client.heads.activate({ id: head.id }));
  await writeScenes(library.images, count + 3, { width: 32, height: 32 });
  await scoreImages(library, packId);
  const { ids } = await library.client.images.query({ order: 'name' });
  const source = layeredSourceOf(library.studio.packs.get(packId)!.manifest)!;
  const { imageIds, values } = readInputsOf(library.studio.db, source, ids);
  expect(imageIds).toEqual(ids);
  expect(ids).toHaveLength(count + 3);
  const expected = [...predictHead(decode(head), values, ids.length)];
  expect(await readOverall(library.client, packId)).toEqual(expected);
  const { rows } = await library.client.heads.predict({ id: head.id, imageIds: ids });
  expect(rows.map(({ value }) => value)).toEqual(expected);
  // A head of signals alone is compared with it on the same rows.
  const plain = await train({ kind: 'ridge', seed: 3 });
  expect(plain.parentId).toBe(head.id);
  expect(plain.heldOut!.parentSrcc).toHaveProperty('value');
});

test('says in the table of scores how sure it is: interval, its coverage, and spread, as for single images', async () => {
  const { heads, images } = library.client;
  const networks = [await train({ kind: 'network', seed: 4 }), await train({ kind: 'network', seed: 5 })];
  const mean = await heads.ensemble({ headIds: networks.map(({ id }) => id) });
  for (const { id } of [head, mean]) {
    await library.finish(heads.activate({ id }));
    const { columns, rows } = await tabulate(library.studio, { kind: 'scores', packId });
    const table = [...rows].map((row) => new Map(columns.map(({ name }, at) => [name, row[at]])));
    expect(table).toHaveLength(count + 3);
    const imageIds = (await images.query({ order: 'name' })).ids;
    const { coverage, rows: predicted } = await heads.predict({ id, imageIds });
    expect(coverage).toBe(0.9);
    const byName = table.toSorted((a, b) => (String(a.get('name')) < String(b.get('name')) ? -1 : 1));
    for (const [at, { value, low, high, spread }] of predicted.entries()) {
      const row = byName[at]!;
      expect(spread).toBeGreaterThan(0);
      expect([row.get('overall'), row.get('overall_spread')]).toEqual([value, spread]);
      expect([row.get('overall_low'), row.get('overall_high')]).toEqual([low, high]);
      expect(row.get('overall_coverage')).toBe(coverage);
    }
  }
  await library.finish(heads.activate({ id: head.id }));
});

test('goes out and comes back as a file, but not to a pack of other features', async () => {
  const { heads } = library.client;
  const { text } = await heads.export({ id: head.id, format: 'json' });
  const file = JSON.parse(text!);
  expect(file.reads).toMatchObject({ signals: expect.arrayContaining(['q_base', 's_rank']) });
  const source = { fileName: 'head.json', file: new Blob([text!]) };
  await expect(heads.import({ source, packId: 'classic' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/the signals q_base.* and \d+ features in version/),
  });
  expect((await heads.import({ source })).id).toBe(head.id);
});

test('ends when it is cancelled, in the middle of its arithmetic, and leaves no head', async () => {
  const { heads, jobs } = library.client;
  const before = (await heads.list()).length;
  const order = { packId, mosSetId, dimension: 'quality', target: 'overall', inputs: 'signals' } as const;
  const { id } = await heads.train({
    ...order,
    kind: 'network',
    withQualityLayer: true,
    epochs: 2000,
    seed: 9,
  });
  expect(await jobs.cancel({ id })).toMatchObject({ state: 'cancelled', error: null });
  expect(await heads.list()).toHaveLength(before);
});

test('is refused where there is no such layer, and for methods without a network', async () => {
  const order = { packId, mosSetId, dimension: 'quality', withQualityLayer: true } as const;
  const { train: start } = library.client.heads;
  await expect(start({ ...order, inputs: 'features' })).rejects.toMatchObject({ code: 'badInput' });
  await expect(start({ ...order, inputs: 'signals', kind: 'ridge' })).rejects.toMatchObject({
    code: 'badInput',
  });
  await expect(start({ ...order, inputs: 'signals', packId: 'classic' })).rejects.toMatchObject({
    code: 'unsupported',
  });
});
