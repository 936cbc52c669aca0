/** The scale of an imported MOS set, said or corrected after it came in: what is stored, and what follows from it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MosSet } from '../../contract/mos.ts';
import { addImages, studyOf } from '../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let test: TestStudio;
beforeAll(() => {
  test = openTestStudio();
});
afterAll(() => test.close());

function importRatings(name: string, said: object = {}): Promise<MosSet> {
  const table = `name,rating,rank\n${name}-a.png,4,1\n${name}-b.png,1.1,6.5\n`;
  return test.client.mos.import({
    source: { fileName: `${name}.csv`, file: new Blob([table]) },
    mapping: {
      name: 'name',
      mos: [
        { dimension: 'quality', mean: 'rating' },
        { dimension: 'rank', mean: 'rank', ...said },
      ],
    },
  });
}

async function meansOf({ id }: MosSet, dimension: string): Promise<number[]> {
  const rows = await test.client.mos.rows({ mosSetId: id });
  return rows.filter((row) => row.dimension === dimension).map(({ mean }) => mean);
}

const change = (set: MosSet, dimension: string, scale: [number, number] | null, lowerIsBetter = false) =>
  test.client.mos.changeScales({ mosSetId: set.id, scales: [{ dimension, scale, lowerIsBetter }] });

describe('the scale of an imported set', () => {
  it('is told with the set, and said where nobody had said it: the means stay as they are', async () => {
    const set = await importRatings('unsaid');
    expect(set.scales[0]).toEqual({ dimension: 'quality', scale: null, lowerIsBetter: false });
    const changed = await change(set, 'quality', [1, 5]);
    expect(changed.scales).toEqual([
      { dimension: 'quality', scale: [1, 5], lowerIsBetter: false },
      { dimension: 'rank', scale: null, lowerIsBetter: false },
    ]);
    expect(await meansOf(set, 'quality')).toEqual([4, 1.1]);
    expect(await test.client.mos.scales({ dimension: 'quality' })).toContainEqual({
      mosSetId: set.id,
      scale: [1, 5],
    });
    expect(set.method).toBe(changed.method);
  });

  it('corrected, lets means that were turned round stand for what the table said, and the method tells it', async () => {
    const set = await importRatings('turned', { scale: [1, 7], lowerIsBetter: true });
    expect(await meansOf(set, 'rank')).toEqual([7, 1.5]);
    const wider = await change(set, 'rank', [1, 9], true);
    expect(await meansOf(set, 'rank')).toEqual([9, 3.5]);
    expect(wider.method).toBe(set.method);
    const plain = await change(set, 'rank', [1, 9]);
    expect(await meansOf(set, 'rank')).toEqual([1, 6.5]);
    expect(plain.method).toBe('as imported from turned.csv');
    const again = await change(set, 'rank', [1, 7], true);
    expect(await meansOf(set, 'rank')).toEqual([7, 1.5]);
    expect(again.method).toBe(set.method);
  });

  it('is not known again where that is said: means that were turned round are what the table said', async () => {
    const set = await importRatings('taken-back', { scale: [1, 7], lowerIsBetter: true });
    const unknown = await change(set, 'rank', null);
    expect(unknown.scales[1]).toEqual({ dimension: 'rank', scale: null, lowerIsBetter: false });
    expect(await meansOf(set, 'rank')).toEqual([1, 6.5]);
    expect(unknown.method).toBe('as imported from taken-back.csv');
    expect(await test.client.mos.scales({ dimension: 'rank' })).toContainEqual({
      mosSetId: set.id,
      scale: null,
    });
  });

  it('goes out with every export from then on', async () => {
    const set = await importRatings('ends');
    const ends = async () =>
      (
        await test.client.exports.preview({
          choice: { kind: 'mosSet', mosSetId: set.id },
          mosSetId: set.id,
          columns: [{ key: 'scale_min:quality' }, { key: 'scale_max:quality' }],
        })
      ).rows[0];
    expect(await ends()).toEqual(['', '']);
    await change(set, 'quality', [0, 10]);
    expect(await ends()).toEqual(['0', '10']);
  });
});

describe('what is refused, and changes nothing', () => {
  it('a scale outside of which a mean of the table lies, also where it is turned round', async () => {
    const set = await importRatings('outside');
    await expect(change(set, 'quality', [2, 5])).rejects.toMatchObject({
      code: 'badInput',
      message: 'The means of quality go from 1.1 to 4: some lie outside a scale of 2 to 5.',
    });
    const both = [
      { dimension: 'quality', scale: [1, 5] as const, lowerIsBetter: true },
      { dimension: 'rank', scale: [1, 5] as const, lowerIsBetter: true },
    ];
    await expect(test.client.mos.changeScales({ mosSetId: set.id, scales: both })).rejects.toMatchObject({
      message: 'The means of rank go from 1 to 6.5: some lie outside a scale of 1 to 5.',
    });
    expect(await meansOf(set, 'quality')).toEqual([4, 1.1]);
  });

  it('lower as better on a scale that is not known', async () => {
    const set = await importRatings('unturnable');
    await expect(change(set, 'rank', null, true)).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining('say its lowest and highest value'),
    });
    expect(await meansOf(set, 'rank')).toEqual([1, 6.5]);
  });

  it('a dimension that it does not have, or that is named twice', async () => {
    const set = await importRatings('named');
    await expect(change(set, 'beauty', [1, 5])).rejects.toMatchObject({
      code: 'badInput',
      message: /no MOS of beauty/,
    });
    const one = { dimension: 'quality', scale: [1, 5] as const, lowerIsBetter: false };
    await expect(
      test.client.mos.changeScales({ mosSetId: set.id, scales: [one, one] }),
    ).rejects.toMatchObject({ message: 'The scale of quality is said twice.' });
  });

  it('the set of a study: its scale is that of the design', async () => {
    const { mosSetId } = await test.client.studies.create(studyOf(addImages(test.studio, 2)));
    const study = (await test.client.mos.sets()).find(({ id }) => id === mosSetId)!;
    await expect(change(study, 'quality', [0, 100])).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('its scale is that of the design'),
    });
  });
});
