import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Head, HeadPredictions } from '../../contract/heads.ts';
import { predictHead } from '../../core/maths/head.ts';
import { decodeHead } from '../../core/maths/head-codec.ts';
import { createRandom } from '../../core/maths/random.ts';
import { saveFeature, saveSignal } from '../../db/features.ts';
import { headById, saveHeldOut } from '../../db/heads.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

/** Real ratings of AGIQA-3K; the file names its source. */
const agiqa = z
  .object({ width: z.int(), features: z.base64(), group: z.array(z.int()), quality: z.array(z.number()) })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/agiqa3k-components.json', import.meta.url), 'utf8')));
const components = new Int8Array(Buffer.from(agiqa.features, 'base64'));

let test: TestStudio;
beforeAll(() => {
  test = openTestStudio();
});
afterAll(() => test.close());

interface Row {
  prompt: string;
  mos: number;
}

/** A table of images without files; gives its set and the ids in the order of the rows. */
async function importRows(name: string, rows: readonly Row[]): Promise<{ mosSetId: number; ids: number[] }> {
  const lines = rows.map(({ prompt, mos }, at) => `${name}-${String(at).padStart(4, '0')},${prompt},${mos}`);
  const file = new Blob([['name,prompt,mos', ...lines].join('\n')]);
  const { id } = await test.client.mos.import({ source: { fileName: `${name}.csv`, file } });
  const known = await test.client.mos.rows({ mosSetId: id });
  const ids = known.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ imageId }) => imageId);
  return { mosSetId: id, ids };
}

/** AGIQA-3K's ratings of the prompts that `keeps` says, with two components of its features in the places of Q and S. */
async function importAgiqa(name: string, keeps: (group: number) => boolean) {
  const places = [...agiqa.quality.keys()].filter((at) => keeps(agiqa.group[at]!));
  const rows = places.map((at) => ({ prompt: `prompt ${agiqa.group[at]}`, mos: agiqa.quality[at]! }));
  const { mosSetId, ids } = await importRows(name, rows);
  const { db } = test.studio;
  const promptOf = db.prepare('SELECT prompt_id FROM image WHERE id = ?').pluck(true);
  db.transaction(() => {
    for (const [index, at] of places.entries()) {
      const signal = { packId: 'classic', imageId: ids[index]! };
      const [q, s] = [0, 1].map((component) => components[at * agiqa.width + component]! / 40);
      saveSignal(db, { ...signal, name: 'q', promptId: 0, value: q! });
      saveSignal(db, { ...signal, name: 's', promptId: promptOf.get(ids[index]) as number, value: s! });
    }
  });
  return { mosSetId, ids, labels: rows.map(({ mos }) => mos) };
}

async function train(mosSetId: number, kind: 'ridge' | 'quadratic', seed = 1): Promise<Head> {
  const order = { packId: 'classic', dimension: 'quality', target: 'overall', learningCurve: false } as const;
  const job = await test.finish(
    test.client.heads.train({ ...order, mosSetId, kind, seed, inputs: 'signals' }),
  );
  expect(job.error).toBeNull();
  return (await test.client.heads.list()).find(({ id }) => id === job.summary!.headId)!;
}

function shareInside({ rows }: HeadPredictions, labels: readonly number[]): number {
  const isInside = rows.map(({ low, high }, at) => low! <= labels[at]! && labels[at]! <= high!);
  return isInside.filter(Boolean).length / rows.length;
}

describe('the interval of an ensemble', () => {
  it('comes of what its heads said while each image was held out, and holds nine of ten ratings of prompts that none of them saw', async () => {
    const kept = await importAgiqa('kept', (group) => group % 2 === 0);
    const left = await importAgiqa('left', (group) => group % 2 === 1);
    const heads = [await train(kept.mosSetId, 'ridge'), await train(kept.mosSetId, 'quadratic', 2)];
    const mean = await test.client.heads.ensemble({ headIds: heads.map(({ id }) => id) });
    const interval = await test.client.heads.interval({ id: mean.id });
    expect(interval).toMatchObject({ coverage: 0.9, rows: kept.ids.length });
    expect(interval.sentence).toContain('“kept” that it did not learn from');
    const predictions = await test.client.heads.predict({ id: mean.id, imageIds: left.ids });
    expect(predictions.coverage).toBe(0.9);
    const share = shareInside(predictions, left.labels);
    expect(share).toBeGreaterThan(0.87);
    expect(share).toBeLessThan(0.93);
  });

  it('stands beside held-out figures, those of its first head on the same images among them', async () => {
    const heads = await test.client.heads.list();
    const mean = heads.find(({ ensembleOf }) => ensembleOf.length > 0)!;
    const first = heads.find(({ id }) => id === mean.ensembleOf[0])!;
    expect(mean.heldOut).toMatchObject({ rows: first.heldOut!.rows, groups: first.heldOut!.groups });
    expect(mean.heldOut!.parentSrcc).toMatchObject({
      value: expect.closeTo('value' in first.heldOut!.srcc ? first.heldOut!.srcc.value : Number.NaN, 9),
    });
    expect(mean.note).toContain('while the image was held out');
  });

  it('is none where the making of it was withdrawn', async () => {
    const heads = await test.client.heads.list();
    const { ensembleOf } = heads.find((head) => head.ensembleOf.length > 0)!;
    const asking = new AbortController();
    const order = { headIds: ensembleOf.toReversed(), name: 'Withdrawn' };
    const asked = test.client.heads.ensemble(order, { signal: asking.signal });
    asking.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(await test.client.heads.list()).toEqual(heads);
  });

  it('is missing where an earlier version kept nothing of what its heads said, until they are trained again', async () => {
    const { mosSetId, ids } = await importAgiqa('earlier', (group) => group < 30);
    const kinds = ['ridge', 'quadratic'] as const;
    const headIds: number[] = [];
    for (const kind of kinds) headIds.push((await train(mosSetId, kind)).id);
    for (const id of headIds) saveHeldOut(test.studio.db, id, []);
    const before = await test.client.heads.ensemble({ headIds });
    expect(before.heldOut).toBeNull();
    expect(before.note).toMatch(/was not kept when an earlier version trained it: train it again/);
    const { sentence } = await test.client.heads.interval({ id: before.id });
    expect(sentence).toMatch(/^There is no interval: .*“.*”.* train it again on the same ratings/);
    for (const kind of kinds) await train(mosSetId, kind);
    const after = await test.client.heads.ensemble({ headIds });
    expect(after).toMatchObject({ id: before.id, ensembleOf: headIds, heldOut: { rows: ids.length } });
    expect((await test.client.heads.interval({ id: after.id })).halfWidth).toBeGreaterThan(0);
  });
});

describe('the interval of a head that came with its pack', () => {
  const random = createRandom(5);

  /** Images whose MOS are the shipped head's own values with some chance in them; `map` moves them to another scale. */
  async function importRated(name: string, images: number, map = (value: number) => value) {
    const shipped = (await test.client.heads.list()).find(
      (head) => head.isShipped && head.target === 'quality',
    )!;
    const head = decodeHead(headById(test.studio.db, shipped.id)!.weights);
    const inputs = Float32Array.from({ length: images * head.length }, (_, at) => {
      const column = at % head.length;
      const inverse = head.inverse[column]!;
      return head.mean[column]! + (inverse === 0 ? 0 : random.normal() / inverse);
    });
    const values = predictHead(head, inputs, images);
    const rows = [...values].map((value, at) => ({
      prompt: `${name} ${at}`,
      mos: map(Math.min(5, Math.max(0, value + 0.4 * random.normal()))),
    }));
    const { mosSetId, ids } = await importRows(name, rows);
    const { db } = test.studio;
    const feature = { packId: 'classic', kind: 'features', version: 1 };
    db.transaction(() => {
      for (const [at, imageId] of ids.entries()) {
        const own = inputs.slice(at * head.length, (at + 1) * head.length);
        saveFeature(db, { ...feature, imageId, values: own });
      }
    });
    return { mosSetId, ids, labels: rows.map(({ mos }) => mos), headId: shipped.id };
  }

  it('is calibrated on ratings of images that have its features, as soon as there are thirty, and holds nine of ten new ones', async () => {
    const few = await importRated('few', 20);
    const before = await test.client.heads.interval({ id: few.headId });
    expect(before).toMatchObject({ halfWidth: null, rows: 20 });
    expect(before.sentence).toMatch(/only 20 images with a MOS of quality could be used .* 30 are needed/);
    const { rows } = await test.client.heads.predict({ id: few.headId, imageIds: few.ids });
    expect(rows[0]).toMatchObject({ low: null, high: null });
    await importRated('many', 280);
    const after = await test.client.heads.interval({ id: few.headId });
    expect(after).toMatchObject({ coverage: 0.9, rows: 300 });
    expect(after.sentence).toMatch(/calibrated on 300 images of “many”, “few”/);
    const fresh = await importRated('fresh', 400);
    await test.client.mos.sets();
    const predictions = await test.client.heads.predict({ id: few.headId, imageIds: fresh.ids });
    const half = after.halfWidth!;
    const inside = predictions.rows.filter(({ value }, at) => Math.abs(value - fresh.labels[at]!) <= half);
    expect(inside.length / 400).toBeGreaterThan(0.85);
    expect(inside.length / 400).toBeLessThan(0.95);
  });

  it('takes no ratings of a scale that nobody knows, and says so', async () => {
    const other = openTestStudio();
    const before = test;
    test = other;
    try {
      const { headId } = await importRated('percent', 50, (value) => 20 * value);
      const interval = await test.client.heads.interval({ id: headId });
      expect(interval).toMatchObject({ halfWidth: null, rows: 0 });
      expect(interval.sentence).toContain('The MOS of “percent” are on a scale that is not known');
    } finally {
      test = before;
      await other.close();
    }
  });
});
