/** A browser at a real studio, with pictures painted into a folder beside it: where the tests of the library's screens begin. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { lendBrowser } from '../../support/lend-browser.ts';
import { startWebStudio, type WebStudio } from '../../support/web-studio.ts';
import { finishJob } from './finish-job.ts';
import { paintFolder } from './paint.ts';

export interface LibraryPage {
  studio: WebStudio;
  context: BrowserContext;
  page: Page;
  /** The grid's list box. */
  grid: Locator;
  /** A folder for files; `pictures` in it holds what was painted. */
  folder: string;
  pictures: string;
  painted: { name: string; prompt: string }[];
  /** What broke in the page, so far. */
  pageErrors: string[];
  close: () => Promise<void>;
}

/** Paints, starts the web door and opens its page at 1280 × 800; nothing is scored yet. */
export async function openLibraryPage(count: number, longSidePx?: number): Promise<LibraryPage> {
  const folder = mkdtempSync(join(tmpdir(), 'library-page-'));
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures);
  const [painted, studio, browser] = await Promise.all([
    paintFolder(pictures, count, longSidePx),
    startWebStudio(),
    lendBrowser(),
  ]);
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(40_000);
  const page = await context.newPage();
  const pageErrors: string[] = [];
  page.on('pageerror', (error) => pageErrors.push(error.message));
  page.on('console', (said) => {
    if (said.text().includes('Content Security Policy')) pageErrors.push(said.text());
  });
  return {
    studio,
    context,
    page,
    grid: page.getByRole('listbox', { name: 'Images' }),
    folder,
    pictures,
    painted,
    pageErrors,
    close: async () => {
      await browser.close();
      await studio.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Scores the painted pictures through the engine and waits for the page to show them all, ordered by name. */
export async function scorePictures({ studio, page, pictures, painted }: LibraryPage): Promise<void> {
  await finishJob({ studio }, studio.client.library.score({ folder: pictures }));
  await page.addInitScript(() => {
    localStorage.setItem('library-query', JSON.stringify({ filter: {}, order: 'name', descending: false }));
  });
  await page.goto(studio.url);
  await page.getByText(`${painted.length} images`, { exact: true }).waitFor();
}

/** What the line above the grid counts. */
export async function expectCount(page: Page, text: string): Promise<void> {
  await expect.poll(() => page.getByTestId('image-count').textContent()).toBe(text);
}

/** What is selected, as the line above the grid says it; null: nothing. */
export async function expectSelected(page: Page, text: string | null): Promise<void> {
  const selected = page.getByTestId('selected-count');
  if (text === null) await expect.poll(() => selected.count()).toBe(0);
  else await expect.poll(() => selected.textContent()).toBe(text);
}

/** The keyboard is there: in the grid, or in the field of a dialog that has just opened. */
export async function expectFocus(where: Locator): Promise<void> {
  await expect.poll(() => where.evaluate((element) => element === document.activeElement)).toBe(true);
}
