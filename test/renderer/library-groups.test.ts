/** The grid in groups: heads with counts, collapsed and gone through by key, the list's order within each. */
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import { expectSelected, type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';

const count = 12;
let library: LibraryPage;

/** Half of the pictures lie in a folder of their own. */
beforeAll(async () => {
  library = await openLibraryPage(count);
  const { pictures, painted } = library;
  mkdirSync(join(pictures, 'second'));
  for (const { name } of painted.slice(count / 2))
    renameSync(join(pictures, name), join(pictures, 'second', name));
  await scorePictures(library);
});

afterAll(async () => {
  await library?.close();
});

async function groupBy(label: string): Promise<void> {
  const { page } = library;
  await page.getByRole('combobox', { name: 'Group' }).click();
  await page.getByRole('option', { name: label, exact: true }).click();
}

async function listGroups(): Promise<(string | null)[]> {
  return await library.grid
    .getByRole('group')
    .evaluateAll((groups) => groups.map((one) => one.getAttribute('aria-label')));
}

async function expectGroup(at: number, name: string): Promise<void> {
  await expect.poll(async () => (await listGroups())[at]).toBe(name);
}

/** The name of the image the keyboard is at; of a collapsed group, its label. */
async function activeText(): Promise<string | null> {
  const id = await library.grid.getAttribute('aria-activedescendant');
  return id === null ? null : await library.page.locator(`#${id}`).textContent();
}

describe('Groups', () => {
  test('by generator have heads with their counts, and the list’s order within', async () => {
    const { page, grid, painted } = library;
    await groupBy('By generator');
    const generators = ['dreamer-2', 'painter-xl', 'sketcher-1.5'];
    await expect.poll(listGroups).toEqual(generators.map((name) => `${name}, 4 images`));
    const expected = painted
      .map(({ name }) => name)
      .filter((name) => name.startsWith('dreamer'))
      .sort();
    const shown = grid.getByRole('group').first().getByRole('option');
    await expect
      .poll(async () =>
        (await shown.allTextContents()).map((text) => expected.find((name) => text.includes(name))),
      )
      .toEqual(expected);
    await expect.poll(() => page.getByTestId('sticky-head').textContent()).toBe('dreamer-24');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'library-groups');
  });

  test('] and [ go from group to group, arrows over their heads', async () => {
    const { page, grid } = library;
    await grid.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press(']');
    await expect.poll(activeText).toContain('painter-xl_0000.png');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(activeText).toContain('dreamer-2_0011.png');
    await page.keyboard.press('[');
    await expect.poll(activeText).toContain('dreamer-2_0002.png');
    await page.keyboard.press('ArrowUp');
    await expect.poll(activeText).toContain('dreamer-2_0002.png');
  });

  test('. collapses the group the keyboard is in, which passes over it; Ctrl+A selects its images too', async () => {
    const { page, grid } = library;
    await page.keyboard.press(']');
    await page.keyboard.press('.');
    await grid.getByRole('group', { name: 'painter-xl, 4 images, collapsed' }).waitFor({ state: 'attached' });
    await expect.poll(() => grid.getByRole('option').count()).toBe(8);
    await expect.poll(activeText).toBe('painter-xl4');
    // It stays so while another screen is seen.
    await page.getByRole('link', { name: 'Tables' }).click();
    await grid.waitFor({ state: 'detached' });
    await page.getByRole('navigation').getByText('Library', { exact: true }).click();
    await expect.poll(activeText).toBe('painter-xl4');
    await grid.focus();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await expect.poll(activeText).toContain('sketcher-1.5_0001.png');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(activeText).toContain('dreamer-2_0011.png');
    await page.keyboard.press('Control+a');
    await expectSelected(page, '12 selected');
    await page.keyboard.press('Escape');
    await page.keyboard.press(';');
    await expect.poll(() => grid.getByRole('option').count()).toBe(0);
    await page.keyboard.press(';');
    await expect.poll(() => grid.getByRole('option').count()).toBe(count);
  });

  test('a click on a head collapses its group and opens it again', async () => {
    const { grid } = library;
    const head = grid.getByRole('group').nth(1).getByText('painter-xl', { exact: true });
    await head.click();
    await expectGroup(1, 'painter-xl, 4 images, collapsed');
    await head.click();
    await expectGroup(1, 'painter-xl, 4 images');
  });

  test('by folder, by prompt, and by nothing again; Shift+G goes through them', async () => {
    const { page, grid, pictures } = library;
    await groupBy('By folder');
    // The first by name lies in the folder itself.
    const folders = [pictures, join(pictures, 'second')];
    await expect.poll(listGroups).toEqual(folders.map((path) => `${path}, 6 images`));
    await page.getByTestId('image-grid').focus();
    await page.keyboard.press('Shift+g');
    await expect.poll(() => grid.getByRole('group').count()).toBe(0);
    await page.keyboard.press('Shift+g');
    await expect.poll(async () => (await listGroups())[0]).toContain('a small city under a clear night sky');
    expect(library.pageErrors).toEqual([]);
  });
});
