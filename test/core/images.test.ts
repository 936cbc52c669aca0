import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageCard, ImageFilter, ImageOrder } from '../../contract/images.ts';
import { writeScenes } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let test: TestStudio;
let paths: string[];
let rootId: number;
let mosSetId: number;
const idOf = new Map<string, number>();

const scenes = [0, 1, 2, 3, 4, 5].map((at) => `scene-00${at}.png`);

beforeAll(async () => {
  test = openTestStudio();
  const folder = test.folder('scenes');
  paths = await writeScenes(folder, 6, { width: 200, height: 100 });
  await test.finish(test.client.library.score({ folder }));
  const other = test.folder('other');
  const [gone] = await writeScenes(other, 1, { width: 48, height: 48 });
  renameSync(gone!, join(other, 'gone.png'));
  await test.finish(test.client.library.score({ folder: other }));
  rmSync(join(other, 'gone.png'));
  await test.finish(test.client.library.score({ folder: other }));
  rootId = (await test.client.library.roots()).find((root) => root.path === folder)!.id;
  const { ids } = await test.client.images.query({ filter: { rootId } });
  for (const card of await test.client.images.cards({ ids })) idOf.set(card.name, card.id);
  const table = [
    'name,prompt,generator,mos,std,n',
    'scene-000.png,,,4.5,0.5,4',
    'scene-001.png,,,1,0.5,4',
    'scene-002.png,,,3,,',
    'Announced_50%.png,100% cotton,weaver,2,,',
  ];
  const file = new Blob([table.join('\n')]);
  mosSetId = (await test.client.mos.import({ source: { fileName: 'm.csv', file } })).id;
});
afterAll(() => test.close());

async function query(filter: ImageFilter, order: ImageOrder = 'name', descending = false): Promise<number[]> {
  return (await test.client.images.query({ filter, order, descending })).ids;
}

async function cards(filter: ImageFilter, order: ImageOrder = 'name', descending = false) {
  return await test.client.images.cards({ ids: await query(filter, order, descending) });
}

async function names(...asked: Parameters<typeof query>): Promise<string[]> {
  return (await cards(...asked)).map(({ name }) => name);
}

describe('an image list', () => {
  it('without a filter holds every image in the order in which they came', async () => {
    const { ids } = await test.client.images.query({});
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(ids).toHaveLength(8);
  });

  it('searches names and prompts, in any case', async () => {
    expect(await names({ rootId, text: 'SCENE-003' })).toEqual(['scene-003.png']);
    expect(await names({ text: 'Red Sun' })).toEqual(['scene-004.png', 'scene-005.png']);
    expect(await names({ text: 'nothing like it' })).toEqual([]);
  });

  it('takes the signs of the database’s patterns as text', async () => {
    expect(await names({ text: '50%' })).toEqual(['Announced_50%.png']);
    expect(await names({ text: '100% c' })).toEqual(['Announced_50%.png']);
    expect(await names({ text: 'd_5' })).toEqual(['Announced_50%.png']);
    expect(await names({ text: 'e_0' })).toEqual([]);
    expect(await names({ text: '\\' })).toEqual([]);
    expect(await names({ text: "' or 1=1 --" })).toEqual([]);
  });

  it('is counted without its ids', async () => {
    for (const filter of [
      {},
      { scored: false },
      { text: 'dusk', generator: 'painter' },
      { query: 'name:scene -red' },
    ])
      expect(await test.client.images.count({ filter })).toBe((await names(filter)).length);
    await expect(test.client.images.count({ filter: { query: 'mos:good' } })).rejects.toThrow(
      'takes a number',
    );
  });

  it('is scored or not by the pack whose scores are shown', async () => {
    const all = (await names({})).length;
    await test.client.settings.change({ packId: 'elsewhere' });
    expect(await names({ scored: false })).toHaveLength(all);
    await test.client.settings.change({ packId: 'classic' });
    expect(await names({ scored: false })).toEqual(['Announced_50%.png']);
  });

  it('is narrowed by generator, folder, study, scores and files, also together', async () => {
    expect(await names({ rootId })).toEqual(scenes);
    expect(await names({ rootId, generator: 'sketcher' })).toEqual([scenes[1], scenes[3], scenes[5]]);
    expect(await names({ scored: false })).toEqual(['Announced_50%.png']);
    expect(await names({ hasFile: false })).toEqual(['Announced_50%.png', 'gone.png']);
    expect(await names({ hasFile: false, scored: true })).toEqual(['gone.png']);
    expect(await names({ hasFile: true, text: 'dusk', generator: 'painter' })).toEqual([
      scenes[0],
      scenes[2],
    ]);
    const study = await test.client.studies.create({
      name: 'Two',
      imageIds: [idOf.get(scenes[4]!)!, idOf.get(scenes[1]!)!],
      design: {
        seed: 1,
        instructions: '',
        dimensions: [
          {
            key: 'quality',
            label: 'Quality',
            question: '',
            showsPrompt: false,
            scale: { kind: 'acr', words: ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'] },
          },
        ],
      },
    });
    expect(await names({ studyId: study.id })).toEqual([scenes[1], scenes[4]]);
  });

  it('counts images of each generator', async () => {
    expect(await test.client.images.generators()).toEqual([
      { generator: 'painter', images: 4 },
      { generator: 'sketcher', images: 3 },
      { generator: 'weaver', images: 1 },
    ]);
  });
});

describe('the order of an image list', () => {
  const qualityOf = (card: ImageCard) => card.scores['quality'] ?? null;
  const mosOf = (card: ImageCard) => card.mos.find(({ dimension }) => dimension === 'quality')?.mean ?? null;
  function gapOf(card: ImageCard): number | null {
    const [score, mos] = [qualityOf(card), mosOf(card)];
    return score === null || mos === null ? null : Math.abs(score - mos);
  }

  it.each([
    ['score:quality', qualityOf, 7],
    ['mos:quality', mosOf, 4],
    ['gap:quality', gapOf, 3],
  ] as const)(
    '%s is that of the shown values, both ways, images without one last',
    async (order, value, count) => {
      for (const descending of [false, true]) {
        const values = (await cards({}, order, descending)).map(value);
        const known = values.filter((one) => one !== null);
        expect(known).toHaveLength(count);
        expect(values.slice(0, count)).toEqual(known.toSorted((a, b) => (descending ? b - a : a - b)));
        expect(values.slice(count)).toEqual(Array(8 - count).fill(null));
      }
    },
  );

  it('gap:quality is in the units of the MOS where its scale is known: the score is moved there', async () => {
    const rows = scenes.slice(0, 3).map((name, at) => `${name},${[90, 20, 55][at]}`);
    const { id: mosSetId } = await test.client.mos.import({
      source: { fileName: 'hundred.csv', file: new Blob([`name,rating\n${rows.join('\n')}\n`]) },
      mapping: { name: 'name', mos: [{ dimension: 'quality', mean: 'rating', scale: [0, 100] }] },
    });
    const query = { order: 'gap:quality' as const, descending: true, mosSetId };
    const ask = async (words: string) =>
      (await test.client.images.query({ ...query, filter: { query: words } })).ids;
    const ids = await ask('');
    const listed = (await test.client.images.cards({ ids, mosSetId })).slice(0, 3);
    // The shipped head's scores go from 0 to 5.
    const gaps = listed.map((card) => qualityOf(card)! * 20 - mosOf(card)!);
    expect(listed.map((card) => card.gaps['quality'])).toEqual(gaps);
    const sizes = gaps.map(Math.abs);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes[0]).toBeGreaterThan(5);
    expect(await ask(`gap.quality:>${(sizes[0]! + sizes[1]!) / 2}`)).toEqual([listed[0]!.id]);
    const ranges = await test.client.images.ranges(query);
    expect(ranges.find(({ word }) => word === 'gap')).toMatchObject({
      high: expect.closeTo(sizes[0]!, 9),
      low: expect.closeTo(sizes[2]!, 9),
    });
  });

  it('gap:quality follows where the scale of the MOS is corrected', async () => {
    const rows = `name,rating\n${scenes[0]},3\n`;
    const { id: mosSetId } = await test.client.mos.import({
      source: { fileName: 'five.csv', file: new Blob([rows]) },
      mapping: { name: 'name', mos: [{ dimension: 'quality', mean: 'rating' }] },
    });
    const [imageId = 0] = (await test.client.images.query({ order: 'gap:quality', mosSetId })).ids;
    const card = async () => (await test.client.images.cards({ ids: [imageId], mosSetId }))[0]!;
    const unmoved = await card();
    expect(unmoved.gaps['quality']).toBe(qualityOf(unmoved)! - 3);
    const scales = [{ dimension: 'quality', scale: [0, 10] as const, lowerIsBetter: false }];
    await test.client.mos.changeScales({ mosSetId, scales });
    expect((await card()).gaps['quality']).toBeCloseTo(qualityOf(unmoved)! * 2 - 3, 9);
  });

  it('signal:niqe is that of the details, the image without one last', async () => {
    const niqe: (number | undefined)[] = [];
    for (const id of await query({ scored: true }, 'signal:niqe')) {
      const { signals } = await test.client.images.detail({ id });
      niqe.push(signals.find(({ name }) => name === 'niqe')?.value);
    }
    const known = niqe.filter((value) => value !== undefined);
    expect(known).toHaveLength(6);
    expect(niqe).toEqual([...known.toSorted((a, b) => a - b), undefined]);
  });

  it('a target without scores and a signal without values change nothing but keep every image', async () => {
    const byId = await query({}, 'added');
    expect(await query({}, 'score:overall')).toEqual(byId);
    expect(await query({}, 'signal:s')).toEqual(byId);
  });

  it('generator, prompt and name are those of words, without one last', async () => {
    const generators = (await cards({}, 'generator')).map(({ generator }) => generator);
    expect(generators).toEqual([...Array(4).fill('painter'), ...Array(3).fill('sketcher'), 'weaver']);
    const prompts = (await cards({}, 'prompt')).map(({ prompt }) => prompt!);
    expect(prompts).toEqual(prompts.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
    expect((await names({}, 'name'))[0]).toBe('Announced_50%.png');
    expect((await names({}, 'name', true)).at(-1)).toBe('Announced_50%.png');
  });

  it('mos: means the set that is asked for', async () => {
    const file = new Blob(['name,mos\nscene-002.png,5\n']);
    const newer = await test.client.mos.import({ source: { fileName: 'newer.csv', file } });
    const ask = (set?: number) =>
      test.client.images.query({
        order: 'mos:quality',
        descending: true,
        ...(set === undefined ? {} : { mosSetId: set }),
      });
    const third = idOf.get(scenes[2]!)!;
    expect((await ask()).ids[0]).toBe(third);
    expect((await ask(newer.id)).ids[0]).toBe(third);
    expect((await ask(mosSetId)).ids[0]).toBe(idOf.get(scenes[0]!)!);
    const [card] = await test.client.images.cards({ ids: [third], mosSetId });
    expect(card!.mos).toMatchObject([{ mean: 3, low: null }]);
  });
});

describe('cards', () => {
  it('come in the order of the ids, unknown ones left out', async () => {
    const ids = [idOf.get(scenes[3]!)!, 4242, idOf.get(scenes[1]!)!];
    const found = await test.client.images.cards({ ids, mosSetId });
    expect(found.map(({ name }) => name)).toEqual([scenes[3], scenes[1]]);
    expect(found[1]).toMatchObject({
      width: 200,
      height: 100,
      hasFile: true,
      prompt: 'green hills at dusk, variation 0',
      generator: 'sketcher',
      votes: 0,
      mos: [{ dimension: 'quality', mean: 1, sd: 0.5, n: 4 }],
    });
    expect(Object.keys(found[1]!.scores).sort()).toEqual(['alignment', 'quality']);
    // Student t with 3 degrees of freedom: 3.182446305 · 0.5 / √4.
    expect(found[1]!.mos[0]!.high! - 1).toBeCloseTo((3.182446305 * 0.5) / 2, 8);
  });
});

describe('everything of one image', () => {
  it('holds what the file is and says of itself', async () => {
    const detail = await test.client.images.detail({ id: idOf.get(scenes[2]!)! });
    const bytes = readFileSync(paths[2]!);
    expect(detail).toMatchObject({
      format: 'png',
      sizeBytes: bytes.length,
      paths: [paths[2]],
      promptSource: 'metadata',
      generation: { model: 'painter', seed: '3', steps: 20, cfg: 7, sampler: 'Euler a' },
    });
    expect(detail.hash).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(detail.signals.map(({ name }) => name).sort()).toEqual(
      ['colourfulness', 'contrast', 'niqe', 'q', 'sharpness'].sort(),
    );
  });

  it('says that S is absent and why, never a made-up value', async () => {
    const detail = await test.client.images.detail({ id: idOf.get(scenes[2]!)! });
    expect(detail.signals.some(({ name }) => name === 's')).toBe(false);
    expect(detail.missingSignals).toEqual([
      { packId: 'classic', name: 's', reason: expect.stringContaining('vision-language') },
    ]);
  });

  it('gives the reason of a signal that this image has no value for', async () => {
    const [id] = await query({ text: 'gone.png' });
    const { signals, missingSignals } = await test.client.images.detail({ id: id! });
    expect(signals.some(({ name }) => name === 'niqe')).toBe(false);
    expect(missingSignals.find(({ name }) => name === 'niqe')?.reason).toContain('the image has 48 × 48');
  });

  it('of an image that only a table knows is what the table said', async () => {
    const [id] = await query({ text: 'cotton' });
    expect(await test.client.images.detail({ id: id! })).toMatchObject({
      hash: null,
      paths: [],
      hasFile: false,
      promptSource: 'mosTable',
      generator: 'weaver',
      generation: null,
      signals: [],
      scores: {},
    });
  });

  it('of an unknown id is refused', async () => {
    await expect(test.client.images.detail({ id: 4242 })).rejects.toMatchObject({ code: 'notFound' });
  });
});
