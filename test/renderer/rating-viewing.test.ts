/** How large images are shown: at the pointer, within the images of one prompt, and as the plan of a study fixes it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NewStudy, Study } from '../../contract/studies.ts';
import { scalePresets } from '../../contract/studies.ts';
import { type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';
import { beginRating, qualityOn, readVotes, vote } from './support/rating-page.ts';

const widthPx = 2400;
let library: LibraryPage;
let ids: number[];

beforeAll(async () => {
  library = await openLibraryPage(4);
  // All are larger than the window.
  await Promise.all(
    library.painted.map(async ({ name }) => {
      const path = join(library.pictures, name);
      await writeFile(
        path,
        await sharp(await readFile(path))
          .resize(widthPx)
          .png()
          .toBuffer(),
      );
    }),
  );
  await scorePictures(library);
  ({ ids } = await library.studio.client.images.query({ order: 'name' }));
});

afterAll(async () => {
  await library?.close();
});

async function makeStudy(
  name: string,
  { plan = {}, ...rest }: Partial<NewStudy> & { plan?: NewStudy['design']['plan'] } = {},
): Promise<Study> {
  const design = { dimensions: qualityOn(scalePresets.acr5), seed: 7, instructions: '', plan };
  return await library.studio.client.studies.create({ name, design, imageIds: ids, ...rest });
}

const sizeOf = () =>
  library.page
    .locator('canvas')
    .evaluate((element: HTMLCanvasElement) => [element.width, element.height].join());
const widthOf = async () => Number((await sizeOf()).split(',')[0]);

describe('Viewing', () => {
  test('Space held shows true pixels at the pointer, and lets go', async () => {
    const { page } = library;
    const study = await makeStudy('Inspected', { imageIds: ids.slice(0, 1) });
    await page.goto(`${library.studio.url}/rate/${study.id}?rater=Ada`);
    await page.getByText('hold Space for true pixels at the pointer').waitFor();
    await beginRating(library, study.id, 'Ada');
    const fitted = await sizeOf();
    await page.mouse.move(400, 200);
    await page.keyboard.down('Space');
    await expect.poll(sizeOf).not.toBe(fitted);
    const room = await page.getByTestId('stage').boundingBox();
    expect(await sizeOf()).toBe([room!.width, room!.height].map(Math.round).join());
    await page.keyboard.up('Space');
    await expect.poll(sizeOf).toBe(fitted);
    expect(await readVotes(library, study.id)).toEqual([]);
  });

  test('zoom is kept within the images of one prompt or group, though prompts are hidden and others stand between', async () => {
    const { page } = library;
    const labels = ids.map((imageId, at) => ({ imageId, group: at < 2 ? 'near' : 'far' }));
    const study = await makeStudy('Groups', { labels, plan: { order: { spacing: 1 } } });
    await beginRating(library, study.id, 'Ada');
    expect(await widthOf()).toBeLessThan(1280);
    await page.keyboard.press('z');
    await expect.poll(widthOf).toBe(widthPx);
    await vote(page, ['3']);
    expect(await widthOf(), 'the other group begins as the sitting does').toBeLessThan(1280);
    await page.keyboard.press('z');
    await expect.poll(widthOf).toBe(widthPx);
    await page.keyboard.press('z');
    await expect.poll(widthOf).toBeLessThan(1280);
    await vote(page, ['3']);
    expect(await widthOf(), 'the first group is as it was left').toBe(widthPx);
    await vote(page, ['3']);
    expect(await widthOf()).toBeLessThan(1280);
  });

  test('a plan that fixes true pixels says so, leaves no choice, and takes no other size by key or button', async () => {
    const { page, studio } = library;
    const study = await makeStudy('Fixed', { plan: { viewing: { size: 'pixels', allowsZoom: false } } });
    await page.goto(`${studio.url}/rate/${study.id}?rater=Ada`);
    await page.getByText('Images are shown pixel by pixel.').waitFor();
    expect(await page.getByRole('radio').count()).toBe(0);
    await beginRating(library, study.id, 'Ada');
    expect(await widthOf()).toBe(widthPx);
    expect(await page.getByRole('button', { name: /^(Fit|True pixels)/ }).count()).toBe(0);
    await page.keyboard.press('z');
    await page.keyboard.press('Space');
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard' });
    await dialog.getByText('Leave; everything is kept', { exact: true }).waitFor();
    expect(await dialog.getByText('true pixels').count()).toBe(0);
    expect(await widthOf()).toBe(widthPx);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    const scrolled = () =>
      page.getByTestId('stage').evaluate(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop].join());
    expect(await scrolled()).toBe('0,0');
    await page.mouse.move(600, 400);
    await page.mouse.down();
    await page.mouse.move(500, 350);
    await page.mouse.up();
    expect(await scrolled(), 'an image that is larger is dragged').toBe('100,50');
    await vote(page, ['4']);
    expect(await scrolled(), 'the next one begins at its corner').toBe('0,0');
    expect(await widthOf()).toBe(widthPx);
    expect(library.pageErrors).toEqual([]);
  });
});
