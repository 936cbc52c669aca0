/** The panel beside the grid: what matches is counted as one narrows, and a click or a key writes the words into the query bar. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBarriers } from './support/check-access.ts';
import {
  expectCount,
  expectFocus,
  type LibraryPage,
  openLibraryPage,
  scorePictures,
} from './support/library-page.ts';

let opened: LibraryPage;
beforeAll(async () => {
  opened = await openLibraryPage(9);
  await scorePictures(opened);
});
afterAll(async () => {
  expect(opened.pageErrors).toEqual([]);
  await opened.close();
});

const panel = () => opened.page.getByRole('complementary', { name: 'Narrow by' });
const queryBar = () => opened.page.getByRole('combobox', { name: 'Search prompt or name' });
const value = (name: RegExp) => panel().getByRole('button', { name });

describe('The panel', () => {
  test('opens by its key and counts what the images have', async () => {
    await opened.page.keyboard.press('n');
    for (const model of ['painter-xl', 'sketcher-1.5', 'dreamer-2']) {
      await value(new RegExp(`^${model} ?3$`))
        .first()
        .waitFor();
    }
    await panel().getByRole('region', { name: 'State' }).getByText('not rated').waitFor();
    await panel()
      .getByRole('img', { name: /^Score: quality: 9 images$/ })
      .waitFor();
    expect(await findBarriers(opened.page)).toEqual([]);
  });

  test('writes a value into the query bar, keeps the others to be chosen, and takes it out again', async () => {
    const models = panel().getByRole('region', { name: 'Model' });
    const painter = models.getByRole('button', { name: /^painter-xl/ });
    await painter.click();
    await expect.poll(() => queryBar().inputValue()).toBe('model:painter-xl');
    await expectCount(opened.page, '3 of 9 images');
    await models.getByRole('button', { name: /^dreamer-2 ?3$/ }).click();
    await expect.poll(() => queryBar().inputValue()).toBe('model:painter-xl,dreamer-2');
    await expectCount(opened.page, '6 of 9 images');
    await expect.poll(() => painter.getAttribute('aria-pressed')).toBe('true');
    await painter.press('Enter');
    await expectCount(opened.page, '3 of 9 images');
    await models.getByRole('button', { name: /^dreamer-2/ }).press('Space');
    await expectCount(opened.page, '9 images');
    await expect.poll(() => queryBar().inputValue()).toBe('');
  });

  test('narrows a score by its handles, with the keyboard alone', async () => {
    const least = panel().getByRole('slider', { name: 'Score: quality: at least' });
    await least.focus();
    for (const key of ['PageUp', 'PageUp', 'ArrowRight', 'ArrowLeft']) await opened.page.keyboard.press(key);
    await expect.poll(() => queryBar().inputValue()).toMatch(/^score\.quality:>=\d/);
    const [, bound] = /([\d.]+)$/.exec(await queryBar().inputValue())!;
    const { ids } = await opened.studio.client.images.query({
      filter: { query: `score.quality:>=${bound}` },
    });
    expect(ids.length).toBeLessThan(9);
    await expectCount(opened.page, `${ids.length} of 9 images`);
    // The histogram still shows all of them: one can go back.
    await panel()
      .getByRole('img', { name: /^Score: quality: 9 images$/ })
      .waitFor();
    await least.press('Home');
    await expectCount(opened.page, '9 images');
  });

  test('is closed by its button and stays closed', async () => {
    await panel().getByRole('button', { name: 'Hide the panel' }).click();
    await panel().waitFor({ state: 'detached' });
    await opened.page.reload();
    await expectCount(opened.page, '9 images');
    expect(await panel().count()).toBe(0);
  });
});

describe('A search', () => {
  test('that cannot be made puts the keyboard at the way back, and that one into the grid', async () => {
    const { page, grid } = opened;
    await queryBar().fill('like:"a calm sea"');
    await page.getByText('This could not be searched for').waitFor();
    await expectCount(page, '0 of 9 images');
    await queryBar().press('Escape');
    await expectCount(page, '9 images');
    await queryBar().fill('like:"a calm sea"');
    await queryBar().press('Enter');
    await expectFocus(page.getByRole('button', { name: 'Show all images' }));
    await page.keyboard.press('Enter');
    await expectCount(page, '9 images');
    await expectFocus(grid);
  });
});
