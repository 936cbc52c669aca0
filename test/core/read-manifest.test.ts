/** Studies from a table of images, in CSV and JSON, and what a paper says of them afterwards. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addImages, studyOf } from '../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { rateStudies } from '../support/rate-studies.ts';

let opened: TestStudio;
let images: number[];
beforeAll(() => {
  opened = openTestStudio();
  images = addImages(opened.studio, 4, 2);
});
afterAll(async () => await opened.close());

function tableOf(text: string, fileName = 'images.csv') {
  return { source: { fileName, file: new Blob([text]) } };
}

describe('a table of images', () => {
  const csv = `Name,Prompt,Generator,Group,Role,Expected,Tolerance
g0_000.png,a cat,SDXL,cats,,,
g1_000.png,a cat,FLUX,cats,main,,
g0_001.png,,,,training,,
g1_001.png,,,,gold,5,1
g0_002.png,,,,trap,1,0
`;

  test('becomes a study: names are matched, prompts, generators, groups and roles taken', async () => {
    const manifest = await opened.client.studies.readManifest(tableOf(csv));
    expect(manifest.problems).toEqual([]);
    expect(manifest.mapping).toMatchObject({ name: 'Name', role: 'Role', expected: 'Expected' });
    expect(manifest.imageIds).toEqual(images.slice(0, 2));
    expect(manifest.labels).toEqual([
      { imageId: images[0], prompt: 'a cat', generator: 'SDXL', group: 'cats' },
      { imageId: images[1], prompt: 'a cat', generator: 'FLUX', group: 'cats' },
    ]);
    expect(manifest.items).toEqual({
      training: [images[2]],
      stabilising: [],
      gold: [{ imageId: images[3], dimension: 'quality', expected: 5, tolerance: 1 }],
      traps: [{ imageId: images[4], dimension: 'quality', expected: 1, tolerance: 0 }],
    });
    const { imageIds, labels, items } = manifest;
    await opened.client.studies.create(studyOf(imageIds, { labels, items }));
    expect(await opened.client.images.detail({ id: images[0]! })).toMatchObject({ generator: 'SDXL' });
  });

  test('in JSON is the same table', async () => {
    const rows = [{ image: 'g0_000.png', prompt: 'a cat', seed: 5 }, { image: 'g1_000.png' }];
    const manifest = await opened.client.studies.readManifest(tableOf(JSON.stringify(rows), 'images.json'));
    expect(manifest).toMatchObject({
      header: ['image', 'prompt', 'seed'],
      imageIds: images.slice(0, 2),
      problems: [],
    });
    await expect(opened.client.studies.readManifest(tableOf('{"a":', 'x.json'))).rejects.toMatchObject({
      code: 'badInput',
    });
  });

  test('tells every line that does not fit, by its number', async () => {
    const wrong =
      'name,role\nnobody.png,\ng0_000.png,\ng0_000.png,\ng1_000.png,gold\ng1_001.png,king\n,training\n\n,\n';
    const { problems, imageIds } = await opened.client.studies.readManifest(tableOf(wrong));
    expect(problems.map(({ line }) => line)).toEqual([2, 4, 5, 6, 7]);
    expect(problems[0]!.reason).toContain('nobody.png');
    expect(imageIds).toEqual([images[0]]);
  });

  test('with columns that nobody knows is shown for mapping', async () => {
    const source = tableOf('pic,what\ng0_000.png,a cat\n');
    expect(await opened.client.studies.readManifest(source)).toMatchObject({
      mapping: null,
      rowCount: 1,
      imageIds: [],
    });
    const mapped = await opened.client.studies.readManifest({
      ...source,
      mapping: { name: 'pic', prompt: 'what' },
    });
    expect(mapped.labels).toEqual([{ imageId: images[0], prompt: 'a cat' }]);
    const missing = opened.client.studies.readManifest({ ...source, mapping: { name: 'image' } });
    await expect(missing).rejects.toMatchObject({ code: 'badInput' });
  });
});

test('a paper’s methods paragraph and table say what was asked, of whom, and under which hash', async () => {
  const { create, open, voteAll } = rateStudies(opened);
  const items = {
    training: [images[6]!],
    gold: [{ imageId: images[7]!, dimension: 'quality', expected: 3, tolerance: 1 }],
  };
  const study = await create(studyOf(images.slice(0, 4), { items, plan: { order: { repeatedImages: 1 } } }));
  for (const name of ['A', 'B', 'C']) await voteAll(await open(study.id, name), () => 3);
  const { paragraph, table } = await opened.client.studies.methods({ studyId: study.id });
  const { manifestHash } = (await opened.client.studies.list()).find(({ id }) => id === study.id)!;
  for (const fact of [
    '4 images by',
    '3 raters gave',
    'pre-test',
    'the median image has 3 votes',
    'on 5 levels from “Bad” to “Excellent”',
    'the seed 11',
    '1 training item (not stored)',
    '30 minutes at most',
    '1280 × 800 CSS pixels in 3 sessions',
    manifestHash!,
  ]) {
    expect(paragraph).toContain(fact);
  }
  expect(table.split('\n').filter((line) => /^\| .+ \| .+ \|$/.test(line)).length).toBeGreaterThan(12);
});
