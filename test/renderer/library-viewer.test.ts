/** The viewer: one image in the whole window, everything known of it beside, stepping without a blank. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import { expectText } from './support/expect-text.ts';
import { expectFocus, type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';

const count = 12;
let library: LibraryPage;
let ids: number[];

beforeAll(async () => {
  library = await openLibraryPage(count);
  await scorePictures(library);
  ({ ids } = await library.studio.client.images.query({ order: 'name' }));
});

afterAll(async () => {
  await library?.close();
});

function shown() {
  return library.page.locator('[data-shown-image-id]');
}

const readClipboard = () => library.page.evaluate(() => navigator.clipboard.readText());

async function expectShown(id: number | undefined): Promise<void> {
  await expect.poll(() => shown().getAttribute('data-shown-image-id')).toBe(String(id));
}

describe('The viewer', () => {
  test('Enter opens the image with all that is known of it, and says what is absent and why', async () => {
    const { page, grid, studio } = library;
    await grid.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await expectShown(ids[0]);
    const viewer = page.getByTestId('image-viewer');
    const detail = await studio.client.images.detail({ id: ids[0]! });
    await viewer.getByRole('heading', { name: detail.name, exact: true }).waitFor();
    await expect.poll(() => page.getByTestId('viewer-position').textContent()).toBe(`1 of ${count}`);
    const { seed, model, sampler, negativePrompt } = detail.generation!;
    const told = [detail.prompt, seed, model, sampler, negativePrompt, detail.paths[0], detail.hash];
    for (const text of told) await viewer.getByText(text!, { exact: true }).first().waitFor();
    const heads = await studio.client.heads.list();
    const { name } = heads.find((head) => head.target === 'quality' && head.isActive)!;
    await expectText(page.getByTestId('score-quality'), detail.scores['quality']!.toFixed(2), name);
    await viewer.getByText(/never compares text with picture/).waitFor();
    const { reason } = detail.missingSignals.find(({ name: signal }) => signal === 's')!;
    await expectText(page.getByTestId('missing-s'), 'absent', reason);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'viewer');
  });

  test('a copy button puts the value on the clipboard', async () => {
    const { page, studio } = library;
    const detail = await studio.client.images.detail({ id: ids[0]! });
    await page.getByRole('button', { name: 'Copy prompt', exact: true }).click();
    await expect.poll(readClipboard).toBe(detail.prompt);
  });

  test('the file’s own texts open, and are copied whole', async () => {
    const { page, studio } = library;
    await page.getByRole('button', { name: 'Raw metadata', exact: true }).click();
    const [block] = (await studio.client.images.metadata({ id: ids[0]! })).blocks;
    await page.getByRole('region', { name: block!.name, exact: true }).waitFor();
    await page.getByRole('button', { name: `Copy ${block!.name}`, exact: true }).click();
    await expect.poll(readClipboard).toBe(block!.text);
    expect(await findBarriers(page)).toEqual([]);
  });

  test('arrows step through the list; the old picture stays until the new one is decoded', async () => {
    const { page } = library;
    await page.evaluate(() => {
      const gaps: number[] = [];
      Object.assign(window, { gaps });
      new MutationObserver(() => {
        if (document.querySelector('[data-shown-image-id]') === null) gaps.push(performance.now());
      }).observe(document.body, { childList: true, subtree: true });
    });
    for (const id of ids.slice(1, 8)) {
      await page.keyboard.press('ArrowRight');
      await expectShown(id);
    }
    await page.keyboard.press('ArrowLeft');
    await expectShown(ids[6]);
    expect(await page.evaluate(() => ('gaps' in window ? window.gaps : 'not watched'))).toEqual([]);
  });

  test('Z shows one image pixel on one screen pixel, and again the whole image', async () => {
    const { page } = library;
    await page.setViewportSize({ width: 900, height: 400 });
    const picture = shown();
    const naturalPx = await picture.evaluate((img: HTMLImageElement) => img.naturalWidth);
    async function drawn(): Promise<{ width: number; height: number }> {
      return await picture.evaluate((img) => {
        const { width, height } = img.getBoundingClientRect();
        return { width, height };
      });
    }
    expect((await drawn()).height).toBeLessThan(400);
    await page.keyboard.press('z');
    await expect.poll(async () => (await drawn()).width).toBe(naturalPx);
    await page.keyboard.press('z');
    await expect.poll(async () => (await drawn()).height).toBeLessThan(400);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('I hides the details and shows them again', async () => {
    const { page } = library;
    const details = page.getByRole('complementary', { name: 'Details' });
    await page.keyboard.press('i');
    await details.waitFor({ state: 'detached' });
    // As a person left it, also the next time.
    await page.keyboard.press('Escape');
    await page.getByTestId('image-viewer').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await shown().waitFor();
    expect(await details.count()).toBe(0);
    await page.keyboard.press('i');
    await details.waitFor();
  });

  test('Esc goes back to the grid, which has the keyboard at the image last seen', async () => {
    const { page, grid, pageErrors } = library;
    await page.keyboard.press('Escape');
    await page.getByTestId('image-viewer').waitFor({ state: 'detached' });
    await expectFocus(grid);
    await expect.poll(() => grid.getAttribute('aria-activedescendant')).toBe(`image-${ids[6]}`);
    expect(pageErrors).toEqual([]);
  });

  test('the browser’s Back goes back to the grid, too; a page that is loaded anew shows the same image', async () => {
    const { page, grid } = library;
    const viewer = page.getByTestId('image-viewer');
    await page.keyboard.press('Enter');
    await expectShown(ids[6]);
    await page.keyboard.press('ArrowRight');
    await expectShown(ids[7]);
    // The history takes note of it a moment later.
    await expect
      .poll(() => page.evaluate(() => JSON.stringify(history.state)))
      .toContain(`"viewed":${ids[7]}}`);
    await page.reload();
    await expectShown(ids[7]);
    await page.goBack();
    await viewer.waitFor({ state: 'detached' });
    await expect.poll(() => grid.getAttribute('aria-activedescendant')).toBe(`image-${ids[7]}`);
    await page.goForward();
    await expectShown(ids[7]);
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await expectShown(ids[7]);
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
  });
});
