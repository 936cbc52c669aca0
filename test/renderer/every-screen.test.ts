/** Every screen keeps nobody out: by axe and by where the keyboard is seen to be in dark and light, and at 200 % zoom with nothing cut off or out of reach. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addImages, studyOf } from '../support/add-images.ts';
import { rateStudies } from '../support/rate-studies.ts';
import { findBarriers } from './support/check-access.ts';
import { findUnseenFocus } from './support/check-focus.ts';
import { expectReachableZoomed } from './support/check-reach.ts';
import { type FilledPage, openFilledPage } from './support/filled-page.ts';

let opened: FilledPage<number>;
let page: Page;
beforeAll(async () => {
  opened = await openFilledPage({ count: 6, sidePx: 96, timeoutMs: 20_000 }, async (filled) => {
    const { client, studio } = filled;
    const ids = addImages(studio, 6);
    const rows = ids.map((_, at) => `g0_${String(at).padStart(3, '0')}.png,${1 + (at % 5)}`);
    const file = new Blob([['name,mos_quality', ...rows].join('\n')]);
    await client.mos.import({ source: { fileName: 'a table with rather a long name.csv', file } });
    const { id } = await client.studies.create(
      studyOf(ids, { name: 'A study with rather a long name, twice over' }),
    );
    const { open, voteAll } = rateStudies(filled);
    await voteAll(await open(id, 'Ada'), (_, at) => 1 + (at % 5));
    return id;
  });
  ({ page } = opened);
});
afterAll(async () => {
  expect(opened.pageErrors).toEqual([]);
  await opened.close();
});

const screens: { name: string; path: () => string; ready: string; press?: string }[] = [
  { name: 'library', path: () => '/', ready: '12 images' },
  { name: 'library with a selection', path: () => '/', ready: '12 images', press: 'Control+a' },
  { name: 'studies', path: () => '/studies', ready: 'A study with rather a long name, twice over' },
  {
    name: 'study',
    path: () => `/studies/${opened.filled}`,
    ready: 'A study with rather a long name, twice over',
  },
  {
    name: 'results of a study whose images have no file',
    path: () => `/studies/${opened.filled}?show=results`,
    ready: 'Under each method',
  },
  { name: 'agreement', path: () => '/agreement', ready: 'Agreement' },
  { name: 'heads', path: () => '/heads', ready: 'Classic quality' },
  { name: 'models', path: () => '/models', ready: 'What it knows' },
  { name: 'tables', path: () => '/tables', ready: 'MOS sets' },
  { name: 'settings', path: () => '/settings', ready: 'Appearance' },
  { name: 'no such page', path: () => '/nowhere', ready: 'There is no such page' },
];

describe('Every screen', () => {
  test.each(screens)(
    '$name: no barriers, in dark and light, nor at 200 % zoom',
    async ({ path, ready, press }) => {
      await page.goto(opened.studio.url + path());
      await page.getByText(ready, { exact: true }).first().waitFor();
      if (press !== undefined) await page.getByRole('listbox', { name: 'Images' }).press(press);
      await expect.poll(() => page.getByLabel('Loading').count()).toBe(0);
      expect(await findBarriers(page)).toEqual([]);
      expect(await findUnseenFocus(page)).toEqual([]);
      await expectReachableZoomed(page);
    },
  );

  test('an image that has no file is marked as on the library’s cards, in place of a broken picture', async () => {
    await page.goto(`${opened.studio.url}/studies/${opened.filled}?show=results`);
    const images = page.getByRole('region', { name: 'Every image' });
    await images.scrollIntoViewIfNeeded();
    await expect.poll(() => images.getByRole('img', { name: 'cannot be shown' }).count()).toBe(6);
    expect(await images.locator('img').count()).toBe(0);
  });
});
