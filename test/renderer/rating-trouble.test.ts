/** The rating surface when things go wrong: answers that are lost, a studio that is away or refuses, files that are gone. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findBarriers } from './support/check-access.ts';
import { type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';
import { pressButton } from './support/press-button.ts';
import {
  beginRating,
  bothDimensions,
  createStudy,
  expectStored,
  qualityOn,
  readVotes,
  vote,
} from './support/rating-page.ts';

const count = 4;
const acr = bothDimensions[0]!.scale;
let library: LibraryPage;

beforeAll(async () => {
  library = await openLibraryPage(count);
  await scorePictures(library);
});

afterEach(async () => {
  await library.page.unrouteAll();
});

afterAll(async () => {
  await library?.close();
});

describe('Rating in trouble', () => {
  // First, because a browser that has an image may show it again without its file.
  test('an image whose file is gone is said to be so and passed without a vote', async () => {
    const { page, studio, pictures, painted } = library;
    const study = await createStudy(library, { name: 'Gone', dimensions: qualityOn(acr), images: 3 });
    const { name } = painted[0]!;
    await rename(join(pictures, name), join(pictures, `${name}.away`));
    try {
      await page.goto(`${studio.url}/rate/${study.id}?rater=Ada`);
      await pressButton(page.getByRole('button', { name: 'Begin' }));
      const dialog = page.getByRole('alertdialog', { name: 'This image cannot be shown' });
      const painting = page.locator('canvas[data-painted-image-id]');
      const thanks = page.getByTestId('thanks');
      for (let item = 0; item < 3; item += 1) {
        await dialog.or(painting).or(thanks).first().waitFor();
        if ((await dialog.count()) > 0) {
          expect(await dialog.textContent()).not.toContain(name);
          expect(await findBarriers(page)).toEqual([]);
          await page.keyboard.press('5');
          await pressButton(dialog.getByRole('button', { name: 'Go on without it' }));
          await dialog.waitFor({ state: 'detached' });
        } else await vote(page, ['3']);
      }
      await page.getByText('One image could not be shown').waitFor();
      await page.getByText('Every vote is stored.').waitFor();
      const votes = await readVotes(library, study.id);
      expect(votes.map(({ image, value }) => [image === name, value])).toEqual([
        [false, '3'],
        [false, '3'],
      ]);
    } finally {
      await rename(join(pictures, `${name}.away`), join(pictures, name));
    }
  });

  test('a vote whose answer is lost is sent again and stored once', async () => {
    const { page } = library;
    const study = await createStudy(library, { name: 'Bad line', dimensions: qualityOn(acr), images: 3 });
    await beginRating(library, study.id, 'Ada');
    let sent = 0;
    await page.route('**/rpc/rating/vote', async (route) => {
      sent += 1;
      if (sent > 1) return await route.continue();
      await route.fetch();
      return await route.abort('connectionreset');
    });
    await vote(page, ['4']);
    await expectStored(page);
    expect(sent).toBe(2);
    expect(await readVotes(library, study.id)).toHaveLength(1);
  });

  test('goes on while the studio is away, and stores every vote once it is back', async () => {
    const { page } = library;
    const study = await createStudy(library, { name: 'Away', dimensions: qualityOn(acr), images: 4 });
    await beginRating(library, study.id, 'Ada');
    await page.route('**/rpc/rating/vote', (route) => route.abort('connectionrefused'));
    await vote(page, ['4', '5']);
    await page.getByText('2 votes are being stored…').waitFor();
    expect(await readVotes(library, study.id)).toHaveLength(0);
    await page.unrouteAll();
    await expectStored(page);
    const votes = await readVotes(library, study.id);
    expect(votes.map(({ value }) => value)).toEqual(['4', '5']);
  });

  test('votes that were not acknowledged survive a reload', async () => {
    const { page } = library;
    const study = await createStudy(library, { name: 'Reloaded', dimensions: qualityOn(acr), images: 4 });
    await beginRating(library, study.id, 'Ada');
    await page.route('**/rpc/rating/vote', (route) => route.abort('connectionrefused'));
    await vote(page, ['4', '2']);
    await page.unrouteAll();
    await page.reload();
    await page.getByText('2 of 4 images are done').waitFor();
    expect((await readVotes(library, study.id)).map(({ value }) => value)).toEqual(['4', '2']);
  });

  test('stops with the reason when the studio refuses a vote, and keeps it', async () => {
    const { page, studio } = library;
    const study = await createStudy(library, { name: 'Closed', dimensions: qualityOn(acr), images: 3 });
    const opened = page.waitForResponse('**/rpc/rating/open');
    await beginRating(library, study.id, 'Ada');
    const { json } = (await (await opened).json()) as { json: { sessionId: number } };
    await studio.client.rating.close({ sessionId: json.sessionId });
    await page.keyboard.press('4');
    const dialog = page.getByRole('alertdialog', { name: 'Votes are not stored' });
    await dialog.getByText('This session is closed').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('5');
    expect(await readVotes(library, study.id)).toHaveLength(0);
    expect(await page.evaluate('localStorage.length')).toBeGreaterThan(0);
    await pressButton(dialog.getByRole('button', { name: 'Discard and rate again…' }));
    await pressButton(dialog.getByRole('button', { name: 'Yes, discard it' }));
    await page.getByRole('button', { name: 'Begin' }).waitFor();
  });

  test('nothing broke in the page', () => {
    expect(library.pageErrors).toEqual([]);
  });
});
