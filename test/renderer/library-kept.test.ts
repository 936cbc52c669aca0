/** Collections and saved queries in their dialog, by the keyboard: shown, renamed, deleted; back again, or after a question. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addImages } from '../support/add-images.ts';
import { findBarriers } from './support/check-access.ts';
import { type FilledPage, openFilledPage } from './support/filled-page.ts';
import { expectCount, expectFocus } from './support/library-page.ts';
import { pressButton } from './support/press-button.ts';

let opened: FilledPage<void>;
let page: Page;
let dialog: Locator;
beforeAll(async () => {
  opened = await openFilledPage({ count: 1, sidePx: 96, timeoutMs: 20_000 }, async ({ client, studio }) => {
    const ids = addImages(studio, 4);
    await client.curate.change({ imageIds: ids.slice(0, 2), addTo: 'Winter picks' });
    await client.curate.change({ imageIds: ids.slice(2), addTo: 'Summer picks' });
    await client.images.saveQuery({ name: 'Unrated ones', query: { filter: { query: 'is:unrated' } } });
  });
  ({ page } = opened);
  dialog = page.getByRole('dialog', { name: 'Collections and saved queries' });
  await page.goto(opened.studio.url);
  await page.getByText('5 images', { exact: true }).waitFor();
  await open();
});
afterAll(async () => {
  expect(opened.pageErrors).toEqual([]);
  await opened.close();
});

const collections = () => opened.studio.client.curate.collections();

async function open(): Promise<void> {
  await page.getByRole('listbox', { name: 'Images' }).focus();
  await page.keyboard.press('Shift+B');
  await dialog.getByRole('button', { name: 'Rename “Summer picks”' }).waitFor();
}

/** Renames by the row's form. */
async function rename(from: string, to: string): Promise<void> {
  await dialog.getByRole('button', { name: `Rename “${from}”` }).press('Enter');
  const field = dialog.getByRole('textbox', { name: `New name of “${from}”` });
  await expectFocus(field);
  await field.fill(to);
  await page.keyboard.press('Enter');
}

describe('A collection', () => {
  test('gets another name in its row; one that is taken is refused there, and Esc leaves it as it is', async () => {
    await rename('Winter picks', 'summer PICKS');
    await dialog.getByText('There is a collection “summer PICKS” already.').waitFor();
    await page.keyboard.press('Escape');
    await expectFocus(dialog.getByRole('button', { name: 'Rename “Winter picks”' }));
    await rename('Winter picks', 'Frost');
    await dialog.getByRole('button', { name: 'Undo: rename the collection' }).waitFor();
    await expectFocus(dialog.getByRole('button', { name: 'Rename “Frost”' }));
    expect(await findBarriers(page)).toEqual([]);
    await expect
      .poll(async () => (await collections()).map(({ name }) => name))
      .toEqual(['Frost', 'Summer picks']);
  });

  test('is deleted at once, and is back with its images when that is undone', async () => {
    const before = await collections();
    await pressButton(dialog.getByRole('button', { name: 'Delete “Frost”' }));
    const undo = dialog.getByRole('button', { name: 'Undo: delete the collection “Frost” of 2 images' });
    await expectFocus(undo);
    await dialog.getByRole('group', { name: 'Frost' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await dialog.getByRole('group', { name: 'Frost' }).getByText('2 images').waitFor();
    await expect.poll(collections).toEqual(before);
  });

  test('is shown in the list by its name', async () => {
    await pressButton(dialog.getByRole('button', { name: 'Frost', exact: true }));
    await expectCount(page, '2 of 5 images');
    await page.getByRole('combobox', { name: 'Search prompt or name' }).press('Escape');
    await expectCount(page, '5 images');
  });
});

describe('A saved query', () => {
  test('gets another name, and is forgotten only after a question that says what is lost', async () => {
    await open();
    await rename('Unrated ones', 'To rate');
    await expectFocus(dialog.getByRole('button', { name: 'Rename “To rate”' }));
    const forget = dialog.getByRole('button', { name: 'Forget “To rate”' });
    await forget.press('Enter');
    await dialog.getByText('Its words, order and narrowing are lost').waitFor();
    await expectFocus(dialog.getByRole('button', { name: 'Keep' }));
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expectFocus(dialog.getByRole('button', { name: 'Rename “To rate”' }));
    await forget.press('Enter');
    await pressButton(dialog.getByRole('button', { name: 'Forget', exact: true }));
    await dialog.getByText('No query was saved yet.').waitFor();
    await expect.poll(() => opened.studio.client.images.savedQueries()).toEqual([]);
  });
});
