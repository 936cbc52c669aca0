/** Raw votes in and out: what was exported comes back byte for byte, wrong rows are told by line, real data is read. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scalePresets } from '../../../contract/studies.ts';
import { createRandom } from '../../../core/maths/random.ts';
import { guessScale } from '../../../core/votes-in/guess-scale.ts';
import { addImages, ratingClient, studyOf } from '../../support/add-images.ts';
import { exportOf, fileOf, importVotes } from '../../support/import-votes.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';
import { hasShared, sharedPath } from '../../support/shared.ts';

const opened: TestStudio[] = [];
function openFresh(): TestStudio {
  const fresh = openTestStudio();
  opened.push(fresh);
  return fresh;
}
afterAll(async () => await Promise.all(opened.map(async ({ close }) => await close())));

/** A study with everything that makes exports hard: two dimensions, corrections, repeats, checks, missing votes, awkward names. */
async function makeStudy(
  seed: number,
  missing = 0.3,
): Promise<{ owner: TestStudio; studyId: number; mosSetId: number }> {
  const owner = openFresh();
  const random = createRandom(seed);
  const images = addImages(owner.studio, 4, 2);
  const base = studyOf(images.slice(0, 6), {
    name: 'Odd, “names” & all',
    items: {
      stabilising: [images[6]!],
      gold: [{ imageId: images[7]!, dimension: 'quality', expected: 3, tolerance: 1 }],
    },
    plan: { order: { repeatedImages: 1 } },
  });
  const [quality] = base.design.dimensions;
  const dimensions = [quality!, { ...quality!, key: 'alignment', scale: scalePresets.continuous5 }];
  const study = await owner.client.studies.create({ ...base, design: { ...base.design, dimensions } });
  for (const raterName of ['Ada', '=SUM(A1)', 'Ünal, B. "Bo"', '7']) {
    const session = await owner.client.rating.open({ studyId: study.id, raterName, client: ratingClient });
    for (const { id } of session.presentations) {
      for (const dimension of ['quality', 'alignment', 'quality']) {
        if (random.next() < missing) continue;
        const value = dimension === 'quality' ? 1 + random.below(5) : random.below(51) / 10;
        const times = { shownMs: random.next() * 5000, keyMs: random.next() * 4000 };
        const place = { sessionId: session.sessionId, presentationId: id, dimension };
        await owner.client.rating.vote({ ...place, value, key: randomUUID(), ...times });
      }
    }
  }
  return { owner, studyId: study.id, mosSetId: study.mosSetId };
}

describe('export → fresh library → import → export', () => {
  test.each(['votes', 'matrix', 'p910', 'sureal'] as const)('of %s gives the same bytes', async (kind) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1000 }),
        fc.constantFrom(0.3, 0.9),
        async (seed, missing) => {
          const { owner, studyId } = await makeStudy(seed, missing);
          const first = await exportOf(owner, { kind, studyId });
          const fresh = openFresh();
          const study = await importVotes(fresh, fileOf(first.text, first.fileName));
          expect((await exportOf(fresh, { kind, studyId: study.id })).text).toBe(first.text);
        },
      ),
      { numRuns: 3, seed: 3 },
    );
  });

  test('of MOS in AGIQA-3K’s columns gives the same bytes', async () => {
    const { owner, mosSetId } = await makeStudy(5);
    const first = await exportOf(owner, { kind: 'mos', mosSetId });
    const fresh = openFresh();
    const set = await fresh.client.mos.import(fileOf(first.text, first.fileName));
    expect((await exportOf(fresh, { kind: 'mos', mosSetId: set.id })).text).toBe(first.text);
  });

  test('keeps what counts: roles, repeats, corrections, so that MOS are the same, too', async () => {
    const { owner, studyId, mosSetId } = await makeStudy(9);
    const fresh = openFresh();
    const study = await importVotes(fresh, fileOf((await exportOf(owner, { kind: 'votes', studyId })).text));
    expect(study).toMatchObject({ origin: 'table', raters: 4 });
    const rowsOf = async ({ client }: TestStudio, id: number) =>
      (await client.mos.rows({ mosSetId: id })).map(({ name, dimension, mean, sd, n }) => ({
        name,
        dimension,
        mean,
        sd,
        n,
      }));
    const byName = (a: { name: string; dimension: string }, b: typeof a) =>
      `${a.name}${a.dimension}` < `${b.name}${b.dimension}` ? -1 : 1;
    expect((await rowsOf(fresh, study.mosSetId)).sort(byName)).toEqual(
      (await rowsOf(owner, mosSetId)).sort(byName),
    );
    const again = importVotes(fresh, fileOf((await exportOf(owner, { kind: 'votes', studyId })).text));
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a table of votes', () => {
  let studio: TestStudio;
  beforeAll(() => {
    studio = openFresh();
  });

  test('of anybody is read by the words of its columns; a second vote on an image is a repeat', async () => {
    const text =
      'Stimulus;Subject;Rating;Aspect\na.png;S1;4;Image Quality\na.png;S2;2;Image Quality\na.png;S1;5;Image Quality\nb.png;S1;;Image Quality\n';
    const preview = await studio.client.studies.previewVotes(fileOf(text));
    expect(preview).toMatchObject({
      ...{ shape: 'long', images: 1, raters: 2, votes: 3, dimensions: ['image_quality'], problems: [] },
      mapping: { image: 'Stimulus', rater: 'Subject', value: 'Rating', dimension: 'Aspect' },
      scale: scalePresets.acr5,
    });
    const study = await importVotes(studio, fileOf(text));
    expect(await studio.client.mos.rows({ mosSetId: study.mosSetId })).toMatchObject([
      { name: 'a.png', mean: 3, n: 2 },
    ]);
  });

  test('with wrong rows is told line by line, and nothing of it is stored', async () => {
    const text =
      'image,rater,score\na.png,R1,4\na.png,,3\na.png,R2,many\n,R3,1\nb.png,R4,2,5\n"quoted\nname.png",R5,x\n';
    const { problems } = await studio.client.studies.previewVotes(fileOf(text));
    expect(problems.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
    const before = (await studio.client.library.info()).votes;
    const refused = importVotes(studio, fileOf(text));
    await expect(refused).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringMatching(/line 3.*line 7/s),
    });
    expect(await studio.client.library.info()).toMatchObject({ votes: before });
    expect((await studio.client.studies.list()).length).toBe(1);
  });

  test('whose columns nobody knows is shown, and read once a person says what is what', async () => {
    const text = 'bild,wer,note\nx.png,Eva,3\n';
    expect(await studio.client.studies.previewVotes(fileOf(text))).toMatchObject({
      shape: null,
      header: ['bild', 'wer', 'note'],
    });
    await expect(importVotes(studio, fileOf(text))).rejects.toMatchObject({ code: 'badInput' });
    const mapping = { image: 'bild', rater: 'wer', value: 'note' };
    const study = await importVotes(studio, { ...fileOf(text), mapping, name: 'Mapped' });
    expect(study).toMatchObject({ name: 'Mapped', votes: 1, origin: 'table' });
  });

  test('as a matrix, with rows that lack cells told', async () => {
    const text = 'image,prompt,R1,R2\na.png,a cat,4,5\nb.png,a dog,3,nan\nb.png,a dog,1,1\nc.png,x,1,2,3\n';
    const { problems, shape, votes } = await studio.client.studies.previewVotes(fileOf(text));
    expect({ shape, votes }).toEqual({ shape: 'matrix', votes: 3 });
    expect(problems.map(({ line }) => line)).toEqual([4, 5]);
  });

  test('that was imported takes no further votes', async () => {
    const study = (await studio.client.studies.list())[0]!;
    const order = { studyId: study.id, raterName: 'New', client: ratingClient };
    await expect(studio.client.rating.open(order)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

test.each([
  [[1, 5, 3], scalePresets.acr5],
  [[1, 9], scalePresets.acr9],
  [[0, 3.7], scalePresets.continuous5],
  [[0, 87], scalePresets.continuous100],
  [[-63, 100], { kind: 'continuous', min: -63, max: 100, step: 1 }],
])('votes %j were given on a scale that has them', (values, scale) => {
  expect(guessScale(values)).toEqual(scale);
});

describe.skipIf(!hasShared)('real data', () => {
  const take = async (path: string, more: object = {}) => {
    const studio = openFresh();
    const source = { path: sharedPath(`data/${path}`) };
    return { studio, study: await importVotes(studio, { source, ...more }) };
  };

  test('TIFA-160: 2397 votes of five raters on 480 images of three generators, the same from the table and the matrix', async () => {
    const long = await take('tifa160-likert/tifa160-likert-long.csv', { dimension: 'alignment' });
    expect(long.study).toMatchObject({ stimuli: 480, raters: 5, votes: 2397 });
    const matrix = await take('tifa160-likert/tifa160-likert-matrix.json', { dimension: 'alignment' });
    expect(matrix.study).toMatchObject({ stimuli: 480, raters: 5, votes: 2397 });
    const mosOf = async ({ studio, study }: typeof long) =>
      new Map(
        (await studio.client.mos.rows({ mosSetId: study.mosSetId })).map(({ name, mean, sd, n }) => [
          name,
          [mean, sd, n],
        ]),
      );
    expect(await mosOf(long)).toEqual(await mosOf(matrix));
    expect((await long.studio.client.images.generators()).map(({ images }) => images)).toEqual([
      160, 160, 160,
    ]);
  });

  test('GenEval: 4000 votes in five anonymous columns, with the seconds each took', async () => {
    const { studio, study } = await take('geneval-annotations/geneval-quality-long.csv');
    expect(study).toMatchObject({ stimuli: 800, raters: 5, votes: 4000 });
    const ms = studio.studio.db.prepare('SELECT shown_ms FROM vote ORDER BY id LIMIT 2').pluck().all();
    expect(ms[0]).toBeCloseTo(80130, 6);
  });

  test('sureal: NFLX complete, AGH with 6930 cells missing, VQEG on a scale of differences', async () => {
    expect((await take('sureal/nflx-public-raw.json')).study).toMatchObject({
      stimuli: 79,
      raters: 26,
      votes: 79 * 26,
    });
    expect((await take('sureal/agh-tv-2017-part1.json')).study).toMatchObject({
      stimuli: 160,
      raters: 99,
      votes: 15840 - 6930,
    });
    const { study } = await take('sureal/vqeg-frtv1-525-low.json');
    expect(study).toMatchObject({ stimuli: 90, raters: 70, votes: 6300 });
    expect(study.design.dimensions[0]!.scale).toMatchObject({ kind: 'continuous' });
  });

  test('the P.910 toolkit’s own example comes back byte for byte', async () => {
    const { studio, study } = await take('sureal/small-sample-wide.csv');
    expect(study).toMatchObject({ stimuli: 30, raters: 20 });
    const original = readFileSync(sharedPath('data/sureal/small-sample-wide.csv'), 'utf8').replaceAll(
      '\r\n',
      '\n',
    );
    expect((await exportOf(studio, { kind: 'p910', studyId: study.id })).text).toBe(original);
  });
});
