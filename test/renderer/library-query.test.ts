/** The query bar keeps what is typed and pasted into it, however late the list answers and however long the text is. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addImages } from '../support/add-images.ts';
import { type FilledPage, openFilledPage } from './support/filled-page.ts';
import { expectCount, expectFocus } from './support/library-page.ts';

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
