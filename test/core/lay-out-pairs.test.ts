/** Which pairs a rater is given where a sitting has a fixed number: those that tell most, and never one twice. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PairCard } from '../../contract/studies.ts';
import { addImages, ratingClient, studyOf } from '../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let opened: TestStudio;
let images: number[];
beforeAll(() => {
  opened = openTestStudio();
  images = addImages(opened.studio, 6);
});
afterAll(async () => await opened.close());

async function createPairs(itemsPerSitting: number, choice?: 'fewestVotes') {
  const pairs = { within: 'all' as const, ...(choice === undefined ? {} : { choice }) };
  return await opened.client.studies.create(
    studyOf(images, { plan: { method: 'pairs', pairs, sittings: { itemsPerSitting } } }),
  );
}
async function open(studyId: number, raterName: string) {
  const { sessionId, pairs = [] } = await opened.client.rating.open({
    studyId,
    raterName,
    client: ratingClient,
  });
  return { sessionId, pairs };
}
function nameOf({ left, right }: PairCard): string {
  return [left.imageId, right.imageId].sort((a, b) => a - b).join();
}
async function answer(sitting: Awaited<ReturnType<typeof open>>, isLeftBetter: (card: PairCard) => boolean) {
  for (const card of sitting.pairs.filter(({ choices }) => Object.keys(choices).length === 0)) {
    const vote = { sessionId: sitting.sessionId, presentationId: card.id, dimension: 'quality', shownMs: 9 };
    await opened.client.rating.votePair({
      ...vote,
      key: randomUUID(),
      choice: isLeftBetter(card) ? 'left' : 'right',
    });
  }
}

test.each([undefined, 'fewestVotes'] as const)(
  'raters at once are sent to different pairs (%s)',
  async (choice) => {
    const study = await createPairs(5, choice);
    const all = (await Promise.all(['A', 'B', 'C'].map((name) => open(study.id, name)))).flatMap(
      ({ pairs }) => pairs.map(nameOf),
    );
    expect(all).toHaveLength(15);
    expect(new Set(all).size).toBe(15);
  },
);

test('a rater gets further pairs until all were seen, none twice', async () => {
  const study = await createPairs(4);
  let seen: string[] = [];
  for (let sitting = 0; sitting < 5; sitting += 1) {
    const opened = await open(study.id, 'Solo');
    seen = opened.pairs.map(nameOf);
    await answer(opened, ({ left, right }) => left.imageId < right.imageId);
  }
  expect(seen).toHaveLength(15);
  expect(new Set(seen).size).toBe(15);
});

test('what is clear already is asked less: after many answers, pairs of like images come first', async () => {
  const study = await createPairs(15);
  // Images 0–2 beat 3–5 always; within each half it is even.
  const isHigh = (id: number) => images.indexOf(id) < 3;
  for (let rater = 0; rater < 6; rater += 1) {
    await answer(await open(study.id, `R${rater}`), ({ left, right }) =>
      isHigh(left.imageId) === isHigh(right.imageId) ? left.imageId % 2 === rater % 2 : isHigh(left.imageId),
    );
  }
  // The design is frozen by now; only this test asks the same study for shorter sittings.
  const plan = opened.studio.db.prepare('UPDATE study SET design = json_set(design, ?, 4) WHERE id = ?');
  plan.run('$.plan.sittings.itemsPerSitting', study.id);
  const next = await open(study.id, 'Late');
  expect(next.pairs).toHaveLength(4);
  for (const { left, right } of next.pairs) expect(isHigh(left.imageId)).toBe(isHigh(right.imageId));
});
