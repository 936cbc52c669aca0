import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../contract/agreement.ts';
import { pearson, rootMeanSquareError, spearman } from '../../core/maths/correlation.ts';
import { kendallTauB } from '../../core/maths/kendall.ts';
import { saveSignal } from '../../db/features.ts';
import { imageById, savePrompt } from '../../db/images.ts';
import { writeScenes } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

const count = 12;
let test: TestStudio;
let imageIds: number[];
/** The image table: one MOS a scored scene, and three that no file ever came for. */
let mosSetId: number;
let scores: Map<number, number>;
let niqe: Map<number, number>;
let qualityHeadId: number;
const mosOf = new Map<number, number>();

beforeAll(async () => {
  test = openTestStudio();
  const folder = test.folder('scenes');
  await writeScenes(folder, count, { width: 200, height: 100 });
  await test.finish(test.client.library.score({ folder }));
  imageIds = (await test.client.images.query({ order: 'name' })).ids;
  const cards = await test.client.images.cards({ ids: imageIds });
  scores = new Map(cards.map(({ id, scores }) => [id, scores['quality']!]));
  niqe = new Map();
  for (const id of imageIds) {
    const { signals } = await test.client.images.detail({ id });
    niqe.set(id, signals.find(({ name }) => name === 'niqe')!.value);
  }
  qualityHeadId = (await test.client.heads.list()).find(({ target }) => target === 'quality')!.id;
  // Labels that lean on NIQE and on chance, with ties: neither perfect nor opposed.
  const lines = cards.map(({ id, name }, at) => {
    const mos = Math.round(20 - 2 * niqe.get(id)! + ((at * 7) % 5)) / 2;
    mosOf.set(id, mos);
    return `${name},${mos}`;
  });
  const file = new Blob([['name,mos', ...lines, 'no-1.png,3', 'no-2.png,4', 'no-3.png,1'].join('\n')]);
  mosSetId = (await test.client.mos.import({ source: { fileName: 'm.csv', file } })).id;
});
afterAll(() => test.close());

function byHead(): Comparison {
  return { prediction: { kind: 'head', headId: qualityHeadId }, mosSetId, dimension: 'quality' };
}
function byNiqe(): Comparison {
  return {
    prediction: { kind: 'signal', packId: 'classic', signal: 'niqe' },
    mosSetId,
    dimension: 'quality',
  };
}
function pairs(values: Map<number, number>, sign = 1) {
  return {
    x: Float64Array.from(imageIds, (id) => sign * values.get(id)!),
    y: Float64Array.from(imageIds, (id) => mosOf.get(id)!),
  };
}

describe('what can be compared', () => {
  it('is every head with scores and every signal with values, each with its direction', async () => {
    const choices = await test.client.agreement.choices();
    expect(choices.every(({ images }) => images === count)).toBe(true);
    expect(choices.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Classic quality', 'Classic alignment', 'NIQE', 'Q (quality)']),
    );
    expect(choices.find(({ label }) => label === 'NIQE')).toMatchObject({
      higherIsBetter: false,
      target: null,
    });
    expect(choices.find(({ label }) => label === 'Classic quality')).toMatchObject({
      prediction: byHead().prediction,
      higherIsBetter: true,
      isActive: true,
    });
    expect(choices.some(({ prediction }) => prediction.kind === 'signal' && prediction.signal === 's')).toBe(
      false,
    );
  });

  it('counts a signal that depends on the prompt for the prompt that an image has now', async () => {
    const { db } = test.studio;
    const [first, second] = imageIds as [number, number];
    const current = imageById(db, first)!.prompt_id!;
    const former = savePrompt(db, 'a prompt that this image had before');
    const signal = { packId: 'classic', name: 's' };
    saveSignal(db, { ...signal, imageId: first, promptId: former, value: 0.1 });
    saveSignal(db, { ...signal, imageId: second, promptId: former, value: 0.2 });
    saveSignal(db, { ...signal, imageId: first, promptId: current, value: 0.3 });
    const prediction = { kind: 'signal' as const, packId: 'classic', signal: 's' };
    const choice = (await test.client.agreement.choices()).find(
      (one) => one.prediction.kind === 'signal' && one.prediction.signal === 's',
    );
    expect(choice).toMatchObject({ prediction, images: 1 });
    db.prepare("DELETE FROM signal WHERE name = 's'").run();
  });
});

describe('agreement with an imported MOS table', () => {
  it('has the coefficients of the same pairs, and counts those without a prediction', async () => {
    const { overall, missingPrediction, higherIsBetter } = await test.client.agreement.measure(byHead());
    const { x, y } = pairs(scores);
    expect([overall.n, missingPrediction, higherIsBetter]).toEqual([count, 3, true]);
    expect(overall.srcc).toMatchObject({ value: expect.closeTo(spearman(x, y)!, 12), n: count });
    expect(overall.plcc).toMatchObject({ value: expect.closeTo(pearson(x, y)!, 12) });
    expect(overall.krcc).toMatchObject({ value: expect.closeTo(kendallTauB(x, y)!, 12) });
    expect(overall.rmse).toMatchObject({ value: expect.closeTo(rootMeanSquareError(x, y)!, 12) });
    expect(overall.mainScore).toMatchObject({
      value: expect.closeTo((spearman(x, y)! + pearson(x, y)!) / 2, 12),
    });
    for (const estimate of [overall.srcc, overall.plcc, overall.krcc]) {
      if (!('value' in estimate)) throw new Error(estimate.reason);
      expect(estimate.low!).toBeLessThan(estimate.value);
      expect(estimate.high!).toBeGreaterThan(estimate.value);
    }
  });

  it('turns the sign of NIQE, of which less is better', async () => {
    const { overall, higherIsBetter } = await test.client.agreement.measure(byNiqe());
    const { x, y } = pairs(niqe, -1);
    expect(higherIsBetter).toBe(false);
    expect(overall.srcc).toMatchObject({ value: expect.closeTo(spearman(x, y)!, 12) });
    expect(overall.plcc).toMatchObject({ value: expect.closeTo(pearson(x, y)!, 12) });
    expect(spearman(x, y)).toBeGreaterThan(0);
  });

  it('is told for each generator alone', async () => {
    const { byGenerator } = await test.client.agreement.measure(byHead());
    expect(byGenerator.map(({ generator, coefficients }) => [generator, coefficients.n])).toEqual([
      ['painter', count / 2],
      ['sketcher', count / 2],
    ]);
    const own = imageIds.filter((_, at) => at % 2 === 0);
    const x = Float64Array.from(own, (id) => scores.get(id)!);
    const y = Float64Array.from(own, (id) => mosOf.get(id)!);
    expect(byGenerator[0]!.coefficients.srcc).toMatchObject({ value: expect.closeTo(spearman(x, y)!, 12) });
  });

  it('has no human ceiling, and says why', async () => {
    const { humanCeiling } = await test.client.agreement.measure(byHead());
    expect(humanCeiling).toEqual({ reason: 'This MOS set has no votes of single raters.', n: 0 });
  });

  it('without a single pair has reasons in place of numbers', async () => {
    const file = new Blob(['name,mos\nno-1.png,3\nno-2.png,4\n']);
    const set = await test.client.mos.import({ source: { fileName: 'none.csv', file } });
    const nothing = await test.client.agreement.measure({ ...byHead(), mosSetId: set.id });
    expect(nothing).toMatchObject({ missingPrediction: 2, byGenerator: [], overall: { n: 0 } });
    expect(nothing.overall.srcc).toEqual({ reason: expect.any(String), n: 0 });
    const points = await test.client.agreement.points({ ...byHead(), mosSetId: set.id });
    expect(points).toMatchObject({ imageIds: [], mapped: [], curve: [] });
  });

  it.each([
    ['set', { mosSetId: 999 }],
    ['head', { prediction: { kind: 'head' as const, headId: 999 } }],
    ['signal', { prediction: { kind: 'signal' as const, packId: 'classic', signal: 'none' } }],
    ['pack', { prediction: { kind: 'signal' as const, packId: 'none', signal: 'q' } }],
  ])('of an unknown %s is refused', async (_, change) => {
    await expect(test.client.agreement.measure({ ...byHead(), ...change })).rejects.toMatchObject({
      code: 'notFound',
    });
  });
});

describe('the scatter', () => {
  it('holds every pair with its generator, in columns', async () => {
    const points = await test.client.agreement.points(byHead());
    expect(points.imageIds.toSorted((a, b) => a - b)).toEqual(imageIds.toSorted((a, b) => a - b));
    expect(points.predicted).toEqual(points.imageIds.map((id) => scores.get(id)));
    expect(points.mos).toEqual(points.imageIds.map((id) => mosOf.get(id)));
    expect(points.generators).toEqual(['painter', 'sketcher']);
    const cards = await test.client.images.cards({ ids: points.imageIds });
    expect(points.generator.map((at) => points.generators[at])).toEqual(
      cards.map(({ generator }) => generator),
    );
    expect(points.curve[0]![0]).toBe(Math.min(...points.predicted));
    expect(points.curve.at(-1)![0]).toBe(Math.max(...points.predicted));
  });
});

describe('the largest disagreements', () => {
  it.each([
    ['scores', byHead],
    ['NIQE', byNiqe],
  ])('of %s come the largest first, in units of the MOS', async (_, comparison) => {
    const worst = await test.client.agreement.disagreements({ ...comparison(), limit: 5 });
    const points = await test.client.agreement.points(comparison());
    const gaps = points.mapped.map((value, at) => Math.abs(value - points.mos[at]!)).sort((a, b) => b - a);
    expect(worst.map(({ gap }) => Math.abs(gap))).toEqual(gaps.slice(0, 5));
    for (const row of worst) {
      const at = points.imageIds.indexOf(row.imageId);
      expect(row).toMatchObject({ hasFile: true, mos: points.mos[at], predicted: points.predicted[at] });
      expect(row.gap).toBe(row.mapped - row.mos);
    }
  });
});

describe('a study with raters', () => {
  it('has a human ceiling beside the agreement with its MOS', async () => {
    const scale = { kind: 'acr' as const, words: ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'] };
    const dimension = { key: 'quality', label: 'Quality', question: '', showsPrompt: false, scale };
    const design = { seed: 3, instructions: '', dimensions: [dimension] };
    const study = await test.client.studies.create({ name: 'Panel', imageIds, design });
    const client = { windowWidth: 1280, windowHeight: 800, devicePixelRatio: 1, userAgent: 'test' };
    for (const [rater, raterName] of ['Ada', 'Bea', 'Cy'].entries()) {
      const session = await test.client.rating.open({ studyId: study.id, raterName, client });
      for (const { id: presentationId, imageId } of session.presentations) {
        const at = imageIds.indexOf(imageId);
        const value = Math.max(1, Math.min(5, 1 + (at % 5) + ((at + rater) % 3 === 0 ? 1 : 0)));
        const key = randomUUID();
        const { sessionId } = session;
        await test.client.rating.vote({
          sessionId,
          presentationId,
          dimension: 'quality',
          value,
          key,
          shownMs: 500,
        });
      }
    }
    const own = (await test.client.studies.list()).find(({ id }) => id === study.id)!;
    const measured = await test.client.agreement.measure({ ...byHead(), mosSetId: own.mosSetId });
    expect(measured).toMatchObject({ missingPrediction: 0, overall: { n: count } });
    const { humanCeiling } = measured;
    if (!('value' in humanCeiling)) throw new Error(humanCeiling.reason);
    expect(humanCeiling.n).toBe(count);
    expect(humanCeiling.value).toBeGreaterThan(0.7);
    expect(humanCeiling.value).toBeLessThan(1);
    expect(humanCeiling.low!).toBeLessThan(humanCeiling.value);
  });
});
