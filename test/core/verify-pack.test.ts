/** How far a reduced precision is from float32 on the user's own images: measured, remembered, and told when it is too far. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { formulaQ } from '../support/formula-models.ts';
import { encodeScene, writeScenes } from '../support/make-images.ts';
import {
  addTiny,
  infoOf,
  type NetworkLibrary,
  openNetworkLibrary,
  readDetails,
  scoreImages,
} from '../support/network-library.ts';

let library: NetworkLibrary;
afterEach(() => library.close());

async function open(precision: 'int8' | 'float32', count = 20): Promise<string> {
  library = await openNetworkLibrary({ sets: ['base', 'rank'] });
  const packId = await addTiny(library, { precision });
  await writeScenes(library.images, count, { width: 32, height: 32 });
  await scoreImages(library, packId);
  return packId;
}

async function verify(id: string, images: number) {
  const job = await library.finish(library.client.packs.verify({ id, images }));
  return { job, verification: (await infoOf(library, id)).verification };
}

test('a reduced precision is compared on a sample: |Δ| and SRCC of Q, S and P, and nothing stored changes', async () => {
  const id = await open('int8');
  const before = await readDetails(library);
  const { job, verification } = await verify(id, 12);
  expect(job).toMatchObject({
    kind: 'verifyPack',
    state: 'done',
    error: null,
    summary: { rows: 12, failed: 0 },
  });
  expect(verification).toMatchObject({ precision: 'int8', images: 12, bound: 0.99, isGood: true });
  const { q, s, overall, srcc } = verification!;
  // The formula puts Q of both sets off by 0.001 times a normal number of the image.
  const gaps = before.map(({ hash }) => Math.abs(formulaQ(hash!, 'base', 'int8') - formulaQ(hash!, 'base')));
  expect(q!.max).toBeLessThanOrEqual(Math.max(...gaps) + 1e-9);
  expect(q!.mean).toBeGreaterThan(1e-4);
  expect(s!.max).toBeGreaterThan(s!.mean);
  expect(overall!.max).toBeGreaterThan(0);
  for (const value of Object.values(srcc)) expect(value).toBeGreaterThanOrEqual(0.99);
  expect(await readDetails(library)).toEqual(before);
  // The same sample again gives the same figures, and the job is remembered with them.
  const again = await verify(id, 12);
  expect({ ...again.verification, checkedAt: 0 }).toEqual({ ...verification, checkedAt: 0 });
});

test('a precision that mixes up the order is said not to be good', async () => {
  const id = await open('int8');
  library.models.precisionError = 0.5;
  expect((await verify(id, 20)).verification).toMatchObject({ isGood: false });
});

test('files that are gone are left out; other weights make the figures void', async () => {
  const id = await open('int8', 5);
  const [first] = await readDetails(library);
  rmSync(first!.paths[0]!);
  const { job, verification } = await verify(id, 5);
  expect(job.summary).toMatchObject({ rows: 4, failed: 1 });
  expect(verification!.images).toBe(4);
  await library.client.packs.remove({ id });
  await addTiny(library, { id, precision: 'float16' });
  expect((await library.client.packs.list()).at(-1)!.verification).toBeNull();
});

test('a precision that gives every image the same is not good, although it has no SRCC', async () => {
  const id = await open('int8', 4);
  library.models.precisionError = Number.POSITIVE_INFINITY;
  const { verification } = await verify(id, 4);
  expect(verification!.srcc.q).toBeNull();
  expect(verification).toMatchObject({ isGood: false });
});

test('too few images have no order: nothing is said of them, and what was said before stays', async () => {
  const id = await open('int8', 4);
  const { verification } = await verify(id, 4);
  await expect(library.client.packs.verify({ id, images: 2 })).rejects.toMatchObject({ code: 'badInput' });
  for (const { paths } of (await readDetails(library)).slice(2)) rmSync(paths[0]!);
  const few = await verify(id, 4);
  expect(few.job).toMatchObject({
    state: 'failed',
    error: { code: 'unreadable', message: expect.stringMatching(/Only 2 of 4 images could be read/) },
  });
  expect(few.verification).toEqual(verification);
});

test('a pack whose values lack is not called good: S needs prompts', async () => {
  library = await openNetworkLibrary({ kind: 'tinyClip' });
  const id = await addTiny(library, { precision: 'int8' });
  for (const seed of [1, 2, 3]) {
    writeFileSync(join(library.images, `${seed}.png`), await encodeScene(seed, { width: 32, height: 32 }));
  }
  await scoreImages(library, id);
  expect((await verify(id, 3)).job).toMatchObject({
    state: 'failed',
    error: { code: 'unsupported', message: expect.stringMatching(/3 images.*S needs prompts/) },
  });
});

test('there is nothing to compare in float32, without networks, and without images', async () => {
  const id = await open('float32', 2);
  await expect(library.client.packs.verify({ id })).rejects.toMatchObject({ code: 'unsupported' });
  await expect(library.client.packs.verify({ id: 'classic' })).rejects.toMatchObject({ code: 'unsupported' });
  const empty = await openNetworkLibrary();
  try {
    const other = await addTiny(empty, { precision: 'int8' });
    await expect(empty.client.packs.verify({ id: other })).rejects.toMatchObject({ code: 'badInput' });
  } finally {
    await empty.close();
  }
});
