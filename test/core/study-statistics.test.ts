/** Statistics over a real library: flags with evidence, the owner's decisions with reasons, MOS that follow and name their method. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StudyStatistics } from '../../contract/study-statistics.ts';
import { addImages, ratingClient, studyOf } from '../support/add-images.ts';
import { importVotes } from '../support/import-votes.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { rateStudies } from '../support/rate-studies.ts';
import { simulatePanel } from '../support/simulate-panel.ts';

let opened: TestStudio;
beforeAll(() => {
  opened = openTestStudio();
});
afterAll(async () => await opened.close());

describe('a study of ten raters, one of whom clicks at random', () => {
  const { votes } = simulatePanel({
    kinds: ['clicker', ...Array.from({ length: 9 }, () => 'honest' as const)],
    ...{ items: 60, coverage: 1, seed: 3 },
  });
  let studyId: number;
  let mosSetId: number;
  let statistics: StudyStatistics;
  const meanWithout = (item: number, left: number | null) => {
    const own = [...votes.value].filter((_, at) => votes.item[at] === item && votes.rater[at] !== left);
    return own.reduce((a, b) => a + b, 0) / own.length;
  };
  beforeAll(async () => {
    const lines = [...votes.value].map((value, at) => {
      const image = `image-${String(votes.item[at]).padStart(2, '0')}.png`;
      return `${image},Rater ${votes.rater[at]},${value}`;
    });
    const file = new Blob([['image,rater,value', ...lines].join('\n')]);
    const study = await importVotes(opened, { source: { fileName: 'panel.csv', file } });
    ({ id: studyId, mosSetId } = study);
    statistics = await opened.client.studies.statistics({ studyId });
  });

  test('is told with MOS, z-MOS, recovery, reliability and the MOS under each method', async () => {
    const { images } = statistics;
    expect(images.imageId).toHaveLength(60);
    expect(images.mos[0]).toBeCloseTo(meanWithout(0, null), 12);
    for (const column of [images.zMos, images.recovered, images.half]) {
      expect(column).toHaveLength(60);
      expect(column).not.toContain(null);
    }
    const { reliability } = statistics;
    expect(reliability.alphaInterval).toHaveProperty('value');
    expect(reliability.icc['ICC(2,k)']).toHaveProperty('value');
    expect(reliability.splitHalf).toHaveProperty('value');
    const live = await opened.client.studies.statistics({ studyId, withReliability: false });
    expect(live.images).toEqual(statistics.images);
    expect(live.reliability.splitHalf).toHaveProperty('reason');
    expect(statistics.estimates.map(({ name }) => name)).toEqual([
      'mos',
      'decided',
      'withoutFlagged',
      'withoutBt500',
      'withoutP913',
      'zScores',
      'biasRemoval',
      'biasRemovalBt500',
      'recovered',
    ]);
    expect(statistics.estimates[2]).toMatchObject({ name: 'withoutFlagged', raters: 9 });
    expect(statistics.estimates[2]!.mos[0]).toBeCloseTo(meanWithout(0, 0), 12);
    expect(reliability.kappaQuadratic).toHaveProperty('value');
    expect(reliability.retest).toMatchObject({ reason: 'No rater saw an image twice.' });
  });

  test('comes without its images where they are asked for a page at a time, in the order of any column', async () => {
    const slim = await opened.client.studies.statistics({ studyId, withImages: false });
    expect(slim).toMatchObject({ raters: statistics.raters, images: { imageId: [], mos: [] } });
    expect(slim.estimates).toMatchObject(
      statistics.estimates.map(({ rmsChange }) => ({ rmsChange, mos: [] })),
    );
    const ask = { studyId, view: 'scores' as const, order: 'sd', isDescending: false };
    const pages = [0, 40, 80].map((from) =>
      opened.client.studies.imageStatistics({ ...ask, from, count: 40 }),
    );
    const [first, second, third] = await Promise.all(pages);
    expect([first!.total, second!.rows.length, third!.rows.length]).toEqual([60, 20, 0]);
    const rows = [...first!.rows, ...second!.rows];
    const { images } = statistics;
    const sds = rows.map(({ values }) => values['sd']!);
    expect(sds).toEqual([...images.sd].sort((a, b) => a! - b!));
    for (const { imageId, name, values } of rows) {
      const at = images.imageId.indexOf(imageId);
      expect(name).toBe(`image-${String(at).padStart(2, '0')}.png`);
      expect(values).toMatchObject({ mos: images.mos[at], n: images.n[at], zMos: images.zMos[at] });
      expect(values).not.toHaveProperty('dmos');
    }
    const methods = await opened.client.studies.imageStatistics({
      ...ask,
      view: 'methods',
      order: 'recovered',
    });
    const { mos } = statistics.estimates.find(({ name }) => name === 'recovered')!;
    expect(methods.rows[0]!.values['recovered']).toBe(Math.min(...mos.map((value) => value!)));
    await expect(opened.client.studies.imageStatistics({ ...ask, order: 'name' })).rejects.toMatchObject({
      code: 'badInput',
    });
  });

  test('flags that rater with its evidence, and nobody else; nothing is left out by that', async () => {
    const flagged = statistics.raters.filter(({ flags }) => flags.length > 0);
    expect(flagged.map(({ name }) => name)).toEqual(['Rater 0']);
    expect(flagged[0]!.flags[0]!.evidence).toMatch(/\d/);
    const rows = await opened.client.mos.rows({ mosSetId });
    expect(rows.every(({ n }) => n === 10)).toBe(true);
  });

  test('leaves a rater out when the owner says so, with a reason that is kept; MOS follow and name it; and back again', async () => {
    const { raterId } = statistics.raters.find(({ name }) => name === 'Rater 0')!;
    const reason = 'Votes at random: see the flag.';
    const order = { studyId, raterId, isExcluded: true };
    await expect(opened.client.studies.decideRater({ ...order, reason: ' ' })).rejects.toThrow();
    expect(await opened.client.studies.decideRater({ ...order, reason })).toMatchObject([
      { isExcluded: true, reason },
    ]);
    const rows = await opened.client.mos.rows({ mosSetId });
    expect(rows.every(({ n }) => n === 9)).toBe(true);
    expect(rows.find(({ name }) => name === 'image-07.png')!.mean).toBeCloseTo(meanWithout(7, 0), 12);
    const set = (await opened.client.mos.sets()).find(({ id }) => id === mosSetId)!;
    expect(set.method).toContain('without 1 rater');
    const after = await opened.client.studies.statistics({ studyId });
    const page = await opened.client.studies.imageStatistics({ studyId, view: 'scores' });
    expect(page.rows.map(({ values }) => values['n'])).toEqual(Array.from({ length: 60 }, () => 9));
    expect(after.images.mos[7]).toBeCloseTo(meanWithout(7, 0), 12);
    expect(after.raters.find((rater) => rater.raterId === raterId)).toMatchObject({
      decisions: [{ isExcluded: true, reason }],
    });
    expect(() => opened.studio.db.sqlite.exec('DELETE FROM rater_decision')).toThrow(/append-only/);
    const back = await opened.client.studies.decideRater({
      ...order,
      isExcluded: false,
      reason: 'A mistake.',
    });
    expect(back.map(({ isExcluded }) => isExcluded)).toEqual([true, false]);
    expect((await opened.client.mos.rows({ mosSetId })).every(({ n }) => n === 10)).toBe(true);
    await expect(opened.client.studies.decideRater({ ...order, raterId: 999, reason })).rejects.toMatchObject(
      { code: 'notFound' },
    );
  });
});

test('an image whose only rater is left out has no MOS', async () => {
  const { create, open, voteAll } = rateStudies(opened);
  const study = await create(studyOf(addImages(opened.studio, 2)));
  await voteAll(await open(study.id, 'Solo'), () => 3);
  const [solo] = await opened.client.studies.raters({ studyId: study.id });
  const raterId = solo!.id;
  await opened.client.studies.decideRater({
    studyId: study.id,
    raterId,
    isExcluded: true,
    reason: 'A test.',
  });
  expect(await opened.client.mos.rows({ mosSetId: study.mosSetId })).toEqual([]);
});

test('gold items that were missed are a doubt about a rater', async () => {
  const { create, open, voteAll, rolesOf } = rateStudies(opened);
  const images = addImages(opened.studio, 30);
  const gold = images
    .slice(25)
    .map((imageId) => ({ imageId, dimension: 'quality', expected: 5, tolerance: 0 }));
  const study = await create(studyOf(images.slice(0, 25), { items: { gold } }));
  for (const name of ['Good 1', 'Good 2', 'Careless']) {
    const session = await open(study.id, name);
    const roles = rolesOf(study.id, name);
    await voteAll(session, (imageId, at) => {
      if (roles[at]![0] !== 'gold') return 1 + (imageId % 5);
      return name === 'Careless' ? 1 : 5;
    });
  }
  const { raters } = await opened.client.studies.statistics({ studyId: study.id });
  const flagsOf = (name: string) =>
    raters.find((rater) => rater.name === name)!.flags.map(({ method }) => method);
  expect(flagsOf('Careless')).toContain('gold');
  expect(flagsOf('Good 1')).not.toContain('gold');
});

test('pairs become scores: the image that is preferred more often stands higher', async () => {
  const images = addImages(opened.studio, 3);
  const study = await opened.client.studies.create(
    studyOf(images, { plan: { method: 'pairs', pairs: { within: 'all' } } }),
  );
  await expect(opened.client.studies.pairStatistics({ studyId: study.id })).rejects.toMatchObject({
    code: 'badInput',
  });
  for (let rater = 0; rater < 8; rater += 1) {
    const order = { studyId: study.id, raterName: `P${rater}`, client: ratingClient };
    const { sessionId, pairs = [] } = await opened.client.rating.open(order);
    for (const [at, { id, left, right }] of pairs.entries()) {
      // Lower ids are preferred, but for every fourth rater's first answer.
      const isLeft = left.imageId < right.imageId !== (rater % 4 === 0 && at === 0);
      const vote = { sessionId, presentationId: id, dimension: 'quality', shownMs: 500, key: randomUUID() };
      await opened.client.rating.votePair({ ...vote, choice: isLeft ? 'left' : 'right' });
    }
  }
  const { images: scored, comparisons } = await opened.client.studies.pairStatistics({ studyId: study.id });
  expect(comparisons).toBe(24);
  const [a, b, c] = scored;
  expect(a!.score).toBeGreaterThan(b!.score);
  expect(b!.score).toBeGreaterThan(c!.score);
});
