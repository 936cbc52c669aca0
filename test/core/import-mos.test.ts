import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCsv } from '../../core/export/encode-csv.ts';
import { tabulate } from '../../core/export/export-table.ts';
import { readTable } from '../../core/tables/read-table.ts';
import { encodeScene } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { hasShared, sharedPath } from '../support/shared.ts';

let test: TestStudio;
beforeAll(() => {
  test = openTestStudio();
});
afterAll(() => test.close());

function source(text: string, fileName = 'mos.csv') {
  return { fileName, file: new Blob([text]) };
}

describe('a MOS table of any layout', () => {
  it('is looked at first: columns by their names, nothing stored', async () => {
    const before = await test.client.mos.sets();
    const preview = await test.client.mos.preview({
      source: source('image,caption,mos_quality,sd_quality,MOS-Align\na.png,a fox,3.5,0.5,2\n'),
    });
    expect(preview.suggested).toEqual({
      name: 'image',
      prompt: 'caption',
      mos: [
        { dimension: 'quality', mean: 'mos_quality', sd: 'sd_quality' },
        { dimension: 'alignment', mean: 'MOS-Align' },
      ],
    });
    expect(preview).toMatchObject({ rowCount: 1, matchedFiles: 0, layout: null });
    expect(await test.client.mos.sets()).toEqual(before);
  });

  it('becomes a set with intervals where SD and N are known', async () => {
    const set = await test.client.mos.import({
      source: source('name,mos,std,n\none.png,3,1,16\ntwo.png,4,,\n'),
    });
    expect(set).toMatchObject({ name: 'mos', kind: 'imported', images: 2, dimensions: ['quality'] });
    const rows = await test.client.mos.rows({ mosSetId: set.id });
    expect(rows).toMatchObject([
      { name: 'one.png', mean: 3, sd: 1, n: 16 },
      { name: 'two.png', mean: 4, sd: null, low: null },
    ]);
    // Student t with 15 degrees of freedom: 2.1314 · 1 / √16.
    expect(rows[0]!.high! - 3).toBeCloseTo(2.131449546 / 4, 8);
  });

  it('keeps the scale that was said: no mean lies outside, and labels and gaps are on it', async () => {
    const mapping = {
      name: 'name',
      mos: [{ dimension: 'quality', mean: 'rating', scale: [0, 100] as const }],
    };
    const set = await test.client.mos.import({
      ...{ source: source('name,rating\nhundred.png,80\n'), mapping, name: 'Of a hundred' },
    });
    const scales = await test.client.mos.scales({ dimension: 'quality' });
    expect(scales).toContainEqual({ mosSetId: set.id, scale: [0, 100] });
    await expect(
      test.client.mos.import({ source: source('name,rating\nbeyond.png,180\n'), mapping }),
    ).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining('line 2: rating 180 lies outside the scale of 0 to 100'),
    });
  });

  it('of which the lowest value is the best is turned round on its scale, and the set says so', async () => {
    const turned = (scale?: readonly [number, number]) =>
      test.client.mos.import({
        source: source('name,rank\nbest.png,1\nworst.png,6.5\n', 'ranks.csv'),
        mapping: {
          name: 'name',
          mos: [{ dimension: 'quality', mean: 'rank', lowerIsBetter: true, ...(scale && { scale }) }],
        },
      });
    await expect(turned()).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining('say its lowest and highest value'),
    });
    const set = await turned([1, 7]);
    expect(set.method).toBe('as imported from ranks.csv; lower was better, turned round on the scale');
    expect(await test.client.mos.rows({ mosSetId: set.id })).toMatchObject([
      { name: 'best.png', mean: 7 },
      { name: 'worst.png', mean: 1.5 },
    ]);
  });

  it('with wrong rows is refused whole, each told by its line', async () => {
    const before = await test.client.mos.sets();
    const text = 'name,mos\nx.png,3\n,2\ny.png,much\nx.png,4\nz.png,1,2\n';
    await expect(test.client.mos.import({ source: source(text) })).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringMatching(
        /line 3: the name is empty.*line 4: .*much.*line 5: .*line 2.*line 6: 3 cells/,
      ),
    });
    expect(await test.client.mos.sets()).toEqual(before);
  });

  it('without a row below its header is refused, and looked at in vain', async () => {
    const empty = source('name,mos\n', 'empty.csv');
    for (const ask of [test.client.mos.preview({ source: empty }), test.client.mos.import({ source: empty })])
      await expect(ask).rejects.toThrow('empty.csv has no rows below its header.');
  });

  it('whose columns nobody can guess asks for them', async () => {
    await expect(test.client.mos.import({ source: source('a,b\n1,2\n') })).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining('a, b'),
    });
  });

  it('announces images that a file of the same name fills later, with MOS and prompt kept', async () => {
    const set = await test.client.mos.import({
      source: source('name,prompt,mos\nlater.png,a late fox,4.5\n'),
    });
    const folder = test.folder('later');
    writeFileSync(join(folder, 'later.png'), await encodeScene(5, { width: 96, height: 96 }));
    const job = await test.finish(test.client.library.score({ folder }));
    expect(job.summary).toMatchObject({ scored: 1, failed: 0 });
    const [row] = await test.client.mos.rows({ mosSetId: set.id });
    const [card] = await test.client.images.cards({ ids: [row!.imageId], mosSetId: set.id });
    expect(card).toMatchObject({ hasFile: true, prompt: 'a late fox', mos: [{ mean: 4.5 }] });
    expect(card!.scores['quality']).toBeTypeOf('number');
  });
});

describe('a prompt list', () => {
  it('gives prompts to images by name, over what the files say, and tells what it did not find', async () => {
    const result = await test.client.library.importPrompts({
      source: source(
        'Name,Prompt,generator\nsome/where/later.png,a listed fox,SDXL\ngone.png,x,y\n',
        'list.csv',
      ),
    });
    expect(result).toEqual({ rows: 2, matched: 1, unmatched: ['gone.png'] });
    const { ids } = await test.client.images.query({ filter: { text: 'listed fox' } });
    const [card] = await test.client.images.cards({ ids });
    expect(card).toMatchObject({ name: 'later.png', prompt: 'a listed fox', generator: 'SDXL' });
  });

  it('without the two columns is refused, with what it has', async () => {
    await expect(
      test.client.library.importPrompts({ source: source('file,prompt\na,b\n') }),
    ).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining('file, prompt'),
    });
  });
});

describe.skipIf(!hasShared)('AGIQA-3K', () => {
  it('comes in by its own layout and goes out as it came: the same text in every cell, numbers as numbers', async () => {
    const path = sharedPath('data/agiqa-3k/data.csv');
    const preview = await test.client.mos.preview({ source: { path } });
    expect(preview).toMatchObject({ layout: 'AGIQA-3K', rowCount: 2982 });
    const set = await test.client.mos.import({ source: { path } });
    expect(set).toMatchObject({ images: 2982, withFiles: 0, dimensions: ['alignment', 'quality'] });
    // One of its dimensions alone is still of that set, another column taken for a MOS is not.
    const mapping = preview.suggested!;
    const part = { ...mapping, mos: mapping.mos.slice(0, 1) };
    expect((await test.client.mos.import({ source: { path }, name: 'part', mapping: part })).method).toBe(
      'as imported from AGIQA-3K',
    );
    const other = { ...part, mos: [{ dimension: 'quality', mean: 'std_quality' }] };
    expect((await test.client.mos.import({ source: { path }, name: 'other', mapping: other })).method).toBe(
      'as imported from data.csv',
    );
    const csv = [...encodeCsv(await tabulate(test.studio, { kind: 'mos', mosSetId: set.id }))].join('');
    const given = await readTable({ path });
    const back = await readTable({ fileName: 'back.csv', file: new Blob([csv]) });
    expect(back.header.slice(0, given.header.length)).toEqual(given.header);
    const byName = new Map(back.rows.map(({ cells }) => [cells[0], cells]));
    for (const { cells } of given.rows) {
      const same = byName.get(cells[0])!;
      expect(same.slice(0, 5)).toEqual(cells.slice(0, 5));
      expect(same.slice(5, 9).map(Number)).toEqual(cells.slice(5).map(Number));
    }
  });
});
