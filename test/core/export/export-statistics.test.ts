/** Tables of what the votes say: MOS under each method, screening, DMOS with intervals, and scores of pairs. */
import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExportRequest } from '../../../contract/exports.ts';
import type { PairChoice } from '../../../contract/studies.ts';
import { openExport } from '../../../core/export/export-table.ts';
import { mosInterval, summariseVotes } from '../../../core/maths/mos.ts';
import { addImages, ratingClient, studyOf } from '../../support/add-images.ts';
import { importVotes } from '../../support/import-votes.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';
import { rateStudies } from '../../support/rate-studies.ts';
import { readText } from '../../support/read-export.ts';
import { simulatePanel } from '../../support/simulate-panel.ts';

let opened: TestStudio;
beforeAll(() => {
  opened = openTestStudio();
});
afterAll(async () => await opened.close());

async function readExport(request: ExportRequest): Promise<Record<string, string>[]> {
  const text = await readText(await openExport(opened.studio, request));
  return parse(text, { columns: true }) as Record<string, string>[];
}

describe('a panel with a rater who clicks at random', () => {
  const kinds = ['clicker' as const, ...Array.from({ length: 9 }, () => 'honest' as const)];
  const { votes } = simulatePanel({ kinds, items: 40, coverage: 1, seed: 3 });
  let studyId: number;
  const meanOf = (item: number, counts: (rater: number) => boolean) => {
    const own = [...votes.value].filter((_, at) => votes.item[at] === item && counts(votes.rater[at]!));
    return own.reduce((a, b) => a + b, 0) / own.length;
  };
  beforeAll(async () => {
    const lines = [...votes.value].map(
      (value, at) => `i${String(votes.item[at]).padStart(2, '0')}.png,R${votes.rater[at]},${value}`,
    );
    const file = new Blob([['image,rater,value', ...lines].join('\n')]);
    ({ id: studyId } = await importVotes(opened, { source: { fileName: 'p.csv', file } }));
    const { raters } = await opened.client.studies.statistics({ studyId });
    const { raterId } = raters.find(({ name }) => name === 'R0')!;
    const reason = 'Clicks.';
    await opened.client.studies.decideRater({ studyId, raterId, isExcluded: true, reason });
  });

  test('has every image’s MOS under each method, with its interval', async () => {
    const rows = await readExport({ kind: 'estimates', studyId });
    expect(rows).toHaveLength(40);
    const row = rows.find(({ image }) => image === 'i07.png')!;
    expect(Number(row['mos'])).toBeCloseTo(
      meanOf(7, (rater) => rater > 0),
      12,
    );
    expect(Number(row['mos_all_raters'])).toBeCloseTo(
      meanOf(7, () => true),
      12,
    );
    expect(row['mos_decided']).toBe(row['mos']);
    expect(row['ci95_decided']).toBe(row['ci95']);
    expect(row['n']).toBe('9');
    for (const method of ['without_flagged', 'without_bt500', 'without_p913', 'z_scores', 'recovered']) {
      expect(Number(row[`mos_${method}`]), method).toBeGreaterThan(0);
      expect(Number(row[`ci95_${method}`]), method).toBeGreaterThan(0);
    }
    expect(row).not.toHaveProperty('dmos');
  });

  test('has how much each method changes, and why recovery is what it is', async () => {
    const rows = await readExport({ kind: 'comparison', studyId, dimension: 'quality' });
    const { estimates, recovery } = await opened.client.studies.statistics({ studyId });
    expect(rows.map(({ raters }) => Number(raters))).toEqual(estimates.map(({ raters }) => raters));
    const flagged = rows.find(({ method }) => method === 'without_flagged')!;
    expect(Number(flagged['rms_change'])).toBe(estimates[2]!.rmsChange);
    expect(flagged['largest_image']).toMatch(/^i\d\d\.png$/);
    expect(rows.at(-1)!['note']).toBe(recovery.why);
  });

  test('has doubts and decisions by rater', async () => {
    const rows = await readExport({ kind: 'screening', studyId });
    expect(rows).toHaveLength(10);
    expect(rows.find(({ rater }) => rater === 'R0')).toMatchObject({
      decision: 'left out',
      reason: 'Clicks.',
      doubts: expect.stringMatching(/: .*\d/),
      rejected_by_the_book: expect.stringContaining('p913: Correlates'),
    });
  });

  test('BT.500 is switchable to all images, and to what sureal does', async () => {
    const own = await opened.client.studies.statistics({ studyId, withReliability: false });
    const all = await opened.client.studies.statistics({
      studyId,
      withReliability: false,
      bt500Share: 'all',
    });
    // Everybody rated everything: only the words differ.
    expect(all.estimates).toEqual(own.estimates);
    const rejected = (of: typeof own) => of.raters.flatMap(({ byTheBook }) => byTheBook);
    expect(rejected(own).find(({ method }) => method === 'bt500')!.evidence).toContain('the rater’s images');
    expect(rejected(all).find(({ method }) => method === 'bt500')!.evidence).toContain('all images');
  });
});

test('DMOS with hidden references come with Student’s interval, in the statistics and in the table', async () => {
  const { create, open, voteAll } = rateStudies(opened);
  const [reference, image] = addImages(opened.studio, 2) as [number, number];
  const labels = [{ imageId: image, referenceId: reference }];
  const plan = { method: 'hiddenReference' as const };
  const study = await create(studyOf([reference, image], { labels, plan }));
  const given = [
    [5, 3],
    [4, 3],
    [4, 1],
  ] as const;
  for (const [rater, [onReference, own]] of given.entries()) {
    await voteAll(await open(study.id, `R${rater}`), (id) => (id === reference ? onReference : own));
  }
  const expected = summariseVotes(given.map(([onReference, own]) => own - onReference + 5));
  const { images } = await opened.client.studies.statistics({ studyId: study.id });
  const at = images.imageId.indexOf(image);
  expect(images.dmos[at]).toBeCloseTo(expected.mean, 12);
  const { low, high } = mosInterval(expected);
  expect(images.dmosHalf[at]).toBeCloseTo((high! - low!) / 2, 12);
  expect(images.dmos[images.imageId.indexOf(reference)]).toBeNull();
  const rows = await readExport({ kind: 'estimates', studyId: study.id });
  expect(rows.map(({ dmos }) => dmos)).toContain(String(images.dmos[at]));
  const stored = (await opened.client.mos.rows({ mosSetId: study.mosSetId })).filter(
    ({ dimension }) => dimension === 'dmos_quality',
  );
  expect(stored).toMatchObject([{ imageId: image, mean: images.dmos[at], n: 3, low, high }]);
});

test('repeats tell how far a rater agrees with the own first vote', async () => {
  const { create, open, voteAll, rolesOf } = rateStudies(opened);
  const images = addImages(opened.studio, 12);
  const study = await create(studyOf(images, { plan: { order: { repeatedImages: 4 } } }));
  const session = await open(study.id, 'Ada');
  const roles = rolesOf(study.id, 'Ada');
  const base = (imageId: number) => 1 + (images.indexOf(imageId) % 4);
  await voteAll(session, (imageId, at) => base(imageId) + (roles[at]![0] === 'repeat' ? 1 : 0));
  const { raters, reliability } = await opened.client.studies.statistics({ studyId: study.id });
  // Every second vote is one higher: d² / 2 = ½.
  expect(raters).toMatchObject([{ repeats: 4, repeatSd: expect.closeTo(Math.SQRT1_2, 12) }]);
  expect(reliability.retest).toMatchObject({ n: 4, exactAgreement: 0, withinOne: 1, meanDifference: 1 });
});

test('pairs come as scores by Bradley–Terry and Thurstone, or with the reason why not', async () => {
  const images = addImages(opened.studio, 3);
  const plan = { method: 'pairs' as const, pairs: { within: 'all' as const } };
  const study = await opened.client.studies.create(studyOf(images, { plan }));
  async function choose(raterName: string, choiceOf: (left: number, right: number) => PairChoice) {
    const { sessionId, pairs = [] } = await opened.client.rating.open({
      ...{ studyId: study.id, raterName, client: ratingClient },
    });
    for (const { id, left, right } of pairs) {
      const vote = { sessionId, presentationId: id, dimension: 'quality', shownMs: 500, key: randomUUID() };
      await opened.client.rating.votePair({ ...vote, choice: choiceOf(left.imageId, right.imageId) });
    }
  }
  const byId = (left: number, right: number) => (left < right ? 'left' : 'right');
  await choose('P1', byId);
  const early = await opened.client.studies.pairStatistics({ studyId: study.id });
  expect(early.whyNoThurstone).toContain('groups');
  expect(early.images[0]!.thurstone).toBeNull();
  await choose('P2', byId);
  await choose('P3', (left, right) => (byId(left, right) === 'left' ? 'right' : 'left'));
  const rows = await readExport({ kind: 'pairScores', studyId: study.id });
  const { images: scored } = await opened.client.studies.pairStatistics({ studyId: study.id });
  expect(rows.map(({ thurstone }) => Number(thurstone))).toEqual(
    scored.map(({ thurstone }) => thurstone!.score),
  );
  // Two of three prefer the lower id, whichever the pair: both models put the images in that order.
  for (const model of ['bradley_terry', 'thurstone']) {
    const scores = rows.map((row) => Number(row[model]));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(rows.every((row) => Number(row[`${model}_low`]) < Number(row[`${model}_high`]))).toBe(true);
  }
});
