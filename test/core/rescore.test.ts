/** Re-scoring: every stored vector gets the head's value, nothing else does, and the head is active only at the end. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { predictHead } from '../../core/maths/head.ts';
import { createRandom } from '../../core/maths/random.ts';
import { saveFeature } from '../../db/features.ts';
import { activeHeads, readScores, saveHead } from '../../db/heads.ts';
import { saveImage } from '../../db/images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let opened: TestStudio;
beforeEach(() => {
  opened = openTestStudio();
});
afterEach(async () => await opened.close());

const length = 727;

/** Images with made features; every tenth has none, and every eleventh those of an older version. */
function fillLibrary(count: number): Map<number, Float32Array> {
  const { db, packs } = opened.studio;
  const { version } = packs.get('classic')!.manifest.features;
  const random = createRandom(5);
  const stored = new Map<number, Float32Array>();
  db.transaction(() => {
    for (let at = 1; at <= count; at += 1) {
      const seen = { format: 'png', width: 1, height: 1, sizeBytes: 1 };
      const imageId = saveImage(db, { hash: `h${at}`, name: `${at}.png`, ...seen }, 0);
      if (at % 10 === 0) continue;
      const values = Float32Array.from({ length }, () => random.normal());
      const isOld = at % 11 === 0;
      saveFeature(db, {
        packId: 'classic',
        imageId,
        kind: 'features',
        version: version + (isOld ? 1 : 0),
        values,
      });
      if (!isOld) stored.set(imageId, values);
    }
  });
  return stored;
}

/** A second quality head: the shipped one under another name. */
function addHead(): number {
  const { db, packs } = opened.studio;
  const { bytes } = packs.get('classic')!.heads.find(({ about }) => about.target === 'quality')!;
  return saveHead(db, {
    ...{ pack_id: 'classic', name: 'Copy', kind: 'network', inputs: 'features', target: 'quality' },
    ...{ parent_id: null, is_shipped: 0, created_at: 0, data_hash: null },
    ...{ weights: bytes, weights_hash: 'copy', report: '{"heldOut":null,"trainedOn":null,"note":""}' },
  });
}

test('gives every image with current features the head’s value, whatever thread it came from', async () => {
  const stored = fillLibrary(4500);
  const headId = addHead();
  const job = await opened.finish(opened.client.heads.activate({ id: headId }));
  expect(job).toMatchObject({ state: 'done', summary: { rows: stored.size, headId } });
  const { head } = opened.studio.packs.get('classic')!.heads.find(({ about }) => about.target === 'quality')!;
  const expected = [...stored].map(([id, values]) => [id, predictHead(head, values, 1)[0]]);
  expect(readScores(opened.studio.db, headId)).toEqual(expected);
  const active = activeHeads(opened.studio.db, 'classic').find(({ target }) => target === 'quality');
  expect(active?.id).toBe(headId);
});

test('a run that is cancelled leaves the head before it active', async () => {
  fillLibrary(3000);
  const before = activeHeads(opened.studio.db, 'classic').find(({ target }) => target === 'quality')?.id;
  const headId = addHead();
  const { id } = await opened.client.heads.activate({ id: headId });
  const job = await opened.client.jobs.cancel({ id });
  expect(job.state).toBe('cancelled');
  expect(activeHeads(opened.studio.db, 'classic').find(({ target }) => target === 'quality')?.id).toBe(
    before,
  );
});

test('an empty library is done at once', async () => {
  const job = await opened.finish(opened.client.heads.activate({ id: addHead() }));
  expect(job).toMatchObject({ state: 'done', summary: { rows: 0 } });
});
