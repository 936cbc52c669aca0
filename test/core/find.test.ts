/** The query bar's side of the library: words that are wrong are told, queries are saved, and facets and lists answer the same question. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addImages, studyOf } from '../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let opened: TestStudio;
let ids: number[];
beforeAll(async () => {
  opened = openTestStudio();
  ids = addImages(opened.studio, 4, 3);
  const rows = ids.map(
    (_, at) => `g${at % 3}_${String(Math.floor(at / 3)).padStart(3, '0')}.png,${1 + (at % 5)}`,
  );
  const table = new Blob([['name,mos_alignment', ...rows].join('\n')]);
  await opened.client.mos.import({ source: { fileName: 'm.csv', file: table } });
});
afterAll(async () => await opened.close());

const query = (text: string) => ({ filter: { query: text } });

describe('A query', () => {
  test('that is not understood is refused with the place, and nothing is guessed', async () => {
    const wrong = opened.client.images.query(query('generator:g1 mos:good'));
    await expect(wrong).rejects.toMatchObject({ code: 'badInput', data: { start: 13, end: 21 } });
    await expect(opened.client.images.facets(query('colour:red'))).rejects.toMatchObject({
      code: 'badInput',
    });
  });

  test('means the dimension that there is where it names none', async () => {
    const { ids: found } = await opened.client.images.query(query('mos:>=4'));
    expect(found).toEqual(ids.filter((_, at) => 1 + (at % 5) >= 4));
    expect((await opened.client.images.query(query('mos.quality:>=4'))).ids).toEqual([]);
  });

  test('asks the MOS set that was chosen, else the newest', async () => {
    const { mos, settings, library, images } = opened.client;
    const [first] = await mos.sets();
    const file = new Blob(['name,mos_alignment\ng0_000.png,4.5\n']);
    const second = await mos.import({ source: { fileName: 'second.csv', file } });
    const find = async () => (await images.query(query('mos:>=4'))).ids;
    expect(await find()).toEqual([ids[0]]);
    await settings.change({ mosSetId: first!.id });
    expect(await find()).toEqual(ids.filter((_, at) => 1 + (at % 5) >= 4));
    expect((await library.info()).mosSetId).toBe(first!.id);
    expect((await images.cards({ ids: [ids[0]!] }))[0]!.mos).toMatchObject([
      { dimension: 'alignment', mean: 1 },
    ]);
    await settings.change({ mosSetId: null });
    expect((await library.info()).mosSetId).toBe(second.id);
    await settings.change({ mosSetId: first!.id });
  });

  test('holds beside the other filters', async () => {
    const { ids: found } = await opened.client.images.query({
      filter: { query: 'prompt:"prompt 1"', generator: 'g2' },
    });
    expect(found).toEqual([ids[5]]);
    const facets = await opened.client.images.facets({ filter: { query: 'prompt:"prompt 1"' } });
    expect(facets.find(({ word }) => word === 'generator')!.values).toEqual(
      ['g0', 'g1', 'g2'].map((value) => ({ value, images: 1 })),
    );
  });
});

describe('Facets', () => {
  test('know states, sizes and studies, and each value found is what its words ask for', async () => {
    await opened.client.studies.create(studyOf(ids.slice(0, 5), { name: 'Five of them' }));
    const facets = await opened.client.images.facets(query('-prompt:"prompt 3"'));
    const of = (word: string) => facets.find((facet) => facet.word === word)?.values;
    expect(of('study')).toEqual([{ value: 'Five of them', images: 5 }]);
    expect(of('size')).toEqual([{ value: '8x8', images: 9 }]);
    expect(of('is')).toContainEqual({ value: 'unrated', images: 9 });
    for (const text of ['study:"Five of them"', 'size:8x8 -prompt:"prompt 3"', 'is:unrated']) {
      const { ids: found } = await opened.client.images.query(query(text));
      expect(found).toHaveLength(text.startsWith('study') ? 5 : text.startsWith('size') ? 9 : 12);
    }
  });

  test('of numbers are histograms, which what is asked of their own word does not narrow', async () => {
    const read = async (text: string) => await opened.client.images.ranges(query(text));
    const [mos] = await read('');
    expect(mos).toMatchObject({ word: 'mos', target: 'alignment', isImplied: true, low: 1, high: 5 });
    expect(mos!.counts.reduce((a, b) => a + b)).toBe(12);
    expect(await read('mos:>=4')).toEqual([mos]);
    const [narrowed] = await read('mos.alignment:>=4 generator:g1');
    expect(narrowed!.counts.reduce((a, b) => a + b)).toBe(4);
  });
});

describe('Saved queries', () => {
  test('come back as they were, are replaced by name in any case, and forgotten', async () => {
    const { images } = opened.client;
    const order = { order: 'mos:alignment' as const, descending: true };
    await images.saveQuery({ name: 'Best', query: { ...query('mos:>3'), ...order } });
    const [saved] = await images.saveQuery({ name: 'best', query: { ...query('mos:>4'), ...order } });
    expect(await images.savedQueries()).toEqual([saved]);
    expect(saved).toMatchObject({ name: 'best', query: { ...query('mos:>4'), ...order } });
    await expect(images.saveQuery({ name: 'Bad', query: query('mos:x') })).rejects.toMatchObject({
      code: 'badInput',
    });
    await images.saveQuery({ name: 'Other', query: query('fox') });
    const { id } = saved!;
    await expect(images.renameQuery({ id, name: 'OTHER' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(images.renameQuery({ id: 999, name: 'Any' })).rejects.toMatchObject({ code: 'notFound' });
    const renamed = await images.renameQuery({ id, name: 'The best' });
    expect(renamed.map(({ name }) => name)).toEqual(['Other', 'The best']);
    expect(renamed[1]).toEqual({ ...saved, name: 'The best' });
    expect((await images.renameQuery({ id, name: 'the BEST' }))[1]!.name).toBe('the BEST');
    await images.forgetQuery({ id: renamed[0]!.id });
    expect(await images.forgetQuery({ id: saved!.id })).toEqual([]);
    await expect(images.forgetQuery({ id: saved!.id })).rejects.toMatchObject({ code: 'notFound' });
  });
});
