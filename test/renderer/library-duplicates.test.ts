/** The view of near-duplicates by keyboard: looked for, gone through, one kept and the rest rejected, taken back. */
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import { finishJob } from './support/finish-job.ts';
import { expectFocus, type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';
import { pressButton } from './support/press-button.ts';

let library: LibraryPage;

/** Two pictures: the first there three times, the second twice. */
beforeAll(async () => {
  library = await openLibraryPage(2, 512);
  const { pictures, painted } = library;
  const [first, second] = painted.map(({ name }) => join(pictures, name));
  await sharp(first).resize(256).png().toFile(join(pictures, 'half.png'));
  await sharp(first).jpeg({ quality: 40 }).toFile(join(pictures, 'pressed.jpg'));
  await sharp(second).resize(256).png().toFile(join(pictures, 'second half.png'));
  painted.push(...['half.png', 'pressed.jpg', 'second half.png'].map((name) => ({ name, prompt: '' })));
  await scorePictures(library);
});

afterAll(async () => {
  await library?.close();
});

async function expectToSettle(open: number): Promise<void> {
  await expect
    .poll(() => library.page.getByTestId('duplicate-count').textContent())
    .toBe(`${open} of 2 groups to settle`);
}

/** The image the keyboard is at. */
function active() {
  return library.page.locator('[aria-current=true]');
}

/** The names in the group of three, the best first. */
async function namesOfThree(): Promise<string[]> {
  const tiles = library.page.getByRole('region', { name: /^Group \d/ }).filter({ hasText: '3 images' });
  const texts = await tiles.getByRole('button').allTextContents();
  const names = library.painted.map(({ name }) => name);
  return texts.map((text) => names.find((name) => text.startsWith(name)) ?? text);
}

/** The names of the rejected images, as the library has them. */
async function rejected(): Promise<string[]> {
  const { client } = library.studio;
  const { ids } = await client.images.query({ filter: { query: 'flag:reject' } });
  return (await client.images.cards({ ids })).map(({ name }) => name).sort();
}

test('E opens it; looking for them finds the groups, the best of each first and why', async () => {
  const { page, grid } = library;
  await expectFocus(grid);
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Near-duplicates' });
  await dialog.getByText('Nobody has looked yet').waitFor();
  await expect.poll(() => page.getByTestId('duplicate-count').count()).toBe(0);
  await pressButton(dialog.getByRole('button', { name: 'Find near-duplicates' }));
  await expectToSettle(2);
  await expect
    .poll(async () => (await namesOfThree()).toSorted())
    .toEqual([library.painted[0]!.name, 'half.png', 'pressed.jpg'].sort());
  await dialog.getByText('best by quality').nth(1).waitFor();
  await expect.poll(() => dialog.getByText(/^\d+\.\d % like the best$/).count()).toBe(3);
  expect(await findBarriers(page)).toEqual([]);
  await takeScreens(page, 'library-duplicates');
});

test('Enter keeps the image the keyboard is at and rejects the rest; Ctrl+Z takes that back', async () => {
  const { page } = library;
  const region = page.getByRole('region', { name: /^Group \d/ }).filter({ hasText: '3 images' });
  // Which of the two groups comes first is not promised: the keyboard goes to the one of three.
  await region.getByRole('button').first().click();
  await page.keyboard.press('ArrowRight');
  const [best, kept, other] = await namesOfThree();
  await expect.poll(() => active().textContent()).toContain(kept!);
  await page.keyboard.press('Enter');
  await expectToSettle(1);
  await expect.poll(rejected).toEqual([best!, other!].sort());
  await page.keyboard.press('Control+z');
  await expectToSettle(2);
  await expect.poll(rejected).toEqual([]);
});

test('Space looks at the image closely, V compares its group; both come back to it, and what was flagged there is shown', async () => {
  const { page } = library;
  const [best, second] = await namesOfThree();
  const region = page.getByRole('region', { name: /^Group \d/ }).filter({ hasText: '3 images' });
  await region.getByRole('button').first().click();
  await expect.poll(() => active().textContent()).toContain(best!);
  await page.keyboard.press('Space');
  const viewer = page.getByRole('dialog', { name: 'Image' });
  await viewer.getByText(best!, { exact: true }).first().waitFor();
  await page.keyboard.press('ArrowRight');
  await viewer.getByText(second!, { exact: true }).first().waitFor();
  await page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  await expect.poll(() => active().textContent()).toContain(second!);
  await page.keyboard.press('v');
  const compared = page.getByRole('dialog', { name: 'Compare' });
  await compared.getByText(second!, { exact: true }).first().waitFor();
  await expect.poll(() => compared.evaluate((all) => all.contains(document.activeElement))).toBe(true);
  await page.keyboard.press('x');
  await expect.poll(rejected).toEqual([second!]);
  await page.keyboard.press('Escape');
  await compared.waitFor({ state: 'detached' });
  await expect.poll(() => active().textContent()).toContain('reject');
  await page.keyboard.press('Control+z');
  await expect.poll(rejected).toEqual([]);
});

test('where every group is settled, the last step can be taken back as well', async () => {
  const { page } = library;
  await pressButton(page.getByRole('button', { name: 'Keep the best of every group, reject 3' }));
  await page.getByText('All groups are settled').waitFor();
  await expect.poll(rejected).toHaveLength(3);
  await page.keyboard.press('Control+z');
  await expectToSettle(2);
  await expect.poll(rejected).toEqual([]);
});

test('Enter on a button presses that button and rejects nothing; the library has the keyboard again', async () => {
  const { page, grid } = library;
  await pressButton(page.getByRole('button', { name: 'Back to the library' }));
  await expectFocus(grid);
  expect(await rejected()).toEqual([]);
  expect(library.pageErrors).toEqual([]);
});

test('in a group of many the arrows lead to every image, and only those on screen are drawn', async () => {
  const { page, pictures, painted, studio } = library;
  const first = await sharp(join(pictures, painted[0]!.name)).resize(64).toBuffer();
  for (let quality = 30; quality < 95; quality += 1) {
    await sharp(first)
      .jpeg({ quality })
      .toFile(join(pictures, `small-${quality}.jpg`));
  }
  await finishJob(library, studio.client.library.score({ folder: pictures }));
  await finishJob(library, studio.client.duplicates.find({}));
  const { groups } = await studio.client.duplicates.list();
  const { imageIds } = groups.find(({ rest }) => rest.length > 60)!;
  const [last] = await studio.client.images.cards({ ids: imageIds.slice(-1) });
  await page.keyboard.press('e');
  const many = page.getByRole('region', { name: /^Group \d/ }).filter({ hasText: '68 images' });
  await many.getByRole('button').first().click();
  for (let at = 1; at < imageIds.length; at += 1) await page.keyboard.press('ArrowRight');
  await expect.poll(() => active().textContent()).toContain(last!.name);
  await expect.poll(async () => (await active().boundingBox())!.x).toBeLessThan(1280 - 168);
  expect(await many.getByRole('button').count()).toBeLessThan(20);
});
