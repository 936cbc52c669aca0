/** Each kind of scale keeps nobody out: by axe, and at 200 % zoom. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scalePresets } from '../../contract/studies.ts';
import { findBarriers } from './support/check-access.ts';
import { expectReachableZoomed } from './support/check-reach.ts';
import { expectFocus, type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';
import { createStudy, qualityOn } from './support/rating-page.ts';

let library: LibraryPage;

beforeAll(async () => {
  library = await openLibraryPage(2);
  await scorePictures(library);
});

afterAll(async () => {
  await library?.close();
});

describe('In a small window', () => {
  test.each(['acr5', 'acr9', 'continuous5', 'continuous100'] as const)(
    'everything of the scale %s can be read and reached, before and while one rates',
    async (scale) => {
      const { page, studio } = library;
      const study = await createStudy(library, {
        ...{ name: scale, dimensions: qualityOn(scalePresets[scale]), images: 1 },
      });
      await page.goto(`${studio.url}/rate/${study.id}?rater=Ada`);
      await expectFocus(page.getByRole('button', { name: /^Begin/ }));
      expect(await findBarriers(page)).toEqual([]);
      await expectReachableZoomed(page);
      await page.keyboard.press('Enter');
      await page.locator('canvas[data-painted-image-id]').waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await expectReachableZoomed(page);
    },
  );
});
