/**
 * From a key press to the next image painted, on the real rating surface in Chromium, as a fast rater presses keys; and whether another
 * rater, who presses keys as fast as images come, ever sees none: every frame that the browser showed is looked at.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { launchBrowser } from '../../test/support/browser.ts';
import { drawScene } from '../../test/support/make-images.ts';
import { type StudioClient, startWebStudio } from '../../test/support/web-studio.ts';
import { waitForJob } from '../stress/study.ts';
import { quantileOf } from './statistics.ts';

const sizePx = 1024;
/** A rater looks at least this long. */
const thinkMs = 400;
const paintedWithinMs = 10_000;

export interface RatingSpeed {
  images: number;
  medianMs: number;
  p95Ms: number;
  longestMs: number;
  /** Frames that were captured while images changed, and those without an image. */
  frames: number;
  blankFrames: number;
}

/** @param folder an empty folder for images; @param images how many are rated */
export async function benchRating(folder: string, images: number): Promise<RatingSpeed> {
  await makeImages(folder, images);
  const studio = await startWebStudio();
  const browser = await launchBrowser();
  try {
    const studyId = await makeStudy(studio.client, folder);
    const page = await begin(browser, `${studio.url}/rate/${studyId}?rater=Bench`);
    const times: number[] = [];
    for (let at = 1; at < images; at += 1) {
      await sleep(thinkMs);
      times.push(await timeKey(page));
    }
    await page.close();
    const looked = await begin(browser, `${studio.url}/rate/${studyId}?rater=Hasty`);
    const blank = await captureFrames(looked, async () => {
      for (let at = 1; at < images; at += 1) await timeKey(looked);
    });
    return {
      ...{ images, ...blank },
      ...{ medianMs: quantileOf(times, 0.5), p95Ms: quantileOf(times, 0.95), longestMs: Math.max(...times) },
    };
  } finally {
    await browser.close();
    await studio.stop();
  }
}

async function begin(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  await page.getByRole('button', { name: 'Begin' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('canvas[data-painted-image-id]').waitFor();
  return page;
}

/** Every frame that the browser shows during `work`, small, so that capturing takes little of its time. */
async function captureFrames(
  page: Page,
  work: () => Promise<void>,
): Promise<Pick<RatingSpeed, 'frames' | 'blankFrames'>> {
  const captured: Buffer[] = [];
  const session = await page.context().newCDPSession(page);
  session.on('Page.screencastFrame', ({ data, sessionId }) => {
    captured.push(Buffer.from(data, 'base64'));
    void session.send('Page.screencastFrameAck', { sessionId });
  });
  const size = { maxWidth: 320, maxHeight: 200 };
  await session.send('Page.startScreencast', { format: 'jpeg', quality: 60, everyNthFrame: 1, ...size });
  await work();
  await session.send('Page.stopScreencast');
  let blankFrames = 0;
  for (const frame of captured) if (await isBlank(frame)) blankFrames += 1;
  return { frames: captured.length, blankFrames };
}

/** Whether the middle of a frame is of one colour, which no image here is. */
async function isBlank(frame: Buffer): Promise<boolean> {
  const { width = 0, height = 0 } = await sharp(frame).metadata();
  const middle = { left: Math.round(width * 0.4), top: Math.round(height * 0.3) };
  const part = sharp(frame).extract({
    ...middle,
    width: Math.round(width * 0.2),
    height: Math.round(height * 0.3),
  });
  const { channels } = await sharp(await part.png().toBuffer()).stats();
  return channels.every(({ stdev }) => stdev < 2);
}

/** Runs in the page: promises the time from the next key to the frame in which another image is on screen, by the page's clock. */
const timeNextImage = `new Promise((resolve, reject) => {
  const canvas = document.querySelector('canvas[data-painted-image-id]');
  if (canvas === null) return reject(new Error('Nothing is shown.'));
  let pressedAt = NaN;
  const onKey = (event) => { pressedAt = event.timeStamp; };
  window.addEventListener('keydown', onKey, { capture: true, once: true });
  const timer = setTimeout(() => reject(new Error('No image was painted.')), ${paintedWithinMs});
  const observer = new MutationObserver(() => {
    clearTimeout(timer);
    observer.disconnect();
    resolve(performance.now() - pressedAt);
  });
  observer.observe(canvas, { attributes: true, attributeFilter: ['data-painted-image-id'] });
})`;

async function timeKey(page: Page): Promise<number> {
  const timed = page.evaluate<number>(timeNextImage);
  // The listeners stand once the page has answered a question that was asked after them.
  await page.evaluate('0');
  await page.keyboard.press('4');
  return await timed;
}

/** Photograph-like PNGs, each another one: drawn scenes, enlarged, tinted, with grain. */
async function makeImages(folder: string, count: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const drawn = { width: 256, height: 256 };
  for (let at = 0; at < count; at += 1) {
    const scene = sharp(drawScene(at + 1, drawn), { raw: { ...drawn, channels: 3 } });
    await scene
      .resize(sizePx, sizePx, { kernel: 'cubic' })
      .modulate({ hue: (at * 37) % 360 })
      .png({ compressionLevel: 1 })
      .toFile(join(folder, `image-${at}.png`));
  }
}

async function makeStudy(client: StudioClient, folder: string): Promise<number> {
  const job = await client.library.score({ folder });
  await waitForJob(client, job.id);
  const { ids } = await client.images.query({});
  const words = ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'];
  const dimension = { key: 'quality', label: 'Quality', question: '', showsPrompt: false };
  const { id } = await client.studies.create({
    name: 'Bench',
    imageIds: ids,
    design: { dimensions: [{ ...dimension, scale: { kind: 'acr', words } }], seed: 1, instructions: '' },
  });
  return id;
}
