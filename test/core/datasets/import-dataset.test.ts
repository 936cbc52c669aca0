/** Public data sets are recognised by their files, looked at first, and taken in in one step; the files here are of our own making. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasetLayouts } from '../../../core/datasets/layouts.ts';
import { encodeScene } from '../../support/make-images.ts';
import { makeMatFile } from '../../support/make-mat-file.ts';
import { makeWorkbook } from '../../support/make-workbook.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';
import { hasShared, readSharedJson, sharedPath } from '../../support/shared.ts';

let opened: TestStudio;
beforeAll(() => {
  opened = openTestStudio();
});
afterAll(async () => await opened.close());

type Column = Parameters<typeof parquetWriteBuffer>[0]['columnData'][number];

function parquet(columns: Record<string, unknown[]>, types: Record<string, Column['type']>): Uint8Array {
  const columnData = Object.entries(columns).map(([name, data]) => ({
    name,
    data,
    type: types[name] ?? 'STRING',
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData: columnData as Column[] }));
}

/** A folder with these files in it. */
function folderOf(name: string, files: Record<string, string | Uint8Array>): string {
  const folder = opened.folder(name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

async function takeIn(path: string) {
  const preview = await opened.client.mos.previewDataset({ path });
  const set = await opened.client.mos.importDataset({ path });
  const rows = await opened.client.mos.rows({ mosSetId: set.id });
  return { preview, set, rows };
}

describe('Tables of MOS', () => {
  test('AGIQA-1K: the workbook, with generators out of the names', async () => {
    const workbook = makeWorkbook([
      ['Image', 'Prompt', 'MOS'],
      ['deepai_1.png', 'a bird driving', 3.25],
      ['dreamStudio_1.png', 'a bird driving', 1.5],
    ]);
    const { preview, set } = await takeIn(folderOf('1k', { 'AIGC_MOS_Zscore.xlsx': workbook }));
    expect(preview).toMatchObject({
      ...{ title: 'AGIQA-1K', images: 2, knownImages: 0, prompts: 1, generators: ['deepai', 'dreamStudio'] },
      dimensions: [{ dimension: 'quality', images: 2, low: 1.5, high: 3.25 }],
    });
    expect(set).toMatchObject({ name: 'AGIQA-1K', images: 2, dimensions: ['quality'] });
  });

  test('AGIQA-3K: by its columns, whatever the file is called', async () => {
    const text =
      'name,prompt,adj1,adj2,style,mos_quality,std_quality,mos_align,std_align\nsd1.5_x_000.jpg,a cat,,,,2.5,0.4,3.5,0.2\n';
    const { preview } = await takeIn(join(folderOf('3k', { 'labels.csv': text }), 'labels.csv'));
    expect(preview).toMatchObject({ title: 'AGIQA-3K', generators: ['sd1.5'] });
    expect(preview.dimensions.map(({ dimension }) => dimension)).toEqual(['quality', 'alignment']);
  });

  test('AIGIQA-20K: its parts together; rows without MOS are passed over', async () => {
    const folder = folderOf('20k', {
      'info_train.xlsx': makeWorkbook([
        ['name', 'prompt', 'mos'],
        ['t1.png', 'a cat', 3],
      ]),
      'info_test.csv': 'name,prompt,mos\nt2.png,a dog,\n',
    });
    const { preview, set } = await takeIn(folder);
    expect(preview).toMatchObject({ title: 'AIGIQA-20K', images: 1, dimensions: [{ dimension: 'overall' }] });
    expect(set.method).toContain('AIGIQA-20K');
  });

  test('PKU-I2IQA: a table of three dimensions', async () => {
    const text =
      'name,generator,prompt,mos_quality,mos_authenticity,mos_correspondence\nm1.png,Midjourney,a fox,60,55,70\n';
    const { preview } = await takeIn(folderOf('i2i', { 'PKU-I2IQA.csv': text }));
    expect(preview).toMatchObject({ title: 'PKU-I2IQA', generators: ['Midjourney'], images: 1 });
  });

  test('PKU-I2IQA as its authors give it: generated pictures, each from another picture and a text', async () => {
    const workbook = makeWorkbook([
      ['Image_prompt', 'Text_prompt', 'Generated_image', 'MOS_q', 'MOS_a', 'MOS_c'],
      ['animal_1.jpg', 'a fox', 'MJ_1.png', 60.5, 55, 70],
      ['animal_1.jpg', 'a fox', 'SD_1.png', 40, 45, 50],
    ]);
    const { preview, rows } = await takeIn(folderOf('i2i-own', { 'I2IQA_annotation.xlsx': workbook }));
    expect(preview).toMatchObject({ title: 'PKU-I2IQA', images: 2, prompts: 1, generators: ['MJ', 'SD'] });
    const first = rows
      .filter(({ name }) => name === 'MJ_1.png')
      .map(({ dimension, mean }) => [dimension, mean]);
    expect(Object.fromEntries(first)).toEqual({ quality: 60.5, authenticity: 55, correspondence: 70 });
  });

  test('ImageReward: shards of metadata', async () => {
    const types = {
      rank: 'INT32',
      overall_rating: 'INT32',
      image_text_alignment_rating: 'INT32',
      fidelity_rating: 'INT32',
      image_amount_in_total: 'INT32',
    } as const;
    const shard = (id: string, rating: number) =>
      parquet(
        {
          ...{
            image_path: [`images/${id}.webp`],
            prompt_id: ['1-2'],
            prompt: ['a forest'],
            classification: ['Outdoor'],
          },
          ...{
            image_amount_in_total: [9],
            rank: [3],
            overall_rating: [rating],
            image_text_alignment_rating: [6],
            fidelity_rating: [5],
          },
        },
        types,
      );
    const folder = folderOf('reward', {
      'metadata-train.parquet': shard('a1', 7),
      'metadata-test.parquet': shard('a2', 2),
    });
    const { preview, rows } = await takeIn(folder);
    expect(preview).toMatchObject({ title: 'ImageReward', images: 2, prompts: 1 });
    expect(preview.files).toHaveLength(2);
    expect(
      rows.filter(({ dimension }) => dimension === 'overall').map(({ name, mean }) => [name, mean]),
    ).toEqual([
      ['a2.webp', 2],
      ['a1.webp', 7],
    ]);
  });
});

describe('Preferences', () => {
  test('Pick-a-Pic: each image’s share of the comparisons it was in; ties are half, what nobody judged is passed over', async () => {
    const rows = [
      ['u1', 'u2', 1, 0, true],
      ['u1', 'u2', 0.5, 0.5, true],
      ['u3', 'u1', 1, 0, true],
      ['u3', 'u2', 0, 1, false],
    ] as const;
    const column = (at: number) => rows.map((row) => row[at]);
    const file = parquet(
      {
        ...{
          caption: rows.map(() => 'a fox'),
          image_0_uid: column(0),
          image_1_uid: column(1),
          label_0: column(2),
        },
        ...{
          label_1: column(3),
          has_label: column(4),
          model_0: rows.map(() => 'sdxl'),
          model_1: rows.map(() => 'dream'),
        },
      },
      { label_0: 'DOUBLE', label_1: 'DOUBLE', has_label: 'BOOLEAN' },
    );
    const {
      preview,
      rows: mos,
      set,
    } = await takeIn(folderOf('pick', { 'data/train-00000-of-00001.parquet': file }));
    expect(preview).toMatchObject({
      title: 'Pick-a-Pic',
      images: 3,
      prompts: 1,
      generators: ['dream', 'sdxl'],
    });
    expect(set.method).toContain('share of the comparisons');
    expect(Object.fromEntries(mos.map(({ name, mean, n }) => [name, [mean, n]]))).toEqual({
      u1: [0.5, 3],
      u2: [0.25, 2],
      u3: [1, 1],
    });
    // 1, 0.5, 0 have the mean 0.5 and the sample standard deviation 0.5.
    expect(mos.find(({ name }) => name === 'u1')?.sd).toBeCloseTo(0.5, 12);
  });

  test('HPD v2: choices of pairs, and places given by each rater', async () => {
    const train = [{ prompt: 'a cat', file_path: ['p1.jpg', 'p2.jpg'], human_preference: [0, 1] }];
    const ranked = {
      ...{ prompt: 'a dog', image_path: ['q1.jpg', 'q2.jpg', 'q3.jpg'], rank: [1, 2, 3] },
      raw_annotations: [
        { rank: [1, 2, 3], user_hash: 'x' },
        { rank: [2, 1, 3], user_hash: 'y' },
      ],
    };
    const folder = folderOf('hpd', {
      'train.json': JSON.stringify(train),
      'test.json': JSON.stringify([ranked]),
    });
    const { preview, rows } = await takeIn(folder);
    expect(preview).toMatchObject({ title: 'HPD v2', images: 5, prompts: 2 });
    expect(Object.fromEntries(rows.map(({ name, mean, n }) => [name, [mean, n]]))).toEqual({
      'p1.jpg': [0, 1],
      'p2.jpg': [1, 1],
      'q1.jpg': [0.75, 4],
      'q2.jpg': [0.75, 4],
      'q3.jpg': [0, 4],
    });
    const { raw_annotations: raw_annotation, ...rest } = ranked;
    const alone = folderOf('hpd-alone', { 'test.json': JSON.stringify([{ ...rest, raw_annotation }]) });
    expect((await opened.client.mos.previewDataset({ path: alone })).images).toBe(3);
    writeFileSync(join(folder, 'test.json'), JSON.stringify([{ ...ranked, image_path: ['q1.jpg'] }]));
    await expect(opened.client.mos.previewDataset({ path: folder })).rejects.toThrow('Entry 1 of test.json');
  });
});

test('ImageReward’s rankings are preferences; equal places are ties', async () => {
  const entry = {
    id: '1',
    prompt: 'a fox',
    generations: ['r1.webp', 'r2.webp', 'r3.webp'],
    ranking: [1, 3, 3],
  };
  const { preview, set, rows } = await takeIn(folderOf('rankings', { 'test.json': JSON.stringify([entry]) }));
  expect(preview).toMatchObject({ title: 'ImageReward', images: 3, prompts: 1 });
  expect(preview.scale).toEqual([0, 1]);
  expect(set.method).toContain('share of the comparisons');
  expect(rows.map(({ name, mean, n }) => [name, mean, n]).sort()).toEqual([
    ['r1.webp', 1, 2],
    ['r2.webp', 0.25, 2],
    ['r3.webp', 0.25, 2],
  ]);
});

test.skipIf(!hasShared)(
  'every prompt and image of the rankings that ImageReward published is taken in',
  async () => {
    const path = sharedPath('data/imagereward/test-rankings.json');
    const { prompts } = readSharedJson<{ prompts: { prompt: string; images: string[] }[] }>(
      'data/imagereward/test-rankings.json',
    );
    const preview = await opened.client.mos.previewDataset({ path });
    expect(preview).toMatchObject({
      title: 'ImageReward',
      images: new Set(prompts.flatMap(({ images }) => images)).size,
      prompts: new Set(prompts.map(({ prompt }) => prompt.trim())).size,
    });
  },
);

test('AIGCIQA2023 before its images are there: names keep their folders, and files fill them when they are scored', async () => {
  const index = ['Glide', 'DALLE'].flatMap((generator) =>
    ['000-1.png', '001-1.png'].map((file) => [generator, file]),
  );
  const folder = folderOf('aigciqa', {
    'DATA/pic-index.xlsx': makeWorkbook(index),
    'DATA/prompts.xlsx': makeWorkbook([['prompt'], ['a fox'], ['an owl']]),
    ...Object.fromEntries(
      [1, 2, 3].map((number) => [`MOS/mosz${number}.mat`, makeMatFile([50, 60, 70, 80])]),
    ),
  });
  const { preview, set } = await takeIn(folder);
  expect(preview).toMatchObject({
    title: 'AIGCIQA2023',
    images: 4,
    prompts: 2,
    generators: ['DALLE', 'Glide'],
  });
  for (const [at, [generator, file]] of index.entries()) {
    mkdirSync(join(folder, generator!), { recursive: true });
    writeFileSync(join(folder, generator!, file!), await encodeScene(at + 900, { width: 48, height: 48 }));
  }
  await opened.finish(opened.client.library.score({ folder }));
  const [filled] = (await opened.client.mos.sets()).filter(({ id }) => id === set.id);
  expect(filled).toMatchObject({ images: 4, withFiles: 4 });
  const rows = await opened.client.mos.rows({ mosSetId: set.id });
  const owl = rows.find(({ name, dimension }) => name === 'DALLE/001-1.png' && dimension === 'quality');
  expect(await opened.client.images.detail({ id: owl!.imageId })).toMatchObject({
    ...{ prompt: 'an owl', generator: 'DALLE', paths: [join(folder, 'DALLE', '001-1.png')] },
  });
});

test('an image that the library knows by another name is the same image where its file is there', async () => {
  const own = opened.folder('own');
  writeFileSync(join(own, 'my-name.png'), await encodeScene(321, { width: 48, height: 48 }));
  await opened.finish(opened.client.library.score({ folder: own }));
  const [known] = (await opened.client.images.query({ filter: { query: 'name:my-name' } })).ids;
  const published = folderOf('published', {
    'ratings.csv': 'name,mos\nimages/0001.png,4\nimages/0002.png,3\n',
  });
  mkdirSync(join(published, 'images'));
  renameSync(join(own, 'my-name.png'), join(published, 'images', '0001.png'));
  writeFileSync(join(published, 'images', '0002.png'), await encodeScene(322, { width: 48, height: 48 }));
  const set = await opened.client.mos.import({ source: { path: join(published, 'ratings.csv') } });
  const rows = await opened.client.mos.rows({ mosSetId: set.id });
  expect(rows.find(({ mean }) => mean === 4)?.imageId).toBe(known);
  expect(rows.find(({ mean }) => mean === 3)?.imageId).not.toBe(known);
});

describe('What is none of them', () => {
  test('is refused with what is known', async () => {
    const folder = folderOf('none', {
      'other.csv': 'a,b\n1,2\n',
      'sidecar.json': '{"x":1}',
      'broken.parquet': 'PAR1',
    });
    const refused = opened.client.mos.previewDataset({ path: folder });
    await expect(refused).rejects.toMatchObject({ code: 'unsupported' });
    for (const { title } of datasetLayouts) await expect(refused).rejects.toThrow(title);
    const absent = opened.client.mos.importDataset({ path: join(folder, 'gone') });
    await expect(absent).rejects.toMatchObject({ code: 'notFound' });
  });
});
