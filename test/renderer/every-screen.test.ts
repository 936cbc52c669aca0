/** Every screen keeps nobody out: by axe in dark and light, and at 200 % zoom with nothing cut off or out of reach. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addImages, studyOf } from '../support/add-images.ts';
import { findBarriers } from './support/check-access.ts';
import { type FilledPage, openFilledPage } from './support/filled-page.ts';

let opened: FilledPage<number>;
let page: Page;
beforeAll(async () => {
  opened = await openFilledPage({ count: 6, sidePx: 96, timeoutMs: 20_000 }, async ({ client, studio }) => {
    const ids = addImages(studio, 6);
    const rows = ids.map((_, at) => `g0_${String(at).padStart(3, '0')}.png,${1 + (at % 5)}`);
    const file = new Blob([['name,mos_quality', ...rows].join('\n')]);
    await client.mos.import({ source: { fileName: 'a table with rather a long name.csv', file } });
    return (
      await client.studies.create(studyOf(ids, { name: 'A study with rather a long name, twice over' }))
    ).id;
  });
  ({ page } = opened);
});
afterAll(async () => {
  expect(opened.pageErrors).toEqual([]);
  await opened.close();
});

const screens = [
  { name: 'library', path: () => '/', ready: '12 images' },
  { name: 'studies', path: () => '/studies', ready: 'A study with rather a long name, twice over' },
  {
    name: 'study',
    path: () => `/studies/${opened.filled}`,
    ready: 'A study with rather a long name, twice over',
  },
  { name: 'agreement', path: () => '/agreement', ready: 'Agreement' },
  { name: 'heads', path: () => '/heads', ready: 'Classic quality' },
  { name: 'models', path: () => '/models', ready: 'What it knows' },
  { name: 'tables', path: () => '/tables', ready: 'MOS sets' },
  { name: 'settings', path: () => '/settings', ready: 'Appearance' },
  { name: 'no such page', path: () => '/nowhere', ready: 'There is no such page' },
];

/** 1280 × 800 at 200 %. */
const zoomed = { width: 640, height: 400 };

/**
 * Controls that no scrolling brings into the window, as what they are called: clipped by a box that does not scroll, or beyond the page.
 * Runs in the page.
 */
function findUnreachable(): string[] {
  const wanted = 'a[href], button, input, select, textarea, [role=slider], [role=tab], [role=listbox]';
  const found: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>(wanted)) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.matches('[type=hidden], :disabled'))
      continue;
    element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    // A script may scroll what a person cannot: such a box clips what lies outside it.
    let isClipped = false;
    for (let box = element.parentElement; box !== null; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      if ((overflowX === 'hidden' && box.scrollLeft > 0) || (overflowY === 'hidden' && box.scrollTop > 0)) {
        isClipped = true;
        box.scrollTo(0, 0);
      }
    }
    const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    if (width <= 1 || height <= 1) continue;
    const isIn =
      left >= -1 &&
      right <= innerWidth + 1 &&
      (height > innerHeight || (top >= -1 && bottom <= innerHeight + 1));
    if (!isIn || isClipped)
      found.push(
        (element.getAttribute('aria-label') ?? element.textContent ?? '').slice(0, 60) ||
          element.outerHTML.slice(0, 90),
      );
  }
  return found;
}

describe('Every screen', () => {
  test.each(screens)('$name: no barriers, in dark and light, nor at 200 % zoom', async ({ path, ready }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(opened.studio.url + path());
    await page.getByText(ready, { exact: true }).first().waitFor();
    await expect.poll(() => page.getByLabel('Loading').count()).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
    await page.setViewportSize(zoomed);
    await expect.poll(() => page.evaluate(findUnreachable)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(zoomed.width);
  });
});
