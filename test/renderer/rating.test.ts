/** The rating surface as a rater uses it, with the keyboard. */
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import { finishJob } from './support/finish-job.ts';
import { type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';
import {
  beginRating,
  bothDimensions,
  createStudy,
  expectStored,
  paintedImage,
  qualityOn,
  readVotes,
  vote,
} from './support/rating-page.ts';

const count = 12;
const tenths = { kind: 'continuous', min: 0, max: 5, step: 0.1 } as const;
const acr = bothDimensions[0]!.scale;
let library: LibraryPage;

beforeAll(async () => {
  library = await openLibraryPage(count);
  await scorePictures(library);
});

afterAll(async () => {
  await library?.close();
});

describe('Rating', () => {
  test('begins with the instructions, and is given with one key a vote, in the order of the questions', async () => {
    const { page, studio } = library;
    const study = await createStudy(library, {
      name: 'First impressions',
      dimensions: bothDimensions,
      images: 3,
    });
    await page.goto(`${studio.url}/rate/${study.id}?rater=Ada`);
    await page.getByText('Sit at arm’s length from the screen.').waitFor();
    await page.getByText('1 Bad · 2 Poor · 3 Fair · 4 Good · 5 Excellent').first().waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'rating-instructions');
    await page.keyboard.press('Enter');
    await page.locator('canvas[data-painted-image-id]').waitFor();
    expect(await page.getByTestId('prompt').textContent()).toBe('');
    await vote(page, ['4']);
    expect(await page.getByTestId('prompt').textContent()).not.toBe('');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'rating');
    await vote(page, ['2', '5', '1', '3', '3']);
    await page.getByRole('heading', { name: 'Thank you, Ada' }).waitFor();
    await page.getByText('Every vote is stored.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    const votes = await readVotes(library, study.id);
    expect(votes.map(({ dimension, value }) => `${dimension} ${value}`)).toEqual([
      'quality 4',
      'alignment 2',
      'quality 5',
      'alignment 1',
      'quality 3',
      'alignment 3',
    ]);
    for (const { shown_ms } of votes) expect(Number(shown_ms)).toBeGreaterThan(0);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${studio.url}/studies/${study.id}`);
    await page.getByText('3 of 3', { exact: true }).waitFor();
  });

  test('tells nothing that could bias: no study name, file name, generator, score or other vote', async () => {
    const { page, painted, studio } = library;
    const study = await createStudy(library, { name: 'Blindfold', dimensions: bothDimensions, images: 3 });
    await page.goto(`${studio.url}/rate/${study.id}?rater=Grace`);
    await page.getByRole('heading', { name: 'Rate images' }).waitFor();
    expect(await page.content()).not.toContain('Blindfold'); // a name may say what is compared
    await beginRating(library, study.id, 'Grace');
    const html = await page.content();
    const { ids } = await studio.client.images.query({});
    const cards = await studio.client.images.cards({ ids });
    for (const { name } of painted) expect(html).not.toContain(name);
    for (const { generator } of cards) expect(html).not.toContain(generator);
    for (const score of cards.flatMap(({ scores }) => Object.values(scores))) {
      expect(html).not.toContain(score.toFixed(2));
    }
    expect(await page.locator('[aria-pressed=true]').count()).toBe(0);
  });

  test('ignores keys that mean nothing, and a key that is held down gives one vote', async () => {
    const { page } = library;
    const study = await createStudy(library, { name: 'Keys', dimensions: qualityOn(acr), images: 4 });
    await beginRating(library, study.id, 'Ada');
    for (const key of ['0', '6', '9', 'x', 'ArrowUp', 'Enter', 'F2', 'Tab']) await page.keyboard.press(key);
    await expect.poll(() => page.getByTestId('progress').textContent()).toBe('1 of 4');
    const first = await paintedImage(page);
    await page.keyboard.down('3');
    await expect.poll(() => paintedImage(page)).not.toBe(first);
    for (let repeat = 0; repeat < 5; repeat += 1) await page.keyboard.down('3');
    await page.keyboard.up('3');
    await expectStored(page);
    await expect.poll(() => page.getByTestId('progress').textContent()).toBe('2 of 4');
    expect(await readVotes(library, study.id)).toHaveLength(1);
  });

  test('Backspace goes back, and the new vote supersedes the old one, which stays', async () => {
    const { page } = library;
    const study = await createStudy(library, {
      name: 'Second thoughts',
      dimensions: qualityOn(acr),
      images: 3,
    });
    await beginRating(library, study.id, 'Ada');
    await vote(page, ['2', 'Backspace']);
    await expect
      .poll(() => page.getByRole('button', { name: 'Poor' }).getAttribute('aria-pressed'))
      .toBe('true');
    await vote(page, ['5']);
    await expect.poll(() => page.getByTestId('progress').textContent()).toBe('2 of 3');
    await expectStored(page);
    const [old, corrected] = await readVotes(library, study.id);
    expect(old).toMatchObject({ value: '2', is_current: '0', supersedes: '' });
    expect(corrected).toMatchObject({
      value: '5',
      is_current: '1',
      supersedes: old!.vote,
      image: old!.image,
    });
  });

  test('goes on at the same image after a reload', async () => {
    const { page } = library;
    const study = await createStudy(library, { name: 'Resumed', dimensions: bothDimensions, images: 4 });
    await beginRating(library, study.id, 'Ada');
    await vote(page, ['3', '4', '2']);
    await expectStored(page);
    const image = await paintedImage(page);
    await page.reload();
    await page.getByText('1 of 4 images are done').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => paintedImage(page)).toBe(image);
    await expect.poll(() => page.getByTestId('question').textContent()).toBe(bothDimensions[1]!.question);
  });

  test('shows no blank frame between images', async () => {
    const { page, context } = library;
    const study = await createStudy(library, { name: 'Frames', dimensions: qualityOn(acr), images: count });
    await beginRating(library, study.id, 'Ada');
    const frames: Buffer[] = [];
    const session = await context.newCDPSession(page);
    session.on('Page.screencastFrame', ({ data, sessionId }) => {
      frames.push(Buffer.from(data, 'base64'));
      // The last one may come while the session ends, and needs no answer then.
      session.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
    });
    await session.send('Page.startScreencast', { format: 'png', everyNthFrame: 1 });
    for (let at = 1; at < count; at += 1) await vote(page, ['4']);
    await session.send('Page.stopScreencast');
    await session.detach();
    expect(frames.length).toBeGreaterThanOrEqual(count - 1);
    for (const frame of frames) expect(await shareOfGrey(frame)).toBeLessThan(0.5);
  });

  test('takes two digits, or arrows and Enter, on a continuous scale', async () => {
    const { page } = library;
    const study = await createStudy(library, { name: 'Tenths', dimensions: qualityOn(tenths), images: 4 });
    await beginRating(library, study.id, 'Ada');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('progress').textContent()).toBe('1 of 4');
    await page.keyboard.press('3');
    await expect.poll(() => page.getByTestId('entry').textContent()).toBe('3.–');
    await vote(page, ['7']);
    for (const key of ['ArrowUp', 'ArrowUp', 'Shift+ArrowUp']) await page.keyboard.press(key);
    await expect.poll(() => page.getByTestId('entry').textContent()).toBe('3.1');
    await takeScreens(page, 'rating-continuous');
    await vote(page, ['Enter']);
    await page.keyboard.press('4');
    await vote(page, ['Enter']);
    const track = page.getByRole('button', { name: /^Scale 0 1 2 3 4 5:/ });
    const box = (await track.boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.getByTestId('thanks').waitFor();
    await page.getByText('Every vote is stored.').waitFor();
    expect((await readVotes(library, study.id)).map(({ value }) => value)).toEqual([
      '3.7',
      '3.1',
      '4',
      '2.5',
    ]);
  });

  test('a click on a word is a vote; Z shows true pixels; Esc leaves with everything stored', async () => {
    const { page, studio, pictures } = library;
    const large = { width: 1600, height: 1200, channels: 3 as const };
    await sharp({ create: { ...large, background: '#386' } })
      .png()
      .toFile(join(pictures, 'aa-large.png'));
    await finishJob(library, studio.client.library.score({ folder: pictures }));
    const study = await createStudy(library, { name: 'Large', dimensions: qualityOn(acr), images: 1 });
    await beginRating(library, study.id, 'Ada');
    const canvas = page.locator('canvas');
    const widthOf = () => canvas.evaluate((element: HTMLCanvasElement) => element.width);
    expect(await widthOf()).toBeLessThan(1280);
    await page.keyboard.press('z');
    await expect.poll(widthOf).toBe(1600);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('2');
    await page.keyboard.press('Escape');
    expect(await readVotes(library, study.id)).toHaveLength(0);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Good' }).click();
    await page.getByTestId('thanks').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL(`${studio.url}/studies/${study.id}`);
    expect((await readVotes(library, study.id)).map(({ value }) => value)).toEqual(['4']);
  });

  test('asks for a name where none is given', async () => {
    const { page, studio } = library;
    const study = await createStudy(library, { name: 'Nameless', dimensions: qualityOn(acr), images: 2 });
    await page.goto(`${studio.url}/rate/${study.id}`);
    await page.getByLabel('Your name').fill('Mary');
    await page.keyboard.press('Enter');
    await page.getByText('Mary, you will see 2 images').waitFor();
  });

  test('nothing broke in the page', () => {
    expect(library.pageErrors).toEqual([]);
  });
});

/** How much of the middle of a frame is the surface's own grey (#777). */
async function shareOfGrey(png: Buffer): Promise<number> {
  const { width = 0, height = 0 } = await sharp(png).metadata();
  const side = 160;
  const region = {
    left: Math.round(width / 2 - side / 2),
    top: Math.round(height * 0.3),
    width: side,
    height: side,
  };
  const { data } = await sharp(png).extract(region).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let grey = 0;
  for (let at = 0; at < data.length; at += 3) {
    if ([0, 1, 2].every((channel) => Math.abs(data[at + channel]! - 0x77) < 3)) grey += 1;
  }
  return grey / (side * side);
}
