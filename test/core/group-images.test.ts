/** Lists in groups: by prompt, by generator, by folder; nothing is lost, and the list's order holds in each. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GroupBy } from '../../contract/images.ts';
import { addImages } from '../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let opened: TestStudio;
let ids: number[];
beforeAll(async () => {
  opened = openTestStudio();
  ids = addImages(opened.studio, 4, 3);
  const table = new Blob(['name,mos_quality\nno-prompt.png,3']);
  await opened.client.mos.import({ source: { fileName: 'm.csv', file: table } });
});
afterAll(async () => await opened.close());

async function grouped(groupBy: GroupBy, descending = false) {
  return await opened.client.images.query({ order: 'added', descending, groupBy });
}

describe('A grouped list', () => {
  test('has the images of a generator together, groups in the order of their first images', async () => {
    const { ids: list, groups } = await grouped('generator');
    expect(groups!.slice(0, 3)).toEqual(['g0', 'g1', 'g2'].map((key) => ({ key, label: key, images: 4 })));
    expect(list.slice(0, 4)).toEqual([ids[0], ids[3], ids[6], ids[9]]);
    const turned = await grouped('generator', true);
    expect(turned.groups!.filter(({ label }) => label !== null).map(({ key }) => key)).toEqual([
      'g2',
      'g1',
      'g0',
    ]);
    expect(turned.ids.slice(0, 4)).toEqual([ids[11], ids[8], ids[5], ids[2]]);
  });

  test('by prompt names each by its text; images without one are the last group', async () => {
    const { ids: list, groups } = await grouped('prompt', true);
    expect(groups!.map(({ label }) => label)).toEqual(['prompt 3', 'prompt 2', 'prompt 1', 'prompt 0', null]);
    expect(groups!.map(({ images }) => images)).toEqual([3, 3, 3, 3, 1]);
    expect(list.toSorted((a, b) => a - b)).toEqual(
      (await grouped('generator')).ids.toSorted((a, b) => a - b),
    );
  });

  test('by folder tells those without a file', async () => {
    const { groups } = await grouped('folder');
    expect(groups!.reduce((sum, { images }) => sum + images, 0)).toBe(13);
    expect(groups!.at(-1)!.label).toBeNull();
  });

  test('without groupBy has no groups', async () => {
    expect((await opened.client.images.query({})).groups).toBeUndefined();
  });
});
