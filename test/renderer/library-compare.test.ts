/** Comparing: two to four pictures side by side, wiped or as their difference, zoomed together, with what is known of them; all by key. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withPngText } from '../support/make-images.ts';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import {
  expectFocus,
  expectSelected,
  type LibraryPage,
  openLibraryPage,
  scorePictures,
} from './support/library-page.ts';

const painted = 3;
const grey = 100;
const longName = `${'z'.repeat(200)}.png`;
let library: LibraryPage;
let ids: number[];
/** The first by name of those that were painted. */
let first: { name: string };

/** Beside the painted ones, before them by name: a grey square, one with a brighter corner, and one of another size. */
beforeAll(async () => {
  library = await openLibraryPage(painted);
  first = library.painted.toSorted((a, b) => (a.name < b.name ? -1 : 1))[0]!;
  await writeSquare('a-plain.png', 64, 'a red fox in the snow');
  await writeSquare('b-corner.png', 64, 'a blue fox in the snow', 5);
  await writeSquare('c-larger.png', 128, 'a red fox in the snow');
  await writeSquare(longName, 64, 'a red fox in the snow', 9);
  library.painted.push(...['a', 'b', 'c', 'z'].map((name) => ({ name, prompt: '' })));
  await scorePictures(library);
  ({ ids } = await library.studio.client.images.query({ order: 'name' }));
});

afterAll(async () => {
  await library?.close();
});

/** A grey square; its upper left quarter is so much brighter. */
async function writeSquare(name: string, sidePx: number, prompt: string, brighter = 0): Promise<void> {
  const corner = sidePx / 2;
  const pixels = Buffer.alloc(sidePx * sidePx * 3, grey);
  for (let y = 0; y < corner; y += 1) {
    pixels.fill(grey + brighter, y * sidePx * 3, (y * sidePx + corner) * 3);
  }
  const png = await sharp(pixels, { raw: { width: sidePx, height: sidePx, channels: 3 } })
    .png()
    .toBuffer();
  const text = `${prompt}\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 7, Model: test`;
  writeFileSync(join(library.pictures, name), withPngText(png, 'parameters', text));
}

async function compareFirst(count: number): Promise<Locator> {
  const { page, grid } = library;
  await grid.focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  for (let k = 1; k < count; k += 1) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('v');
  const dialog = page.getByTestId('compare');
  await dialog.waitFor();
  return dialog;
}

function frame(name: string | RegExp): Locator {
  return library.page.getByTestId('compare').getByRole('region', { name });
}

async function expectZoom(name: string, text: string): Promise<void> {
  await expect.poll(() => frame(name).getAttribute('data-zoom')).toBe(text);
}

async function zoomOf(name: string): Promise<string | null> {
  return await frame(name).getAttribute('data-zoom');
}

describe('Comparing', () => {
  test('V shows what is selected side by side; the number keys and arrows say which one the keys are at', async () => {
    const { page } = library;
    const dialog = await compareFirst(4);
    for (const at of [1, 2, 3, 4]) await dialog.getByTestId(`pane-${at}`).locator('img').waitFor();
    const active = dialog.locator('[aria-current=true]');
    await expect.poll(() => active.textContent()).toContain('b-corner.png');
    await page.keyboard.press('4');
    await expect.poll(() => active.textContent()).toContain(first.name);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => active.textContent()).toContain('a-plain.png');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'compare');
  });

  test('a name that is too long for its picture ends there, and lies over no other', async () => {
    const { page, grid } = library;
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await grid.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    for (let k = 1; k < 4; k += 1) await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('v');
    for (const at of [1, 2, 3, 4]) await page.getByTestId(`pane-${at}`).locator('img').waitFor();
    for (const at of [1, 2, 3, 4]) {
      const pane = page.getByTestId(`pane-${at}`);
      expect(await pane.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
      const [whole, name] = [await pane.boundingBox(), await pane.locator('[title]').boundingBox()];
      expect(name!.x + name!.width).toBeLessThanOrEqual(whole!.x + whole!.width);
    }
    await page.keyboard.press('Escape');
    await compareFirst(4);
    await page.keyboard.press('ArrowRight');
  });

  test('what is known of them stands below, equal fields hidden, differing words marked', async () => {
    const { page } = library;
    const table = page.getByTestId('compare').getByRole('table');
    const prompts = table.getByRole('row', { name: /prompt/ }).first();
    await expect
      .poll(() => prompts.getByRole('cell').nth(1).locator('mark').allTextContents())
      .toEqual(['blue ']);
    expect(await prompts.getByRole('cell').nth(2).locator('mark').count()).toBe(0);
    await page.getByTestId('equal-count').waitFor();
    const before = await table.getByRole('row').count();
    await page.keyboard.press('h');
    await page.getByTestId('equal-count').waitFor({ state: 'detached' });
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(before);
    await table.getByRole('row', { name: 'negative prompt' }).waitFor();
    await page.keyboard.press('h');
    await page.keyboard.press('i');
    await table.waitFor({ state: 'detached' });
  });

  test('P picks the one the keys are at, and no other', async () => {
    const { page, studio } = library;
    await page.keyboard.press('2');
    await page.keyboard.press('p');
    await page.getByTestId('pane-2').getByText('pick', { exact: true }).waitFor();
    const cards = await studio.client.images.cards({ ids: ids.slice(0, 4) });
    expect(cards.map(({ flag }) => flag)).toEqual([null, 'pick', null, null]);
  });

  test('all are zoomed together, by key and at the pointer; unlocked each alone', async () => {
    const { page } = library;
    await page.keyboard.press('z');
    await expectZoom('Image 1: a-plain.png', '100 %');
    await expectZoom('Image 3: c-larger.png', '100 %');
    await page.keyboard.press('+');
    await expectZoom('Image 1: a-plain.png', '125 %');
    await expectZoom('Image 3: c-larger.png', '125 %');
    await frame('Image 3: c-larger.png').hover();
    await page.mouse.wheel(0, -600);
    await expect.poll(() => zoomOf('Image 3: c-larger.png')).not.toBe('125 %');
    await expect.poll(() => zoomOf('Image 1: a-plain.png')).toBe(await zoomOf('Image 3: c-larger.png'));
    const together = await zoomOf('Image 1: a-plain.png');
    await page.keyboard.press('y');
    await page.keyboard.press('1');
    await page.keyboard.press('z');
    await expect.poll(() => zoomOf('Image 1: a-plain.png')).not.toBe(together);
    expect(await zoomOf('Image 3: c-larger.png')).toBe(together);
    await page.keyboard.press('y');
    await expect.poll(async () => (await zoomOf('Image 2: b-corner.png')) !== together).toBe(true);
  });

  test('dragging one moves all', async () => {
    const { page } = library;
    await page.keyboard.press('z');
    for (let k = 0; k < 14; k += 1) await page.keyboard.press('+');
    const picture = page.getByTestId('pane-2').locator('img');
    const place = () => picture.evaluate((img) => img.getBoundingClientRect().left);
    const before = await place();
    await frame('Image 1: a-plain.png').hover();
    await page.mouse.down();
    const box = (await frame('Image 1: a-plain.png').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2 + 40, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => Math.round((await place()) - before)).toBe(40);
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => Math.round((await place()) - before)).toBe(-40);
    await page.keyboard.press('z');
  });

  test('the difference is exact, black where the pixels are equal, brighter by the gain', async () => {
    const { page } = library;
    await page.keyboard.press('2');
    await page.keyboard.press('d');
    const figures = page.getByTestId('difference-figures');
    await figures.waitFor();
    await expect
      .poll(() => figures.textContent())
      .toBe('mean difference 1.25 of 255, largest 5, 75.0 % of the pixels equal');
    const canvas = page.getByTestId('difference');
    const pixels = await canvas.evaluate((element: HTMLCanvasElement) => {
      const paint = element.getContext('2d')!;
      return [
        [...paint.getImageData(3, 3, 1, 1).data],
        [...paint.getImageData(60, 3, 1, 1).data],
        [element.width, element.height],
      ];
    });
    expect(pixels).toEqual([
      [5, 5, 5, 255],
      [0, 0, 0, 255],
      [64, 64],
    ]);
    await expect.poll(() => page.getByTestId('gain').textContent()).toBe('gain × 4');
    await page.keyboard.press(']');
    await expect
      .poll(() => canvas.evaluate((element) => getComputedStyle(element).filter))
      .toBe('brightness(8)');
    await page.getByTestId('sizes-differ').waitFor({ state: 'detached' });
    await page.keyboard.press('3');
    await page.getByText('The pixels are all equal').waitFor();
    await expect
      .poll(() => page.getByTestId('sizes-differ').textContent())
      .toBe('3 is 128 × 128 px, drawn to 64 × 64 px');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'compare-difference');
  });

  test('the line of the slider follows the arrow keys and the pointer', async () => {
    const { page } = library;
    await page.keyboard.press('w');
    const line = page.getByRole('slider', { name: 'Line between the pictures' });
    await line.waitFor();
    await expect.poll(() => line.getAttribute('aria-valuenow')).toBe('50');
    for (let k = 0; k < 5; k += 1) await page.keyboard.press('ArrowLeft');
    await expect.poll(() => line.getAttribute('aria-valuenow')).toBe('40');
    const box = (await page.getByRole('region', { name: 'Images 1 and 3' }).boundingBox())!;
    await line.hover();
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => line.getAttribute('aria-valuenow')).toBe('75');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'compare-slider');
  });

  test('Backspace takes one out, PageDown puts the next of the list in its place, R compares with it', async () => {
    const { page } = library;
    await page.keyboard.press('e');
    await page.keyboard.press('4');
    await page.keyboard.press('Backspace');
    await page.getByTestId('pane-4').waitFor({ state: 'detached' });
    const active = page.getByTestId('compare').locator('[aria-current=true]');
    await expect.poll(() => active.textContent()).toContain('c-larger.png');
    await page.keyboard.press('PageDown');
    await expect.poll(() => active.textContent()).toContain(first.name);
    await page.keyboard.press('r');
    await expect.poll(() => active.textContent()).toContain('reference');
  });

  test('Esc goes back to the grid at the image the keys were at; more than four are compared in turn', async () => {
    const { page, grid } = library;
    await page.keyboard.press('Escape');
    await page.getByTestId('compare').waitFor({ state: 'detached' });
    await expectFocus(grid);
    await expect.poll(() => grid.getAttribute('aria-activedescendant')).toBe(`image-${ids[3]}`);
    // What closed the dialog did not go on to the library, where it selects nothing.
    await expectSelected(page, '4 selected');
    await compareFirst(6);
    await expect.poll(() => page.getByTestId('compare-title').textContent()).toContain('4 of 6 selected');
    await page.keyboard.press('Escape');
    await page.getByTestId('compare').waitFor({ state: 'detached' });
  });

  test('of two of which one has lost its file the slider says which one that is', async () => {
    const { page, pictures, studio, pageErrors } = library;
    rmSync(join(pictures, 'b-corner.png'));
    const isGone = async () => (await studio.client.images.detail({ id: ids[1]! })).fileState === 'missing';
    await expect.poll(isGone).toBe(true);
    await page.reload();
    const dialog = await compareFirst(2);
    await page.keyboard.press('w');
    await dialog.getByText('The file of this image is missing').waitFor();
    await expect.poll(() => dialog.getByRole('status').first().textContent()).toBe('2b-corner.png');
    expect(pageErrors).toEqual([]);
  });
});
