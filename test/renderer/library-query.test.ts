/** The query bar keeps what is typed and pasted into it, however late the list answers and however long the text is. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addImages } from '../support/add-images.ts';
import { type FilledPage, openFilledPage } from './support/filled-page.ts';
import { expectCount, expectFocus } from './support/library-page.ts';
import { pressButton, pressMenuItem } from './support/press-button.ts';

let opened: FilledPage<void>;
let page: Page;
let bar: Locator;
beforeAll(async () => {
  opened = await openFilledPage({ count: 1, sidePx: 96, timeoutMs: 20_000 }, ({ studio }) => {
    addImages(studio, 4);
    return Promise.resolve();
  });
  ({ page } = opened);
  bar = page.getByRole('combobox', { name: 'Search prompt or name' });
  await page.goto(opened.studio.url);
  await page.getByText('5 images', { exact: true }).waitFor();
});
afterAll(async () => {
  expect(opened.pageErrors).toEqual([]);
  await opened.close();
});

test('no letter is lost where the list answers between two of them, on a slow machine too', async () => {
  const text = 'colour of steps sold';
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await bar.focus();
  await page.keyboard.type(text, { delay: 185 });
  await expectCount(page, '0 of 5 images');
  expect(await bar.inputValue()).toBe(text);
  await session.detach();
  await bar.press('Escape');
  await expectCount(page, '5 images');
  expect(await bar.inputValue()).toBe('');
});

test('a text too long for a query, as a pasted prompt may be, stays whole and says where it gets too long', async () => {
  const prompt = 'a red fox in the snow, '.repeat(100);
  await bar.focus();
  await page.keyboard.insertText(prompt);
  await page.getByRole('tooltip').getByText('A query takes at most 2,000 letters').waitFor();
  expect(await bar.inputValue()).toBe(prompt);
  expect(await page.getByTestId('wrong-words').locator('mark').allTextContents()).toEqual([
    prompt.slice(2000),
  ]);
  await expectCount(page, '5 images');
  await bar.press('Escape');
  await expectFocus(page.getByRole('listbox', { name: 'Images' }));
});

test('what cannot be searched for says why, and goes on saying it while the library changes', async () => {
  const list = page.getByRole('listbox', { name: 'Images' });
  await bar.fill('looks:fox');
  await page.getByText('This could not be searched for').waitFor();
  await expectCount(page, '0 of 5 images');
  await page.evaluate(() => {
    const lists: string[] = [];
    Object.assign(window, { lists });
    new MutationObserver(() => {
      if (document.querySelector('[aria-label=Images]') !== null) lists.push('another question’s list');
    }).observe(document.body, { childList: true, subtree: true });
  });
  const asked = page.waitForResponse((answer) => answer.url().endsWith('/images/query') && !answer.ok());
  await opened.studio.client.images.saveQuery({ name: 'Again', query: {} });
  await asked;
  await page.getByText('This could not be searched for').waitFor();
  expect(await page.evaluate(() => ('lists' in window ? window.lists : 'not watched'))).toEqual([]);
  await bar.press('Escape');
  await list.waitFor();
  await expectCount(page, '5 images');
});

test('a query saved under a name that there is says that it takes the place of that one', async () => {
  await bar.fill('prompt:"prompt 1"');
  await expectCount(page, '1 of 5 images');
  await pressButton(page.getByRole('button', { name: 'Saved queries' }));
  await pressMenuItem(page.getByRole('menuitem', { name: 'Save what is shown…' }));
  const dialog = page.getByRole('dialog', { name: 'Save this query' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('again');
  await dialog.getByText('what is shown takes its place').waitFor();
  await pressButton(dialog.getByRole('button', { name: 'Replace' }));
  await dialog.waitFor({ state: 'detached' });
  const saved = await opened.studio.client.images.savedQueries();
  expect(saved.map(({ query }) => query.filter.query)).toEqual(['prompt:"prompt 1"']);
  await bar.press('Escape');
  await expectCount(page, '5 images');
});

test('Back asks what was asked before, Forward what was asked then', async () => {
  // Pictures come first in either direction, and there is one.
  const first = page.locator('[data-index="1"]');
  const firstId = () => first.getAttribute('id');
  const newest = (await firstId())!;
  await page.getByRole('listbox', { name: 'Images' }).focus();
  await page.keyboard.press('d');
  await expect.poll(firstId).not.toBe(newest);
  const oldest = await firstId();
  await bar.fill('prompt:"prompt 2"');
  await expectCount(page, '1 of 5 images');
  await page.goBack();
  await expectCount(page, '5 images');
  await expect.poll(() => bar.inputValue()).toBe('');
  await expect.poll(firstId).toBe(oldest);
  await page.goBack();
  await expect.poll(firstId).toBe(newest);
  await page.goForward();
  await page.goForward();
  await expectCount(page, '1 of 5 images');
  await expect.poll(() => bar.inputValue()).toBe('prompt:"prompt 2"');
});
