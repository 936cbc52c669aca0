/** Settings: what is changed there is kept and obeyed, and the doctor's report is the engine's own. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LentBrowser, lendBrowser } from '../support/lend-browser.ts';
import { takeScreens } from '../support/take-screens.ts';
import { startWebStudio, type WebStudio } from '../support/web-studio.ts';
import { findBarriers } from './support/check-access.ts';
import { pressButton } from './support/press-button.ts';

let studio: WebStudio;
let browser: LentBrowser;
let page: Page;

beforeAll(async () => {
  [studio, browser] = await Promise.all([startWebStudio(), lendBrowser()]);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  await page.goto(`${studio.url}/settings`);
});

afterAll(async () => {
  await browser?.close();
  await studio?.stop();
});

function part(name: string) {
  return page.getByRole('region', { name });
}

describe('Settings', () => {
  test('tell where the library is', async () => {
    await part('Library').getByText(studio.libraryFolder, { exact: true }).waitFor();
  });

  test('make a backup, and say how to go back to it', async () => {
    await part('Backups').getByRole('button', { name: 'Back up now' }).click();
    await part('Backups').getByRole('button', { name: 'Go back to it' }).click();
    await part('Backups').getByText('open it again to go back to the backup of').waitFor();
    const { restoresNext, backups } = await studio.client.library.backups();
    expect(restoresNext).toBe(backups[0]!.name);
    await part('Backups').getByRole('button', { name: 'Stay with what is there' }).click();
    await expect.poll(async () => (await studio.client.library.backups()).restoresNext).toBeNull();
  });

  test('lead to the models and say whose scores are shown', async () => {
    await part('Models').getByText('Classic', { exact: true }).waitFor();
    await expect.poll(() => part('Models').getByRole('link').getAttribute('href')).toBe('/models');
  });

  test('show the doctor’s report line by line with its states', async () => {
    // The page's own report is as old as the page: there was no backup then.
    await part('Doctor').getByRole('button', { name: 'Look again' }).click();
    const { sections } = await studio.client.doctor.report();
    for (const { name, state } of sections.flatMap(({ lines }) => lines)) {
      await part('Doctor').locator(`tr[data-state="${state}"]`).filter({ hasText: name }).first().waitFor();
    }
  });

  test('keep nobody out', async () => {
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'settings');
  });

  test('the colour scheme is changed by keyboard, at once, and kept over a reload', async () => {
    async function scheme(): Promise<string | undefined> {
      return await page.evaluate(() => document.documentElement.dataset['mantineColorScheme']);
    }
    await page.getByRole('radio', { name: 'As the system' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(scheme).toBe('dark');
    await page.keyboard.press('ArrowRight');
    await expect.poll(scheme).toBe('light');
    await expect.poll(async () => (await studio.client.settings.get()).colourScheme).toBe('light');
    await page.reload();
    await expect.poll(scheme).toBe('light');
  });

  test('a limit is stored when its field is left, and goes back to its default', async () => {
    const field = page.getByRole('textbox', { name: 'Largest image' });
    await field.fill('12');
    await page.keyboard.press('Tab');
    await expect.poll(async () => (await studio.client.settings.get()).maxPixels).toBe(12_000_000);
    await pressButton(page.getByRole('button', { name: 'Largest image: back to the default' }));
    await expect.poll(async () => (await studio.client.settings.get()).maxPixels).toBe(64_000_000);
    await expect.poll(() => field.inputValue()).toBe('64 megapixels');
  });

  test('an empty limit is refused and the stored one comes back', async () => {
    const field = page.getByRole('textbox', { name: 'Largest file' });
    await field.fill('');
    await page.keyboard.press('Tab');
    await expect.poll(() => field.inputValue()).toBe('256 MiB');
    expect((await studio.client.settings.get()).maxBytes).toBe(256 * 1024 * 1024);
  });
});
