/** Where a library is large, threads read what agreement, studies and exports are made of: every answer stays what it was. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFetch } from '../../../core/server.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

const images = 60;
let opened: TestStudio;
let answers: Map<string, unknown>;

/** Every third image has no value of the metric; prompts and generators repeat. */
function writeTable(): string {
  const lines = Array.from({ length: images }, (_, k) => {
    const metric = k % 3 === 0 ? '' : String(((k * 37) % 100) / 10 - 5);
    const [mos, other] = [1 + ((k * 17) % 40) / 10, 1 + ((k * 29) % 40) / 10];
    return `image-${k}.png,prompt ${k % 20},${['sdxl', 'flux', ''][k % 3]},${mos},0.5,12,${other},${metric},${k % 4}`;
  });
  return ['name,prompt,generator,mos_quality,sd_quality,n_quality,mos_align,metric,style', ...lines].join(
    '\n',
  );
}

const metric = { kind: 'column', name: 'metric', lowerIsBetter: false } as const;
const mos = { kind: 'mos', mosSetId: 1, dimension: 'alignment' } as const;
const set = { mosSetId: 1, dimension: 'quality' };
const comparison = { ...set, prediction: metric };
const choice = { kind: 'mosSet', mosSetId: 1 } as const;
const columns = ['name', 'prompt', 'mos:quality', 'attribute:metric', 'score_low:quality'].map((key) => ({
  key,
}));

type Ask = (client: TestStudio['client']) => Promise<unknown>;
const questions: [string, Ask][] = [
  ['what can be compared', ({ agreement }) => agreement.choices()],
  ['coefficients', ({ agreement }) => agreement.measure(comparison)],
  ['the scatter', ({ agreement }) => agreement.points(comparison)],
  ['its density', ({ agreement }) => agreement.density(comparison)],
  ['disagreements', ({ agreement }) => agreement.disagreements({ ...comparison, limit: 7 })],
  ['calibration', ({ agreement }) => agreement.calibration(comparison)],
  [
    'residuals by a column',
    ({ agreement }) => agreement.residuals({ ...comparison, field: 'attribute.style' }),
  ],
  [
    'opposite pairs of a prompt',
    ({ agreement }) => agreement.oppositePairs({ ...comparison, within: 'prompt' }),
  ],
  ['a split', ({ agreement }) => agreement.split({ ...set, seed: 3 })],
  ['two scores compared', ({ agreement }) => agreement.compare({ ...set, a: metric, b: mos })],
  [
    'tiers',
    ({ agreement }) =>
      agreement.tiers({
        ...set,
        predictions: [metric, mos],
        tiers: [{ name: 'good', generators: ['SDXL'] }],
      }),
  ],
  ['a ranking', ({ agreement }) => agreement.ranking(set)],
  ['columns for an export', ({ exports }) => exports.options({})],
  ['the first rows of an export', ({ exports }) => exports.preview({ choice, columns })],
  [
    'how wide a planned study’s intervals are',
    ({ studies }) =>
      studies.plan({
        ...{ spread: set, images: 100, raters: 20, sessionsPerRater: 2, sessionMinutes: 20 },
        ...{ secondsPerVote: 5, dimensions: 1 },
      }),
  ],
  ['the variety of images', ({ studies }) => studies.variety({ imageIds: [1, 2, 3, 21], labels: [] })],
];

async function askAll(): Promise<Map<string, unknown>> {
  const given = new Map<string, unknown>();
  for (const [name, ask] of questions) given.set(name, await ask(opened.client));
  return given;
}

beforeAll(async () => {
  opened = openTestStudio();
  const file = new Blob([writeTable()]);
  await opened.client.mos.import({ source: { fileName: 'mos.csv', file } });
  const small = await askAll();
  // What makes a library large is the id of its last image.
  opened.studio.db.prepare("INSERT INTO image (id, name, added_at) VALUES (100000, 'far.png', 0)").run();
  const large = await askAll();
  answers = new Map(questions.map(([name]) => [name, { small: small.get(name), large: large.get(name) }]));
});
afterAll(async () => await opened.close());

test.each(questions.map(([name]) => name))('%s', (name) => {
  const { small, large } = answers.get(name) as { small: unknown; large: unknown };
  expect(small).toBeDefined();
  expect(large).toEqual(small);
});

test.each(['points', 'density', 'residuals'])(
  'a door sends what a thread has written of %s, which is the same',
  async (view) => {
    const body = JSON.stringify({ json: comparison });
    const headers = { 'content-type': 'application/json' };
    const request = new Request(`http://studio/rpc/agreement/${view}`, { method: 'POST', headers, body });
    const response = await createFetch(opened.studio)(request);
    expect(response.status).toBe(200);
    const { agreement } = opened.client;
    const asked = {
      points: () => agreement.points(comparison),
      density: () => agreement.density(comparison),
      residuals: () => agreement.residuals(comparison),
    }[view]!;
    expect(await response.json()).toMatchObject({ json: await asked() });
  },
);

describe('what is refused keeps its code and its words on the way from a thread', () => {
  const refused: [string, string, RegExp, Ask][] = [
    [
      'a field that no image has, for residuals',
      'badInput',
      /no field “nothing”/,
      ({ agreement }) => agreement.residuals({ ...comparison, field: 'nothing' }),
    ],
    [
      'a field that no image has, for a split',
      'badInput',
      /no field “nothing”/,
      ({ agreement }) => agreement.split({ ...set, groupBy: 'nothing' }),
    ],
    [
      'a column that no image has',
      'notFound',
      /No image has a column “nothing”/,
      ({ agreement }) =>
        agreement.measure({ ...set, prediction: { kind: 'column', name: 'nothing', lowerIsBetter: false } }),
    ],
  ];
  test.each(refused)('%s', async (_, code, message, ask) => {
    await expect(ask(opened.client)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});
