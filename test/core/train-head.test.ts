import { readFileSync, rmSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EstimateOrReason } from '../../contract/common.ts';
import type { Head, TrainHead } from '../../contract/heads.ts';
import { activateHead } from '../../core/heads.ts';
import { pearson, rootMeanSquareError, spearman } from '../../core/maths/correlation.ts';
import { saveSignal } from '../../db/features.ts';
import { imageById } from '../../db/images.ts';
import { writeScenes } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { hasShared, sharedPath } from '../support/shared.ts';

const count = 20;
let test: TestStudio;
let mosSetId: number;
let imageIds: number[];
const mosOf = new Map<number, number>();

beforeAll(async () => {
  test = openTestStudio();
  const folder = test.folder('scenes');
  await writeScenes(folder, count, { width: 64, height: 64 });
  await test.finish(test.client.library.score({ folder }));
  // From here on there is no picture to read.
  rmSync(folder, { recursive: true });
  imageIds = (await test.client.images.query({ order: 'name' })).ids;
  const lines: string[] = [];
  for (const id of imageIds) {
    const { name, signals } = await test.client.images.detail({ id });
    const contrast = signals.find((signal) => signal.name === 'contrast')!.value;
    mosOf.set(id, contrast);
    lines.push(`${name},${contrast}`);
  }
  mosSetId = await importMos('contrast.csv', ['name,mos', ...lines]);
});
afterAll(() => test.close());

async function importMos(fileName: string, lines: string[]): Promise<number> {
  return (await test.client.mos.import({ source: { fileName, file: new Blob([lines.join('\n')]) } })).id;
}

async function train(change: Partial<TrainHead> = {}): Promise<Head> {
  const order = { packId: 'classic', mosSetId, dimension: 'quality', kind: 'ridge' as const, ...change };
  const job = await test.finish(test.client.heads.train(order));
  expect(job).toMatchObject({ kind: 'train', state: 'done', error: null });
  return (await test.client.heads.list()).find(({ id }) => id === job.summary!.headId)!;
}

async function activeHead(target = 'quality'): Promise<Head | undefined> {
  return (await test.client.heads.list()).find((head) => head.target === target && head.isActive);
}

async function readScores(target = 'quality'): Promise<(number | undefined)[]> {
  const cards = await test.client.images.cards({ ids: imageIds });
  return cards.map(({ scores }) => scores[target]);
}

function estimated(estimate: EstimateOrReason): number {
  if (!('value' in estimate)) throw new Error(estimate.reason);
  return estimate.value;
}

describe('a head trained on a MOS table from stored features', () => {
  it.each([
    ['ridge', 20],
    ['auto', 16],
    ['network', 12],
  ] as const)('(%s) has held-out figures and its parent’s on the same %d rows', async (kind, rows) => {
    const parent = (await activeHead())!;
    const before = await readScores();
    const own = imageIds.slice(0, rows);
    const lines = own.map((id, at) => `scene-${String(at).padStart(3, '0')}.png,${mosOf.get(id)}`);
    const set = await importMos('part.csv', ['name,mos', ...lines]);
    const head = await train({ kind, mosSetId: set, seed: 5 });
    expect(head).toMatchObject({
      kind: kind === 'auto' ? 'ridge' : kind,
      target: 'quality',
      inputs: 'features',
      parentId: parent.id,
      isShipped: false,
      isActive: false,
      trainedOn: { mosSet: 'part', images: rows, groups: rows / 4 },
      heldOut: { rows, groups: rows / 4 },
    });
    expect(head.note).toContain(kind === 'auto' ? 'only tried from 100 images' : 'You chose');
    const heldOut = head.heldOut!;
    const x = Float64Array.from(before.slice(0, rows), (score) => score!);
    const y = Float64Array.from(own, (id) => mosOf.get(id)!);
    // Stored scores are float32.
    expect(estimated(heldOut.parentSrcc)).toBeCloseTo(spearman(x, y)!, 6);
    expect(estimated(heldOut.parentPlcc)).toBeCloseTo(pearson(x, y)!, 5);
    expect(estimated(heldOut.parentRmse)).toBeCloseTo(rootMeanSquareError(x, y)!, 4);
    expect(estimated(heldOut.srccDifference)).toBeCloseTo(
      estimated(heldOut.srcc) - estimated(heldOut.parentSrcc),
      12,
    );
    expect(estimated(heldOut.rmse)).toBeLessThan(estimated(heldOut.parentRmse));
    expect((await activeHead())!.id).toBe(parent.id);
    expect(await readScores()).toEqual(before);
  });

  it('is the same head when trained again on the same rows with the same seed', async () => {
    const first = await train({ seed: 77, name: 'Once' });
    expect(await train({ seed: 77, name: 'Twice' })).toEqual(first);
  });

  it('is refused with too few images, and says how many there are', async () => {
    const few = await importMos('few.csv', [
      'name,mos',
      ...[0, 1, 2].map((at) => `scene-00${at}.png,${at}`),
      'x.png,3',
    ]);
    const order = { packId: 'classic', mosSetId: few, dimension: 'quality' };
    await expect(test.client.heads.train(order)).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringMatching(/Only 3 images.*at least 10/),
    });
  });

  it('is refused for a dimension without MOS, an unknown set or pack, and signals that are not there', async () => {
    const order = { packId: 'classic', mosSetId, dimension: 'quality' };
    const train = test.client.heads.train;
    await expect(train({ ...order, dimension: 'overall' })).rejects.toMatchObject({ code: 'badInput' });
    await expect(train({ ...order, inputs: 'signals' })).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining('both Q and S'),
    });
    await expect(train({ ...order, mosSetId: 999 })).rejects.toMatchObject({ code: 'notFound' });
    await expect(train({ ...order, packId: 'none' })).rejects.toMatchObject({ code: 'notFound' });
  });

  it('trained twice is the same head; where nothing can be learnt from, that is said as it is anywhere', async () => {
    const head = await train({ seed: 9 });
    const again = await train({ seed: 9 });
    const few = { packId: 'classic', mosSetId, dimension: 'quality', inputs: 'signals' as const };
    await expect(test.client.heads.train(few)).rejects.toMatchObject({ code: 'badInput' });
    expect(again).toEqual(head);
  });
});

describe('activating a head', () => {
  it('re-scores everything from stored features although no picture is there; the older head can be restored', async () => {
    const parent = (await activeHead())!;
    const before = await readScores();
    const head = await train({ seed: 9 });
    const job = await test.finish(test.client.heads.activate({ id: head.id }));
    expect(job).toMatchObject({ kind: 'rescore', state: 'done', summary: { rows: count, headId: head.id } });
    expect((await activeHead())!.id).toBe(head.id);
    const after = await readScores();
    const y = Float64Array.from(imageIds, (id) => mosOf.get(id)!);
    // Fitted to these very rows, it must follow them far better than the head that never saw them.
    const errorOf = (scores: (number | undefined)[]) =>
      rootMeanSquareError(
        Float64Array.from(scores, (score) => score!),
        y,
      )!;
    expect(errorOf(after)).toBeLessThan(errorOf(before) / 2);
    expect((await train({ seed: 10 })).parentId).toBe(head.id);
    await test.finish(test.client.heads.activate({ id: parent.id }));
    expect((await activeHead())!.id).toBe(parent.id);
    const restored = await readScores();
    for (const [at, score] of restored.entries()) expect(score).toBeCloseTo(before[at]!, 5);
  });

  it('that is cancelled leaves the active head and its scores as they were', async () => {
    const before = await readScores();
    const parent = (await activeHead())!;
    const head = await train({ seed: 11 });
    const job = activateHead(test.studio, head.id);
    expect(await test.client.jobs.cancel({ id: job.id })).toMatchObject({ state: 'cancelled', error: null });
    expect((await activeHead())!.id).toBe(parent.id);
    expect(await readScores()).toEqual(before);
  });

  it('of one target leaves the others as they are', async () => {
    const before = await readScores('alignment');
    const head = await train({ target: 'overall' });
    expect(head).toMatchObject({ target: 'overall', parentId: null });
    expect(head.heldOut!.parentSrcc).toEqual({ reason: 'There is no parent head.', n: count });
    await test.finish(test.client.heads.activate({ id: head.id }));
    expect((await activeHead('overall'))!.id).toBe(head.id);
    expect((await activeHead())!.isShipped).toBe(true);
    expect((await readScores('overall')).every((score) => score !== undefined)).toBe(true);
    expect(await readScores('alignment')).toEqual(before);
  });

  it('for another target on the same rows is another head of that target', async () => {
    const [one, other] = [await train({ target: 'mood' }), await train({ target: 'style' })];
    expect([one.target, other.target]).toEqual(['mood', 'style']);
    expect(other.id).not.toBe(one.id);
  });

  it('of an unknown head is refused', async () => {
    await expect(test.client.heads.activate({ id: 999 })).rejects.toMatchObject({ code: 'notFound' });
  });
});

interface TifaRow {
  image: string;
  prompt: string;
  human_avg: string;
  clipscore_vitb32: string;
  'tifa_blip2-flant5xl': string;
}

describe.skipIf(!hasShared)(
  'SF-IQA’s fusion network on [Q, S], with two real metrics in their places (TIFA)',
  () => {
    it('predicts the held-out ratings of people, and scores whatever has both signals', async () => {
      const text = readFileSync(sharedPath('data/tifa/tifa-human-and-metrics.csv'), 'utf8');
      const rows: TifaRow[] = parse(text, { columns: true });
      const used = rows.slice(0, 200);
      const quoted = used.map((row) => `${row.image},"${row.prompt.replaceAll('"', '""')}",${row.human_avg}`);
      const fusionSet = await importMos('tifa.csv', ['name,prompt,mos', ...quoted]);
      const idOf = new Map(
        (await test.client.mos.rows({ mosSetId: fusionSet })).map((row) => [row.name, row.imageId]),
      );
      const { db } = test.studio;
      db.transaction(() => {
        for (const row of used) {
          const imageId = idOf.get(row.image)!;
          const signal = { packId: 'classic', imageId };
          const q = Number(row['tifa_blip2-flant5xl']);
          saveSignal(db, { ...signal, name: 'q', promptId: 0, value: q });
          const promptId = imageById(db, imageId)!.prompt_id!;
          saveSignal(db, { ...signal, name: 's', promptId, value: Number(row.clipscore_vitb32) / 100 });
        }
      });
      const order = { mosSetId: fusionSet, target: 'fused', inputs: 'signals' as const };
      const head = await train({ ...order, kind: 'network' });
      expect(head).toMatchObject({
        kind: 'network',
        inputs: 'signals',
        parentId: null,
        heldOut: { rows: 200 },
      });
      const { srcc } = head.heldOut!;
      expect(estimated(srcc)).toBeGreaterThan(0.3);
      expect('low' in srcc && srcc.low).toBeGreaterThan(0.15);
      const job = await test.finish(test.client.heads.activate({ id: head.id }));
      // The classic pack's own images have Q alone, and so no fused score.
      expect(job.summary).toMatchObject({ rows: 200 });
      expect((await readScores('fused')).every((score) => score === undefined)).toBe(true);
      const cards = await test.client.images.cards({ ids: [...idOf.values()] });
      const y = Float64Array.from(used, (row) => Number(row.human_avg));
      const scoreOf = new Map(cards.map(({ name, scores }) => [name, scores['fused']!]));
      const x = Float64Array.from(used, (row) => scoreOf.get(row.image)!);
      expect(spearman(x, y)).toBeGreaterThan(0.3);
    });
  },
);
