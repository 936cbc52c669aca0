/** The planner and the checklist over a real library: facts are gathered from what happened. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addImages, studyOf } from '../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { rateStudies } from '../support/rate-studies.ts';

let opened: TestStudio;
let images: number[];
let clock = 1_700_000_000_000;
beforeAll(() => {
  opened = openTestStudio({ now: () => clock });
  images = addImages(opened.studio, 4, 2);
});
afterAll(async () => await opened.close());

const order = {
  ...{ images: 100, raters: 20, sessionsPerRater: 1, sessionMinutes: 25, secondsPerVote: 7.5, dimensions: 2 },
  uncountedPerSession: 0,
};

test('a plan takes the spread from a pilot: SDs pooled over its images', async () => {
  const { create, open, voteAll } = rateStudies(opened);
  const pilot = await create(studyOf(images.slice(0, 2)));
  // Image by image: votes 1, 3, 5 (SD 2) and 3, 3, 3 (SD 0): pooled √((2·4 + 2·0)/4) = √2.
  for (const [name, value] of [
    ['A', 1],
    ['B', 3],
    ['C', 5],
  ] as const) {
    await voteAll(await open(pilot.id, name), (id) => (id === images[0] ? value : 3));
  }
  const plan = await opened.client.studies.plan({
    ...order,
    spread: { mosSetId: pilot.mosSetId, dimension: 'quality' },
  });
  expect(plan.sd).toMatchObject({ value: expect.closeTo(Math.SQRT2, 12), n: 2 });
  // 25 min · 60 / (7.5 s · 2) = 100 images a rater: 20 votes on each.
  expect(plan).toMatchObject({ imagesPerRater: 100, votesPerImage: 20, coverage: 1 });
  const same = await opened.client.studies.plan({ ...order, spread: { sd: Math.SQRT2 } });
  expect(same.halfWidth).toEqual(plan.halfWidth);
  const unrated = await create(studyOf(images.slice(0, 2)));
  const empty = opened.client.studies.plan({
    ...order,
    spread: { mosSetId: unrated.mosSetId, dimension: 'quality' },
  });
  await expect(empty).rejects.toMatchObject({ code: 'badInput' });
});

test('the checklist says what was met: raters, training, checks of the eyes, sittings', async () => {
  const { create, open, voteAll } = rateStudies(opened);
  const items = { training: [images[6]!], stabilising: images.slice(4, 6) };
  const study = await create(studyOf(images.slice(0, 4), { items }));
  for (const name of ['A', 'B', 'C', 'D']) {
    const session = await open(study.id, name);
    const detail = { check: 'acuity', passed: name !== 'D' };
    await opened.client.rating.note({
      sessionId: session.sessionId,
      key: randomUUID(),
      kind: 'check',
      at: clock,
      detail,
    });
    clock += 20 * 60_000;
    await voteAll(session, () => 4);
  }
  const { standing, items: list } = await opened.client.studies.checklist({ studyId: study.id });
  expect(standing).toBe('preTest');
  const stateOf = (id: string) => list.find((item) => item.id === id);
  expect(stateOf('observers')).toMatchObject({
    state: 'notMet',
    sentence: expect.stringContaining('4 have voted'),
  });
  expect(stateOf('acuity')).toMatchObject({ state: 'notMet', sentence: expect.stringContaining('3 of 4') });
  expect(stateOf('votesPerImage')!.sentence).toContain('the fewest here are 4');
  expect(list.some(({ sentence }) => sentence.includes('20'))).toBe(true);
  expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
});

test('a rater in doubt is asked for until the owner has decided', async () => {
  const { create, open, voteAll } = rateStudies(opened);
  const many = addImages(opened.studio, 10, 2);
  const study = await create(studyOf(many));
  for (let rater = 0; rater < 8; rater += 1) {
    const spread = (id: number) => 1 + ((many.indexOf(id) + (rater % 2)) % 5);
    await voteAll(await open(study.id, `R${rater}`), rater === 7 ? () => 3 : spread);
  }
  const read = async () => {
    const { items } = await opened.client.studies.checklist({ studyId: study.id });
    return items.find(({ id }) => id === 'screening')!;
  };
  const { raters } = await opened.client.studies.statistics({ studyId: study.id });
  const doubted = raters.filter(({ flags }) => flags.length > 0);
  expect(doubted.map(({ name }) => name)).toContain('R7');
  expect(await read()).toMatchObject({ state: 'notMet', sentence: expect.stringContaining('in doubt') });
  for (const { raterId } of doubted) {
    const decision = { studyId: study.id, raterId, isExcluded: true, reason: 'Always the same.' };
    await opened.client.studies.decideRater(decision);
  }
  expect(await read()).toMatchObject({ state: 'met' });
});

test('a draft stands beside the recommendations before anything is created', async () => {
  const studies = (await opened.client.studies.list()).length;
  const { design, imageIds } = studyOf(images);
  expect(await opened.client.studies.variety({ imageIds })).toEqual({ prompts: 4, generators: 2 });
  const labels = imageIds.slice(0, 2).map((imageId) => ({ imageId, group: 'own', generator: 'other' }));
  expect(await opened.client.studies.variety({ imageIds, labels })).toEqual({ prompts: 4, generators: 3 });
  const draft = {
    ...{ design, images: 8, prompts: 4, references: 0, trainingItems: 3, stabilisingItems: 5 },
    ...{ raters: 15, votesPerImage: 15 },
  };
  const { standing, items } = await opened.client.studies.checkDraft(draft);
  expect(standing).toBe('formal');
  const stateOf = Object.fromEntries(items.map(({ id, state }) => [id, state]));
  expect(stateOf).toMatchObject({
    ...{ observers: 'met', votesPerImage: 'notMet', acuity: 'notApplicable', screening: 'notApplicable' },
    ...{ instructions: 'notMet', training: 'met', stabilising: 'met', sessionLength: 'met', spacing: 'met' },
  });
  const better = await opened.client.studies.checkDraft({
    ...draft,
    ...{ design: { ...design, instructions: 'Look well.' }, votesPerImage: 24, environment: 'controlled' },
  });
  expect(better.items.filter(({ state }) => state === 'notMet').map(({ id }) => id)).toEqual(['repeats']);
  expect((await opened.client.studies.list()).length, 'nothing is stored').toBe(studies);
});
