/** Sets of columns: what each tool expects to find, by the names and the types that it reads. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata, parquetSchema } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExportPreset } from '../../../contract/export-images.ts';
import { encodeTable } from '../../../core/export/encode-table.ts';
import { describeExport } from '../../../core/export/export-table.ts';
import { blocksOf, cellsOf, columnsOfPlan } from '../../../core/export/image-rows.ts';
import { planImageTable } from '../../../core/export/plan-images.ts';
import { agiqaColumns, nameColumns, resolveColumns, shippedPresets } from '../../../core/export/presets.ts';
import { addImages, studyOf } from '../../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';
import { rateStudies } from '../../support/rate-studies.ts';
import { readContent, readText } from '../../support/read-export.ts';

let opened: TestStudio;
let studyId: number;

beforeAll(async () => {
  opened = openTestStudio();
  const path = join(opened.folder('tables'), 'mos.csv');
  const header = 'name,prompt,adj1,adj2,style,mos_quality,std_quality,mos_align,std_align';
  writeFileSync(
    path,
    `${header}\n=a.png,"a fox, red",red,,photo,3.25,0.5,2.5,0.25\nb.png,a cat,,,,1.5,0.75,2,0.5\n`,
  );
  await opened.client.mos.import({ source: { path } });
  const images = addImages(opened.studio, 2, 2);
  studyId = (await opened.client.studies.create(studyOf(images))).id;
  const { open, voteAll } = rateStudies(opened);
  for (const [at, name] of ['Ada', 'Bob'].entries()) await voteAll(await open(studyId, name), () => at + 2);
});
afterAll(async () => await opened.close());

async function tableOf(id: string) {
  const [set] = (await opened.client.mos.sets()).filter(({ kind }) => kind === 'imported');
  const options = await opened.client.exports.options({ mosSetId: set!.id });
  const preset = options.presets.find((one) => one.id === id)!;
  const choice = { kind: 'mosSet' as const, mosSetId: set!.id };
  const plan = await planImageTable(opened.studio, { choice, columns: preset.columns, rows: 'images' });
  const { db } = opened.studio;
  return {
    name: plan.name,
    columns: columnsOfPlan(plan.columns),
    rows: [...cellsOf(db, blocksOf(db, plan), plan)],
  };
}

test('those that come with the studio are data of the contract', () => {
  for (const preset of shippedPresets) expect(ExportPreset.parse(preset)).toEqual(preset);
});

describe('AGIQA-3K', () => {
  test('has the nine columns of its data.csv, in their order, then those of further dimensions', async () => {
    const { columns } = await tableOf('agiqa-3k');
    expect(columns.map(({ name }) => name)).toEqual([
      ...['name', 'prompt', 'adj1', 'adj2', 'style', 'mos_quality', 'std_quality', 'mos_align', 'std_align'],
    ]);
    expect(columns.map(({ type }) => type)).toEqual([...Array(5).fill('text'), ...Array(4).fill('number')]);
    const names = {
      signals: [],
      targets: [],
      dimensions: ['alignment', 'appeal', 'quality'],
      attributes: [],
    };
    const further = resolveColumns(agiqaColumns, names).slice(columns.length);
    expect(nameColumns(further).map(({ name }) => name)).toEqual(['mos_appeal', 'std_appeal']);
  });

  test('keeps its names where a set has both `alignment` and `align`: the second is counted', () => {
    const names = { signals: [], targets: [], dimensions: ['align', 'alignment'], attributes: [] };
    const named = nameColumns(resolveColumns(agiqaColumns, names));
    expect(named.slice(-4)).toEqual([
      { key: 'mos:alignment', name: 'mos_align' },
      { key: 'sd:alignment', name: 'std_align' },
      { key: 'mos:align', name: 'mos_align_2' },
      { key: 'sd:align', name: 'std_align_2' },
    ]);
  });

  test('gives its scripts the text and the numbers that came in', async () => {
    const { rows } = await tableOf('agiqa-3k');
    expect(rows).toEqual([
      ['=a.png', 'a fox, red', 'red', null, 'photo', 3.25, 0.5, 2.5, 0.25],
      ['b.png', 'a cat', null, null, null, 1.5, 0.75, 2, 0.5],
    ]);
  });
});

describe('pandas', () => {
  test('reads every column as an attribute of the frame', async () => {
    const { columns } = await tableOf('pandas');
    for (const { name } of columns) expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
    expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
  });

  test('gets numbers as float64, counts as int64 and texts as strings', async () => {
    const bytes = await readContent(encodeTable(await tableOf('pandas'), 'parquet'));
    const metadata = parquetMetadata(Uint8Array.from(bytes).buffer);
    const types = new Map(parquetSchema(metadata).children.map(({ element }) => [element.name, element]));
    for (const name of [
      'mos_quality',
      'sd_quality',
      'ci_low_quality',
      'ci_high_quality',
      'q',
      's',
      'steps',
      'cfg',
    ]) {
      expect(types.get(name)).toMatchObject({ type: 'DOUBLE' });
    }
    for (const name of ['n_quality', 'width', 'height', 'votes'])
      expect(types.get(name)).toMatchObject({ type: 'INT64' });
    // A seed is text: it exceeds int64.
    for (const name of ['name', 'prompt', 'seed', 'flag']) {
      expect(types.get(name)).toMatchObject({ type: 'BYTE_ARRAY', converted_type: 'UTF8' });
    }
    expect(types.get('tags')).toMatchObject({ converted_type: 'LIST' });
  });
});

test('a MOS table has AGIQA-3K’s columns first, then of each dimension its counts and the ends of its scale', async () => {
  const { columns, rows } = await tableOf('mos');
  expect(columns.slice(9).map(({ name }) => name)).toEqual([
    ...['n_alignment', 'scale_min_alignment', 'scale_max_alignment'],
    ...['n_quality', 'scale_min_quality', 'scale_max_quality'],
  ]);
  expect(rows[0]!.slice(9)).toEqual([null, 0, 5, null, 0, 5]);
});

test('a data set has its prompt as `text`, as captioned images have', async () => {
  const { columns } = await tableOf('dataset');
  expect(columns.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['text', 'generator', 'mos_quality', 'sd_quality', 'n_quality']),
  );
});

test('sureal reads a dataset of strings, whole numbers and a score a subject', async () => {
  const dataset = JSON.parse(
    await readText(await describeExport(opened.studio, { kind: 'sureal', studyId })),
  );
  expect(dataset).toMatchObject({ dataset_name: expect.any(String) });
  const contents = new Set(dataset.ref_videos.map(({ content_id }: { content_id: number }) => content_id));
  expect(contents).toEqual(new Set([0, 1]));
  expect(dataset.dis_videos).toHaveLength(4);
  for (const [at, video] of dataset.dis_videos.entries()) {
    expect(video).toMatchObject({ asset_id: at, path: expect.any(String), os: { Ada: 2, Bob: 3 } });
    expect(contents).toContain(video.content_id);
  }
});

test('a `*` stands for all there is; neighbours over the same are repeated together, and nothing stands twice', () => {
  const names = { signals: ['q', 's'], targets: [], dimensions: ['quality', 'style'], attributes: [] };
  const wanted = [
    { key: 'mos:quality' },
    { key: 'mos:*' },
    { key: 'sd:*', name: 'std_*' },
    { key: 'score:*' },
    { key: 'signal:*' },
  ];
  expect(resolveColumns(wanted, names)).toEqual([
    { key: 'mos:quality' },
    { key: 'sd:quality', name: 'std_quality' },
    { key: 'mos:style' },
    { key: 'sd:style', name: 'std_style' },
    { key: 'signal:q' },
    { key: 'signal:s' },
  ]);
});

test('own sets of columns are kept by their title, replaced, and forgotten', async () => {
  const { exports } = opened.client;
  const columns = [{ key: 'name' }, { key: 'mos:quality', name: 'opinion' }];
  expect(await exports.savePreset({ title: 'Mine', format: 'csv', columns })).toMatchObject([
    { title: 'Mine', columns },
  ]);
  await exports.savePreset({ title: 'Mine', format: 'xlsx', columns: [{ key: 'mos:*' }] });
  const { presets } = await exports.options({});
  expect(presets.filter(({ isOwn }) => isOwn)).toMatchObject([{ title: 'Mine', format: 'xlsx' }]);
  await expect(
    exports.savePreset({ title: 'Bad', format: 'csv', columns: [{ key: 'nonsense' }] }),
  ).rejects.toMatchObject({
    code: 'badInput',
  });
  expect(await exports.forgetPreset({ title: 'Mine' })).toEqual([]);
  await expect(exports.forgetPreset({ title: 'Mine' })).rejects.toMatchObject({ code: 'notFound' });
});
