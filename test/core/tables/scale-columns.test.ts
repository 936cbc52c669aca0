import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scalePresets } from '../../../contract/studies.ts';
import { encodeTable } from '../../../core/export/encode-table.ts';
import { tabulate } from '../../../core/export/export-table.ts';
import { findScaleColumns } from '../../../core/tables/scale-columns.ts';
import { addImages, studyOf } from '../../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';
import { rateStudies } from '../../support/rate-studies.ts';
import { readContent } from '../../support/read-export.ts';

let test: TestStudio;
beforeAll(() => {
  test = openTestStudio();
});
afterAll(() => test.close());

function source(text: string, fileName = 'mos.csv') {
  return { fileName, file: new Blob([text]) };
}

async function scaleOf(mosSetId: number, dimension: string) {
  const scales = await test.client.mos.scales({ dimension });
  return scales.find((one) => one.mosSetId === mosSetId)?.scale;
}

describe('the ends of a scale are found in a table', () => {
  const find = (...header: string[]) => {
    const found = findScaleColumns(header, { dimension: 'alignment', mean: 'mos_align' });
    return found === null ? null : [found.low.column, found.high.column];
  };

  it('by the dimension, by the word of its means, or for every dimension', () => {
    expect(find('scale_min_alignment', 'scale_max_alignment')).toEqual([
      'scale_min_alignment',
      'scale_max_alignment',
    ]);
    expect(find('Align Scale Low', 'Align Scale High')).toEqual(['Align Scale Low', 'Align Scale High']);
    expect(find(' scale_min ', 'scale_max')).toEqual([' scale_min ', 'scale_max']);
    expect(find('mos_scale_min', 'mos_scale_max')).toEqual(['mos_scale_min', 'mos_scale_max']);
    expect(find('scale_min', 'scale_max', 'scale_min_align', 'scale_max_align')?.[0]).toBe('scale_min_align');
  });

  it('only in pairs, and not in those of another dimension', () => {
    expect(find('scale_min_alignment', 'scale_max')).toBeNull();
    expect(find('scale_min_quality', 'scale_max_quality')).toBeNull();
  });
});

describe('a table that says its scale', () => {
  it('proposes it, takes it in without a word, and keeps its columns apart from those of the images', async () => {
    const table = source('name,mos,mos_std,mos_scale_min,mos_scale_max\none.png,40,3,0,100\ntwo.png,,,,\n');
    const { suggested } = await test.client.mos.preview({ source: table });
    expect(suggested?.mos).toEqual([{ dimension: 'quality', mean: 'mos', sd: 'mos_std', scale: [0, 100] }]);
    const set = await test.client.mos.import({ source: table });
    expect(await scaleOf(set.id, 'quality')).toEqual([0, 100]);
    const { columns } = await test.client.exports.options({ mosSetId: set.id });
    expect(columns.filter(({ key }) => /^attribute:.*scale/.test(key))).toEqual([]);
  });

  it('also where a mapping names the columns of MOS; what the mapping says of the scale goes before it', async () => {
    const table = source('file,rating,scale_min,scale_max\nthree.png,2,1,7\n');
    const mapping = { name: 'file', mos: [{ dimension: 'overall', mean: 'rating' }] };
    const set = await test.client.mos.import({ source: table, mapping });
    expect(await scaleOf(set.id, 'overall')).toEqual([1, 7]);
    const said = { ...mapping, mos: [{ ...mapping.mos[0]!, scale: [0, 10] as const }] };
    const other = await test.client.mos.import({ source: table, mapping: said, name: 'said' });
    expect(await scaleOf(other.id, 'overall')).toEqual([0, 10]);
  });

  it('is refused by line where rows are on several scales, or on none', async () => {
    const header = 'name,mos,scale_min,scale_max';
    const text = `${header}\nm1.png,3,1,5\nm2.png,60,0,100\nm3.png,3,5,1\nm4.png,3,,5\nm5.png,,0,7\n`;
    await expect(test.client.mos.import({ source: source(text) })).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringMatching(
        /3 of its rows.*line 3: quality is on a scale of 0 to 100 here and of 1 to 5 before.*line 4: scale_min “5” and scale_max “1” are not the ends.*line 5: scale_min “” and/,
      ),
    });
  });
});

describe('a public data set whose authors say no scale', () => {
  it('takes the one that a person says, and holds the means against it', async () => {
    const path = test.folder('i2i');
    writeFileSync(
      join(path, 'PKU-I2IQA.csv'),
      'name,mos_quality,mos_authenticity,mos_correspondence\ni2i.png,60,55,70\n',
    );
    expect((await test.client.mos.previewDataset({ path })).scale).toBeNull();
    const set = await test.client.mos.importDataset({ path, scale: [0, 100] });
    expect(await scaleOf(set.id, 'authenticity')).toEqual([0, 100]);
    await expect(test.client.mos.importDataset({ path, scale: [0, 5] })).rejects.toThrow(
      'line 2: mos_quality 60 lies outside the scale of 0 to 5',
    );
  });
});

describe('MOS that go out and come in again', () => {
  it('are the same in every form: means, SDs, counts and scale, though the columns are AGIQA-3K’s', async () => {
    const { studio, client } = test;
    const images = addImages(studio, 3);
    const study = studyOf(images);
    study.design.dimensions[0]!.scale = scalePresets.continuous100;
    const { id: studyId, mosSetId } = await client.studies.create(study);
    const { open, voteAll } = rateStudies(test);
    for (const [at, name] of ['Ada', 'Bob'].entries())
      await voteAll(await open(studyId, name), (image) => 50 + at * 10 + (image % 3));
    const before = await client.mos.rows({ mosSetId });
    for (const format of ['csv', 'xlsx', 'jsonl', 'parquet'] as const) {
      const bytes = await readContent(encodeTable(await tabulate(studio, { kind: 'mos', mosSetId }), format));
      const path = join(test.folder(format), `back.${format}`);
      writeFileSync(path, bytes);
      expect(await client.mos.preview({ source: { path } })).toMatchObject({ layout: null, matchedFiles: 3 });
      const set = await client.mos.import({ source: { path } });
      expect(await client.mos.rows({ mosSetId: set.id })).toEqual(before);
      expect(await scaleOf(set.id, 'quality')).toEqual([0, 100]);
    }
  });
});
