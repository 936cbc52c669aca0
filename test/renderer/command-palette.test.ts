/** The command palette, by the keyboard alone: commands of the screen, screens, studies, collections, saved queries. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addImages, studyOf } from '../support/add-images.ts';
import { findBarriers } from './support/check-access.ts';
import { expectReachableZoomed } from './support/check-reach.ts';
import { type FilledPage, openFilledPage } from './support/filled-page.ts';

let opened: FilledPage<number>;
let page: Page;
beforeAll(async () => {
  opened = await openFilledPage({ count: 3, sidePx: 96, timeoutMs: 20_000 }, async ({ client, studio }) => {
    const ids = addImages(studio, 4);
    await client.curate.change({ imageIds: ids.slice(0, 2), addTo: 'Winter picks' });
    await client.images.saveQuery({ name: 'Unrated ones', query: { filter: { query: 'is:unrated' } } });
    return (await client.studies.create(studyOf(ids, { name: 'Foxes at dawn' }))).id;
  });
  ({ page } = opened);
  await page.goto(opened.studio.url);
  await page.getByText('7 images', { exact: true }).waitFor();
});
afterAll(async () => {
  expect(opened.pageErrors).toEqual([]);
  await opened.close();
});

const search = () => page.getByRole('textbox', { name: /^Find a command/ });

/** Opens the palette, types, waits for what is to be found, and takes it. */
async function choose(typed: string, found: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await search().fill(typed);
  await page.getByRole('dialog').getByRole('button', { name: found }).first().waitFor();
  await page.keyboard.press('Enter');
  await search().waitFor({ state: 'detached' });
}

describe('The palette', () => {
  test('opens by its key, keeps nobody out, and Escape gives the focus back', async () => {
    await page.getByRole('listbox', { name: 'Images' }).focus();
    await page.keyboard.press('Control+k');
    await search().waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await expectReachableZoomed(page);
    await page.keyboard.press('Escape');
    const hasFocus = () =>
      page.getByRole('listbox', { name: 'Images' }).evaluate((box) => box === document.activeElement);
    await expect.poll(hasFocus).toBe(true);
  });

  test('does what the screen can do: searching leaves the keyboard in the query bar', async () => {
    await choose('narrow', 'Show or hide what to narrow by');
    await page.getByRole('complementary', { name: 'Narrow by' }).waitFor();
    await choose('narrow', 'Show or hide what to narrow by');
    await choose('search', 'Search');
    const bar = page.getByRole('combobox', { name: 'Search prompt or name' });
    await expect.poll(() => bar.evaluate((input) => input === document.activeElement)).toBe(true);
  });

  test('goes to studies, collections, saved queries and screens', async () => {
    await choose('foxes', 'Foxes at dawn');
    await page.waitForURL(`**/studies/${opened.filled}`);
    await choose('winter', 'Winter picks');
    await page.getByText('2 of 7 images', { exact: true }).waitFor();
    await choose('unrated', 'Unrated ones');
    await page.getByText('7 images', { exact: true }).waitFor();
    await choose('agree', 'Agreement');
    await page.waitForURL('**/agreement');
  });
});
