import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { takeScreens } from '../support/take-screens.ts';
import { type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';

let place: LibraryPage;
let page: Page;
let studyId: number;
const images = 5;
const words = ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'];

beforeAll(async () => {
  place = await openLibraryPage(images);
  page = place.page;
  await scorePictures(place);
  const { ids } = await place.studio.client.images.query({});
  const scale = { kind: 'acr' as const, words };
  const study = await place.studio.client.studies.create({
    name: 'By keyboard',
    imageIds: ids,
    design: {
      seed: 7,
      instructions: 'Judge the picture, not the subject.',
      dimensions: [
        { key: 'quality', label: 'Quality', question: 'How good is it?', showsPrompt: false, scale },
        {
          key: 'alignment',
          label: 'Alignment',
          question: 'Does it show the text?',
          showsPrompt: true,
          scale,
        },
      ],
    },
  });
  studyId = study.id;
});
afterAll(() => place.close());

async function open(rater: string): Promise<void> {
  await page.goto(`${place.studio.url}/rate/${studyId}?rater=${rater}`);
}

async function begin(): Promise<void> {
  await page.getByRole('button', { name: /^(Begin|Go on)/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('canvas[data-painted-image-id]').waitFor();
}

const progress = () => page.getByTestId('progress').textContent();
const question = () => page.getByTestId('question').textContent();
const paintedId = async () => Number(await page.locator('canvas').getAttribute('data-painted-image-id'));

/** The votes on disk of one rater, in the order of their presentations. */
async function votesOf(raterName: string): Promise<Record<string, number>[]> {
  const client = { windowWidth: 1, windowHeight: 1, devicePixelRatio: 1, userAgent: 'test' };
  const session = await place.studio.client.rating.open({ studyId, raterName, client });
  return session.presentations.map(({ votes }) => votes);
}

describe('rating by keyboard alone', () => {
  it('begins with the instructions, then shows one image on neutral grey with nothing that could bias', async () => {
    await open('Ada');
    await page.getByText('Judge the picture, not the subject.').waitFor();
    await takeScreens(page, 'rating-instructions');
    await begin();
    expect(await progress()).toContain(`1 of ${images}`);
    expect(await question()).toBe('How good is it?');
    await takeScreens(page, 'rating');
    const text = (await page.locator('body').textContent()) ?? '';
    for (const { name, prompt } of place.painted) {
      expect(text).not.toContain(name);
      expect(text).not.toContain(prompt);
    }
    const [r, g, b] = await page.getByTestId('stage').evaluate((stage) => {
      for (let at: Element | null = stage; at !== null; at = at.parentElement) {
        const colour =
          getComputedStyle(at)
            .backgroundColor.match(/\d+(\.\d+)?/g)
            ?.map(Number) ?? [];
        if (colour.length === 3) return colour;
      }
      return [];
    });
    expect(r).toBe(g);
    expect(g).toBe(b);
  });

  it('takes one key a score, asks the dimensions in order, shows the prompt where it is asked, and goes on by itself', async () => {
    const first = await paintedId();
    await page.keyboard.press('4');
    await expect.poll(question).toBe('Does it show the text?');
    expect(await page.getByTestId('prompt').textContent()).not.toBe('');
    expect(await paintedId()).toBe(first);
    await page.keyboard.press('2');
    await expect.poll(progress).toContain(`2 of ${images}`);
    await expect.poll(paintedId).not.toBe(first);
    await vi.waitUntil(async () => (await votesOf('Ada'))[0]?.['alignment'] === 2, { timeout: 20_000 });
    expect((await votesOf('Ada'))[0]).toEqual({ quality: 4, alignment: 2 });
  });

  it('ignores keys that are no score', async () => {
    for (const key of ['0', '6', '9', 'q', 'Tab']) await page.keyboard.press(key);
    expect(await question()).toBe('How good is it?');
    expect(await progress()).toContain(`2 of ${images}`);
  });

  it('goes back with Backspace and corrects: a new vote supersedes, the old one stays', async () => {
    await page.keyboard.press('Backspace');
    await expect.poll(question).toBe('Does it show the text?');
    expect(await progress()).toContain(`1 of ${images}`);
    await page.keyboard.press('5');
    await vi.waitUntil(async () => (await votesOf('Ada'))[0]?.['alignment'] === 5, { timeout: 20_000 });
    const response = await page.request.get(`${place.studio.url}/export?kind=votes&studyId=${studyId}`);
    const rows = (await response.text()).trim().split('\n');
    expect(rows.length - 1).toBe(3);
  });

  it('goes on at the same item after the window was closed', async () => {
    await open('Ada');
    await begin();
    expect(await progress()).toContain(`2 of ${images}`);
    expect(await question()).toBe('How good is it?');
  });

  it('ends with thanks, and every vote is on disk', async () => {
    // A key before the next image is painted is no vote: nobody judges what they have not seen.
    let seen = 0;
    for (let at = 2; at <= images; at += 1) {
      await expect.poll(progress, { timeout: 20_000 }).toContain(`${at} of ${images}`);
      await expect.poll(paintedId, { timeout: 20_000 }).not.toBe(seen);
      seen = await paintedId();
      await page.waitForTimeout(300);
      await page.keyboard.press('3');
      await expect.poll(question, { timeout: 20_000 }).toBe('Does it show the text?');
      await page.keyboard.press('4');
    }
    await page.getByTestId('thanks').waitFor();
    await takeScreens(page, 'rating-thanks');
    await vi.waitUntil(
      async () => (await votesOf('Ada')).every((vote) => 'quality' in vote && 'alignment' in vote),
      { timeout: 20_000 },
    );
    expect(place.pageErrors).toEqual([]);
  });
});

describe('what people said', () => {
  it('is on the study’s page as MOS, and beside the model on the agreement screen', async () => {
    await page.goto(`${place.studio.url}/studies/${studyId}`);
    await page.getByText(`${images} of ${images} images have votes`).waitFor();
    await takeScreens(page, 'study');
    await page.goto(`${place.studio.url}/agreement`);
    await page.getByText('Main score').first().waitFor();
    await page.locator('canvas').first().waitFor();
    await takeScreens(page, 'agreement');
    await page.goto(`${place.studio.url}/heads`);
    await page.getByText('Classic quality').first().waitFor();
    await takeScreens(page, 'heads');
    await page.goto(`${place.studio.url}/tables`);
    await page.getByText('By keyboard').first().waitFor();
    await takeScreens(page, 'tables');
    expect(place.pageErrors).toEqual([]);
  });
});
