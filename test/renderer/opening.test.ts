/** A page that opens knows who sits there, asks each other question once, and for pictures first; what changed before it heard of changes is asked again. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LentBrowser, lendBrowser } from '../support/lend-browser.ts';
import { encodeScene } from '../support/make-images.ts';
import { startWebStudio, type WebStudio } from '../support/web-studio.ts';

const longMs = 20_000;
let studio: WebStudio;
let browser: LentBrowser;

beforeAll(async () => {
  [studio, browser] = await Promise.all([startWebStudio(), lendBrowser()]);
  const file = new Blob(['name,mos_quality\na.png,3\nb.png,4']);
  await studio.client.mos.import({ source: { fileName: 'mos.csv', file } });
});
afterAll(async () => {
  await browser?.close();
  await studio?.stop();
});

/** A new page, and how often it has asked an operation. */
async function preparePage(): Promise<{ page: Page; countAsked: (operation: string) => number }> {
  const page = await browser.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  return { page, countAsked: (operation) => asked.filter((path) => path === `/rpc/${operation}`).length };
}

test('A page that opens comes with who sits there, and asks what the library holds and the settings once', async () => {
  const { page, countAsked } = await preparePage();
  await page.goto(studio.url);
  await page.getByRole('option', { name: 'b.png' }).waitFor();
  // What is told afterwards is heard after the greeting of the event stream.
  const known = countAsked('packs/list');
  const [head] = await studio.client.heads.list();
  await studio.client.heads.rename({ id: head!.id, name: 'Renamed' });
  await expect.poll(() => countAsked('packs/list'), { timeout: longMs }).toBeGreaterThan(known);
  const asked = ['access/who', 'library/info', 'settings/get', 'images/query'].map(countAsked);
  // The list, and that of rejected images.
  expect(asked).toEqual([0, 1, 1, 2]);
  await page.close();
});

test('What changed before the page could hear of it is asked again', async () => {
  const { page, countAsked } = await preparePage();
  const { promise: isChanged, resolve: goOn } = Promise.withResolvers<void>();
  await page.route('**/rpc/events/watch*', async (route) => {
    await isChanged;
    await route.continue();
  });
  await page.goto(studio.url);
  await page.getByRole('option', { name: 'b.png' }).waitFor();
  await studio.client.settings.change({ colourScheme: 'light' });
  expect(countAsked('settings/get')).toBe(1);
  goOn();
  const scheme = () => page.locator('html').getAttribute('data-mantine-color-scheme');
  await expect.poll(scheme, { timeout: longMs }).toBe('light');
  await page.close();
});

test('Where every image has come with a file, the first pictures do not wait for what their cards tell', async () => {
  const folder = join(studio.libraryFolder, 'pictures');
  mkdirSync(folder);
  for (const [k, name] of ['a.png', 'b.png'].entries())
    writeFileSync(join(folder, name), await encodeScene(k, { width: 64, height: 64 }));
  await studio.client.library.score({ folder });
  await expect.poll(async () => (await studio.client.library.info()).announced).toBe(0);
  const { page } = await preparePage();
  const { promise: isShown, resolve: goOn } = Promise.withResolvers<void>();
  await page.route('**/rpc/images/cards', async (route) => {
    await isShown;
    await route.continue();
  });
  await page.goto(studio.url);
  const pictures = () =>
    page
      .locator('[role=option] img')
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth > 0));
  await expect.poll(pictures, { timeout: longMs }).toEqual([true, true]);
  expect(await page.getByRole('option', { name: 'b.png' }).count()).toBe(0);
  goOn();
  await page.getByRole('option', { name: 'b.png' }).waitFor();
  await page.close();
});

test('A browser that does not say when it is idle shows the library, and its dialogs open', async () => {
  const { page } = await preparePage();
  await page.addInitScript('delete window.requestIdleCallback; delete window.cancelIdleCallback');
  await page.goto(studio.url);
  await page.getByRole('option', { name: 'b.png' }).waitFor();
  await page.keyboard.press('f');
  await page.getByRole('dialog', { name: 'Add a folder' }).waitFor();
  await page.close();
});
