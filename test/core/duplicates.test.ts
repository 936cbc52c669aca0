/** Near-duplicates of real pictures: found by what is stored of them, grouped, the best first, and kept apart from what only looks a little alike. */
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeScene } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let studio: TestStudio;
let folder: string;

beforeAll(async () => {
  studio = openTestStudio();
  folder = studio.folder('images');
  for (const seed of [1, 2, 3, 4]) {
    writeFileSync(join(folder, `scene-${seed}.png`), await encodeScene(seed, { width: 256, height: 192 }));
  }
  const first = join(folder, 'scene-1.png');
  writeFileSync(join(folder, 'half.png'), await sharp(first).resize(128).png().toBuffer());
  writeFileSync(join(folder, 'pressed.jpg'), await sharp(first).jpeg({ quality: 35 }).toBuffer());
  writeFileSync(
    join(folder, 'brighter.png'),
    await sharp(join(folder, 'scene-2.png')).modulate({ brightness: 1.1 }).png().toBuffer(),
  );
  copyFileSync(join(folder, 'scene-3.png'), join(folder, 'copy.png'));
  writeFileSync(
    join(folder, 'plain.png'),
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#777' } })
      .png()
      .toBuffer(),
  );
  writeFileSync(
    join(folder, 'plain too.png'),
    await sharp({ create: { width: 32, height: 32, channels: 3, background: '#333' } })
      .png()
      .toBuffer(),
  );
  await studio.finish(studio.client.library.score({ folder }));
});
afterAll(() => studio.close());

async function names(ids: readonly number[]): Promise<string[]> {
  return (await studio.client.images.cards({ ids: [...ids] })).map(({ name }) => name);
}

test('nothing is known before somebody looks, but copies of one content are counted', async () => {
  expect(await studio.client.duplicates.list()).toMatchObject({ search: null, groups: [], copied: 1 });
  const { ids } = await studio.client.images.query({ filter: { query: 'files:>1' } });
  expect((await studio.client.images.detail({ id: ids[0]! })).paths).toHaveLength(2);
});

test('resized, recompressed and brightened pictures are found by their fingerprints; other scenes and plain colours are not', async () => {
  const job = await studio.finish(studio.client.duplicates.find({}));
  expect(job).toMatchObject({ state: 'done', summary: { failed: 0 } });
  const { search, groups } = await studio.client.duplicates.list();
  expect(search).toMatchObject({ by: 'fingerprint', packId: null, threshold: 0.95 });
  const found = await Promise.all(groups.map(async ({ imageIds }) => (await names(imageIds)).sort()));
  expect(found.sort()).toEqual([
    ['brighter.png', 'scene-2.png'],
    ['half.png', 'pressed.jpg', 'scene-1.png'],
  ]);
  const { ids } = await studio.client.images.query({
    filter: { query: 'is:duplicate' },
    order: 'duplicates',
  });
  // The copies are there, too; near-duplicates lie beside each other.
  expect(ids).toHaveLength(6);
  expect(new Set(ids.slice(0, groups[0]!.imageIds.length))).toEqual(new Set(groups[0]!.imageIds));
});

test('the best of a group by the model’s score is its first; the others say how much they are like it', async () => {
  const { groups, target } = await studio.client.duplicates.list();
  for (const { imageIds, reason, rest } of groups) {
    expect(reason).toBe('score');
    expect(rest).toEqual(imageIds.slice(1));
    const scores = (await studio.client.images.cards({ ids: imageIds })).map((card) => card.scores[target]!);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const likeness = await studio.client.duplicates.likeness({ ids: imageIds });
    expect(likeness[0]).toBeCloseTo(1, 5);
    for (const one of likeness) expect(one).toBeGreaterThan(0.95);
  }
});

test('the images of all groups are told at once, as they are told one by one', async () => {
  const { client } = studio;
  const { groups, target } = await client.duplicates.list();
  const members = await client.duplicates.members({ groups: groups.map(({ imageIds }) => imageIds) });
  for (const [at, { imageIds }] of groups.entries()) {
    const likeness = await client.duplicates.likeness({ ids: imageIds });
    const details = await Promise.all(imageIds.map((id) => client.images.detail({ id })));
    expect(members[at]!.map(({ paths }) => paths.toSorted())).toEqual(
      details.map(({ paths }) => paths.toSorted()),
    );
    expect(members[at]).toMatchObject(
      details.map(({ id, name, width, height, flag, scores }, k) => ({
        ...{ id, name, width, height, flag, score: scores[target], likeness: likeness[k] },
      })),
    );
  }
});

test('a group of which all but one are rejected is settled, until that is undone', async () => {
  const { imageIds } = (await studio.client.duplicates.list()).groups[0]!;
  await studio.client.curate.change({ imageIds: imageIds.slice(1), flag: 'reject' });
  expect((await studio.client.duplicates.list()).groups[0]!.rest).toEqual([]);
  await studio.client.curate.undo();
  expect((await studio.client.duplicates.list()).groups[0]!.rest).toEqual(imageIds.slice(1));
});

test('embeddings are refused where there are none, in words that say what to do', async () => {
  await expect(studio.client.duplicates.find({ by: 'embedding' })).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('score the library with SF-IQA'),
  });
});

test('a picture that is not looked at yet and nowhere any more is counted; the others are compared', async () => {
  const id = (await studio.client.images.query({ filter: { query: 'name:scene-4' } })).ids[0]!;
  const { studio: inner } = studio;
  inner.db.prepare(`DELETE FROM feature WHERE kind = 'fingerprint' AND image_id = ?`).run(id);
  rmSync(join(folder, 'scene-4.png'));
  const job = await studio.finish(studio.client.duplicates.find({ by: 'fingerprint' }));
  expect(job).toMatchObject({ state: 'done', summary: { failed: 1 } });
});
