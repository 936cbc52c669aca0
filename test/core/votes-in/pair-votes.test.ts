/** Choices between pairs in and out: what was exported comes back byte for byte, and anybody's table is read by its words. */
import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/maths/random.ts';
import { addImages, ratingClient, studyOf } from '../../support/add-images.ts';
import { exportOf, fileOf, importVotes } from '../../support/import-votes.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

const opened: TestStudio[] = [];
function openFresh(): TestStudio {
  const fresh = openTestStudio();
  opened.push(fresh);
  return fresh;
}
afterAll(async () => await Promise.all(opened.map(async ({ close }) => await close())));

/** Choices with what makes their export hard: ties, skips, corrections, repeats, awkward names. */
async function makePairStudy(seed: number): Promise<{ owner: TestStudio; studyId: number }> {
  const owner = openFresh();
  const random = createRandom(seed);
  const plan = { method: 'pairs' as const, order: { repeatedImages: 2 } };
  const study = await owner.client.studies.create(studyOf(addImages(owner.studio, 3, 3), { plan }));
  for (const raterName of ['Ada', '=SUM(A1)', 'Ünal, B. "Bo"']) {
    const session = await owner.client.rating.open({ studyId: study.id, raterName, client: ratingClient });
    for (const { id } of session.pairs ?? []) {
      for (let times = random.below(3); times > 0; times -= 1) {
        const choice = (['left', 'right', 'tie', 'skip'] as const)[random.below(4)]!;
        const place = { sessionId: session.sessionId, presentationId: id, dimension: 'quality' };
        const took = { shownMs: random.next() * 5000, keyMs: random.next() * 4000 };
        await owner.client.rating.votePair({ ...place, choice, key: randomUUID(), ...took });
      }
    }
  }
  return { owner, studyId: study.id };
}

describe('choices between pairs', () => {
  test('exported → fresh library → imported → exported are the same bytes, and give the same scores', async () => {
    const { owner, studyId } = await makePairStudy(4);
    const first = await exportOf(owner, { kind: 'pairs', studyId });
    const fresh = openFresh();
    const preview = await fresh.client.studies.previewVotes(fileOf(first.text));
    expect(preview).toMatchObject({ shape: 'pairs', raters: 3, images: 9, scale: null, problems: [] });
    const study = await importVotes(fresh, fileOf(first.text, first.fileName));
    expect((await exportOf(fresh, { kind: 'pairs', studyId: study.id })).text).toBe(first.text);
    const scoresOf = async ({ client }: TestStudio, id: number) =>
      (await client.studies.pairStatistics({ studyId: id })).images
        .map(({ score }) => Math.round(1e9 * score) / 1e9 + 0)
        .sort((a, b) => a - b);
    expect(await scoresOf(fresh, study.id)).toEqual(await scoresOf(owner, studyId));
    await expect(importVotes(fresh, fileOf(first.text))).rejects.toMatchObject({ code: 'conflict' });
  });

  test('of anybody are read by the words of their columns, the winner by its name or its place', async () => {
    const fresh = openFresh();
    const text =
      'image_a,image_b,winner,subject\na.png,b.png,a.png,S1\na.png,b.png,2,S2\na.png,c.png,tie,S1\n';
    const study = await importVotes(fresh, fileOf(text));
    expect(study).toMatchObject({ votes: 3, raters: 2, stimuli: 3, design: { plan: { method: 'pairs' } } });
    const wrong = 'image_a,image_b,winner,subject\na.png,a.png,1,S1\na.png,b.png,d.png,S1\n';
    const { problems } = await fresh.client.studies.previewVotes(fileOf(wrong));
    expect(problems.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'an image is compared with itself'],
      [3, expect.stringContaining('“d.png”')],
    ]);
  });
});
