/** A browser at a real studio whose library was filled in process before: where the tests of the agreement and heads screens begin. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { lendBrowser } from '../../support/lend-browser.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';
import { startWebStudio, type WebStudio } from '../../support/web-studio.ts';
import { paintFolder } from './paint.ts';

export interface FilledPage<Filled> {
  studio: WebStudio;
  page: Page;
  /** A folder for files; it is removed by `close`. */
  folder: string;
  /** What `fill` gave. */
  filled: Filled;
  /** What broke in the page, so far. */
  pageErrors: string[];
  close: () => Promise<void>;
}

/**
 * Paints `count` pictures of `sidePx`, scores them with the built-in pack, has `fill` do the rest, then opens a page at 1280 × 800.
 *
 * @param timeoutMs how long the page's locators wait
 */
export async function openFilledPage<Filled>(
  { count, sidePx, timeoutMs }: { count: number; sidePx: number; timeoutMs: number },
  fill: (opened: TestStudio, painted: { name: string; prompt: string }[]) => Promise<Filled>,
): Promise<FilledPage<Filled>> {
  const folder = mkdtempSync(join(tmpdir(), 'filled-page-'));
  const libraryFolder = join(folder, 'library');
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures);
  const painted = await paintFolder(pictures, count, sidePx);
  const opened = openTestStudio({ libraryFolder });
  await opened.finish(opened.client.library.score({ folder: pictures }));
  const filled = await fill(opened, painted);
  await opened.close();
  const [studio, browser] = await Promise.all([startWebStudio({ libraryFolder }), lendBrowser()]);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  context.setDefaultTimeout(timeoutMs);
  const page = await context.newPage();
  const pageErrors: string[] = [];
  page.on('pageerror', (error) => pageErrors.push(error.message));
  return {
    ...{ studio, page, folder, filled, pageErrors },
    close: async () => {
      await browser.close();
      await studio.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
