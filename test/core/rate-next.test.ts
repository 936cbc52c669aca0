import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeScenes } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let test: TestStudio;
let mosSetId: number;
const count = 24;
const order = { packId: 'classic', dimension: 'quality' } as const;

beforeAll(async () => {
  test = openTestStudio();
  const folder = test.folder('scenes');
  await writeScenes(folder, count, { width: 64, height: 64 });
  await test.finish(test.client.library.score({ folder }));
  const name = (at: number) => `scene-${String(at).padStart(3, '0')}.png`;
  const lines = Array.from({ length: 8 }, (_, at) => `${name(at)},${1 + (at % 4)},0.8,${at === 0 ? 1 : 20}`);
  const file = new Blob([['name,mos,std,n', ...lines].join('\n')]);
  mosSetId = (await test.client.mos.import({ source: { fileName: 'm.csv', file } })).id;
});
afterAll(() => test.close());

describe('what to rate next', () => {
  it('is a list of images with files, each once, with its reason, the most gain first', async () => {
    const { items, candidates, rated, evidence } = await test.client.heads.rateNext({ ...order, limit: 10 });
    expect(items).toHaveLength(10);
    expect(new Set(items.map(({ imageId }) => imageId)).size).toBe(10);
    expect([candidates, rated]).toEqual([count, 0]);
    const gains = items.map(({ gain }) => gain);
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    expect(items[0]!.why).toContain('nobody has rated');
    expect(items[0]!.disagreement).toBeGreaterThan(0);
    expect(evidence).toMatchObject({ isShown: true, sentence: expect.stringContaining('AGIQA-3K') });
  });

  it('ends when the question is withdrawn', async () => {
    const asking = new AbortController();
    const asked = test.client.heads.rateNext({ ...order, limit: 10 }, { signal: asking.signal });
    asking.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('leaves out what is rated, but for an image of few votes', async () => {
    const { items, rated } = await test.client.heads.rateNext({ ...order, mosSetId, limit: 100 });
    expect(rated).toBe(8);
    const names = items.map(({ name }) => name);
    expect(names).toContain('scene-000.png');
    const again = items.find(({ name }) => name === 'scene-000.png')!;
    expect(again).toMatchObject({ votes: 1, why: expect.stringContaining('only 1 vote') });
    const fresh = await test.client.heads.rateNext({
      ...order,
      mosSetId,
      reasons: { disagreement: 0, balance: 0, votes: 0 },
    });
    expect(fresh.items).toHaveLength(16);
  });

  it('says of an image with many votes what they leave open; of ratings that do not count votes nothing is asked again', async () => {
    const { ids } = await test.client.images.query({ order: 'name' });
    const names = (await test.client.images.cards({ ids })).map(({ name }) => name);
    const take = async (fileName: string, lines: string[]) =>
      (await test.client.mos.import({ source: { fileName, file: new Blob([lines.join('\n')]) } })).id;
    const counted = await take('counted.csv', [
      'name,mos,std,n',
      ...names.map((name, at) => `${name},${1 + (at % 4)},1,21`),
    ]);
    const { items } = await test.client.heads.rateNext({ ...order, mosSetId: counted, limit: 3 });
    expect(items.map(({ why }) => why)).toEqual(
      items.map(() => expect.stringMatching(/^its 21 votes leave ± 0\.4\d/)),
    );
    const uncounted = await take('uncounted.csv', [
      'name,mos',
      ...names.map((name, at) => `${name},${1 + (at % 4)}`),
    ]);
    expect(await test.client.heads.rateNext({ ...order, mosSetId: uncounted, limit: 3 })).toMatchObject({
      items: [],
      candidates: 0,
    });
  });

  it('becomes a blind study of these images', async () => {
    const { items } = await test.client.heads.rateNext({ ...order, mosSetId, limit: 5 });
    const dimension = { key: 'quality', label: 'Quality', question: 'How good?', showsPrompt: false };
    const scale = { kind: 'continuous', min: 0, max: 5, step: 0.1 } as const;
    const study = await test.client.studies.create({
      name: 'Next',
      design: { dimensions: [{ ...dimension, scale }], seed: 1, instructions: '' },
      imageIds: items.map(({ imageId }) => imageId),
    });
    expect(study.stimuli).toBe(5);
  });

  it('claims nothing where it was not measured', async () => {
    const { evidence } = await test.client.heads.rateNext({ ...order, dimension: 'alignment' });
    expect(evidence).toMatchObject({ isShown: false, sentence: expect.stringContaining('not shown') });
  });

  it('can be replayed on a rated set, of which there must be enough', async () => {
    await expect(test.client.heads.replayQueue({ ...order, mosSetId })).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining('a replay takes 120'),
    });
  });
});
