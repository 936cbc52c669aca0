/** The whole way with networks that really run, tiny and never trained: from a checkpoint to stored numbers, through a real models process. */
import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Provider } from '../../contract/pack.ts';
import { predictHead } from '../../core/maths/head.ts';
import { writeUntrained } from '../../scripts/support/make-untrained.ts';
import { writeScenes } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

const sets = ['base', 'rank'];
let library: TestStudio;
let weights: string;
let images: string;
beforeAll(async () => {
  library = openTestStudio();
  weights = await writeUntrained('tiny', join(library.folder('weights'), 'in'), { sets });
  images = library.folder('images');
  await writeScenes(images, 6, { width: 80, height: 64 });
});
afterAll(() => library.close());

async function addAndScore(id: string): Promise<void> {
  const added = await library.finish(library.client.packs.add({ sfiqa: weights, id }));
  expect(added).toMatchObject({ state: 'done', error: null });
  const scored = await library.finish(library.client.library.score({ folder: images, packId: id }));
  expect(scored).toMatchObject({
    state: 'done',
    error: null,
    summary: { scored: 6, failed: 0, reasons: [] },
  });
}

/** Everything that is stored of a pack, by image, kind or name; vectors as their hash. */
function readStored(id: string): Record<string, number | string> {
  const { db } = library.studio;
  const signals = db.sqlite.prepare('SELECT image_id, name, value FROM signal WHERE pack_id = ?').all(id);
  const vectors = db.sqlite.prepare('SELECT image_id, kind, data FROM feature WHERE pack_id = ?').all(id);
  const scores = db.sqlite
    .prepare(
      'SELECT s.image_id, h.target, s.value FROM score s JOIN head h ON h.id = s.head_id WHERE h.pack_id = ?',
    )
    .all(id);
  const rows = [
    ...(signals as { image_id: number; name: string; value: number }[]).map((row) => [
      `${row.image_id} ${row.name}`,
      row.value,
    ]),
    ...(scores as { image_id: number; target: string; value: number }[]).map((row) => [
      `${row.image_id} ${row.target}`,
      row.value,
    ]),
    ...(vectors as { image_id: number; kind: string; data: Buffer }[]).map((row) => [
      `${row.image_id} ${row.kind}`,
      createHash('sha256').update(row.data).digest('hex'),
    ]),
  ];
  return Object.fromEntries(rows);
}

test('every image gets Q, S, P and the vectors of both sets, and the same bits from another pack of the same weights', async () => {
  await addAndScore('first');
  const stored = readStored('first');
  const names = ['q', 'q_base', 'q_rank', 's', 's_base', 's_rank', 'overall'];
  const kinds = ['features', 'features@rank', 'image', 'image@rank'];
  const { ids } = await library.client.images.query({});
  expect(Object.keys(stored).sort()).toEqual(
    ids.flatMap((id) => [...names, ...kinds].map((name) => `${id} ${name}`)).sort(),
  );
  const { head } = library.studio.packs.get('first')!.heads[0]!;
  for (const id of ids) {
    const of = (name: string) => stored[`${id} ${name}`] as number;
    const inputs = ['q_base', 's_base', 'q_rank', 's_rank'].map(of);
    expect(of('overall')).toBe(predictHead(head, Float32Array.from(inputs), 1)[0]);
    expect(of('q')).toBe((of('q_base') + of('q_rank')) / 2);
    // One CLIP in both sets, two quality heads.
    expect(of('s_base')).toBe(of('s_rank'));
    expect(of('q_base')).not.toBe(of('q_rank'));
    expect(stored[`${id} image`]).toBe(stored[`${id} image@rank`]);
  }
  // In another order, in another process.
  renameSync(join(images, 'scene-000.png'), join(images, 'z.png'));
  await addAndScore('second');
  expect(readStored('second')).toEqual(stored);
  const packs = await library.client.packs.list();
  expect(packs.slice(1).map(({ problem, lastUsed }) => [problem, lastUsed?.precision])).toEqual([
    [null, 'float32'],
    [null, 'float32'],
  ]);
});

test('a file that cannot be read is failed by name, and the networks go on with the rest', async () => {
  writeFileSync(join(images, 'broken.png'), 'no picture');
  await writeScenes(images, 8, { width: 40, height: 32 });
  const job = await library.finish(library.client.library.score({ folder: images, packId: 'first' }));
  expect(job).toMatchObject({ state: 'done', summary: { failed: 1 } });
  expect(job.summary!.scored).toBe(8);
});

test('a run that is cancelled in the middle ends in about a second and is finished by the next', async () => {
  const many = library.folder('many');
  // So many that no machine is through with them before it is asked to stop.
  const images = 100;
  await writeScenes(many, images, { width: 72, height: 72 });
  const { id } = await library.client.library.score({ folder: many, packId: 'first' });
  while ((await library.client.jobs.list())[0]!.progress.done < 5)
    await new Promise((next) => setTimeout(next, 20));
  const cancelled = await library.client.jobs.cancel({ id });
  expect(cancelled).toMatchObject({ state: 'cancelled', error: null });
  const done = cancelled.summary!.scored!;
  expect(done).toBeLessThan(images);
  const job = await library.finish(library.client.library.score({ folder: many, packId: 'first' }));
  expect(job).toMatchObject({ state: 'done', summary: { scored: images - done, skipped: done, failed: 0 } });
});

test('float16 is not compared with float32 where it is computed in float32: no machine without a GPU calls it good', async () => {
  const id = 'half';
  const added = await library.finish(
    library.client.packs.add({ sfiqa: weights, id, sets: ['base'], precision: 'float16' }),
  );
  expect(added).toMatchObject({ state: 'done', error: null });
  const report = await library.client.doctor.report();
  const lines = report.sections.flatMap((section) => section.lines);
  const hasGpu = lines.some(
    ({ name, state }) => name !== 'cpu' && Provider.safeParse(name).success && state === 'ok',
  );
  const job = await library.finish(library.client.packs.verify({ id, images: 3 }));
  if (hasGpu) return expect(job).toMatchObject({ state: 'done', error: null });
  expect(job).toMatchObject({
    state: 'failed',
    error: { code: 'unsupported', message: expect.stringMatching(/on cpu in float32, not in float16/) },
  });
  expect((await library.client.packs.list()).find((pack) => pack.id === id)!.verification).toBeNull();
});
