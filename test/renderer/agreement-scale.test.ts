/** Agreement over 20,000 images: the scatter is drawn quickly, follows the hand, and every point can be clicked. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../core/maths/random.ts';
import { saveScores } from '../../db/heads.ts';
import { type LentBrowser, lendBrowser } from '../support/lend-browser.ts';
import { openTestStudio } from '../support/open-test-studio.ts';
import { startWebStudio, type WebStudio } from '../support/web-studio.ts';
import { measureSpent } from './support/measure-spent.ts';
import { paintFolder } from './support/paint.ts';

const rows = 20_000;
/** So many of them have a file: those that model and raters see most differently, so that a region shows them. */
const pictures = 60;
const generators = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];
let folder: string;
let studio: WebStudio;
let browser: LentBrowser;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agreement-scale-'));
  const libraryFolder = join(folder, 'library');
  await fillLibrary(libraryFolder);
  [studio, browser] = await Promise.all([startWebStudio({ libraryFolder }), lendBrowser()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(40_000);
});

afterAll(async () => {
  await browser?.close();
  await studio?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A MOS table, almost all without files, and scores of the active quality head that follow it with noise. */
async function fillLibrary(libraryFolder: string): Promise<void> {
  const { studio: opened, client, close, finish } = openTestStudio({ libraryFolder });
  const painted = join(folder, 'pictures');
  mkdirSync(painted);
  const names = await paintFolder(painted, pictures, 96);
  await finish(client.library.score({ folder: painted }));
  const random = createRandom(1);
  const lines = Array.from({ length: rows }, (_, at) => {
    const picture = names[at];
    if (picture !== undefined) return `${picture.name},"${picture.prompt}",alpha,4.5`;
    const generator = generators[at % generators.length]!;
    return `${generator}_${at}.png,prompt ${at % 900},${generator},${(5 * random.next()).toFixed(3)}`;
  });
  const file = new Blob([['name,prompt,generator,mos_quality', ...lines].join('\n')]);
  const set = await client.mos.import({ source: { fileName: 'large.csv', file } });
  const head = (await client.heads.list()).find(({ target, isActive }) => target === 'quality' && isActive)!;
  const mos = await client.mos.rows({ mosSetId: set.id });
  const isPicture = new Set(names.map(({ name }) => name));
  const scores = Float32Array.from(mos, ({ mean, name }) =>
    isPicture.has(name) ? 0.6 + 0.3 * random.next() : 0.7 * mean + 0.6 + 0.4 * random.normal(),
  );
  opened.db.transaction(() => {
    saveScores(
      opened.db,
      head.id,
      mos.map(({ imageId }) => imageId),
      scores,
    );
  });
  await close();
}

const say = (ms: number) => `${Math.round(ms)} ms`;

describe('Agreement of 20,000 images', () => {
  test('is on screen within some seconds, with every coefficient and each generator', async () => {
    const { spentMs, lastedMs } = await measureSpent(page, studio, async () => {
      await page.goto(`${studio.url}/agreement`);
      await page.getByTestId('scatter').locator('canvas').waitFor();
    });
    console.log(`20,000 points: scatter after ${say(lastedMs)}, ${say(spentMs)} of the processors`);
    const table = page.getByRole('table', { name: 'Coefficients', exact: true });
    await table.waitFor();
    await expect.poll(() => table.getByText('n 20,000').count()).toBeGreaterThan(5);
    for (const generator of generators) {
      await page.getByRole('rowheader', { name: generator, exact: true }).waitFor();
    }
    // Of them the engine's threads have most, for the coefficients.
    expect(spentMs).toBeLessThan(15_000);
  });

  test('follows the hand: zooming keeps frames short', async () => {
    // The best of some rounds: what else the machine does at one moment says nothing of the page.
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 6 && best >= 200; round += 1) best = Math.min(best, await zoomOnce());
    expect(best).toBeLessThan(200);
  });

  /** The 95th percentile of the frames while the wheel turns, in milliseconds of the processors. */
  async function zoomOnce(): Promise<number> {
    const { given, spentMs, lastedMs } = await measureSpent(page, studio, zoom);
    return given * Math.min(1, spentMs / lastedMs);
  }

  /** By the clock. */
  async function zoom(): Promise<number> {
    const canvas = page.getByTestId('scatter').locator('canvas').first();
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.keyboard.down('Control');
    const measured = page.evaluate<number[]>(`new Promise((resolve) => {
      const times = [];
      let last = performance.now();
      const step = (now) => {
        times.push(now - last);
        last = now;
        if (times.length < 60) requestAnimationFrame(step);
        else resolve(times.slice(1).sort((a, b) => a - b));
      };
      requestAnimationFrame(step);
    })`);
    for (let turn = 0; turn < 12; turn += 1) {
      await page.mouse.wheel(0, turn < 6 ? -120 : 120);
      await page.waitForTimeout(30);
    }
    const times = await measured;
    await page.keyboard.up('Control');
    const p95Ms = times[Math.floor(times.length * 0.95)]!;
    console.log(
      `20,000 points, zooming: frames p95 ${p95Ms.toFixed(0)} ms, longest ${times.at(-1)!.toFixed(0)} ms`,
    );
    return p95Ms;
  }

  test('a region that is drawn shows its thumbnails at once', async () => {
    const box = (await page.getByTestId('scatter').locator('canvas').first().boundingBox())!;
    await page.mouse.move(box.x + 70, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    await page.mouse.move(box.x + box.width - 80, box.y + box.height - 60, { steps: 4 });
    const brushed = page.getByTestId('brushed');
    const shown = brushed.locator('li img').first();
    const { spentMs, lastedMs } = await measureSpent(page, studio, async () => {
      await page.mouse.up();
      await shown.waitFor();
    });
    console.log(`20,000 points: brush to thumbnails ${say(lastedMs)}, ${say(spentMs)} of the processors`);
    await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    expect(Number(await brushed.getAttribute('data-images'))).toBeGreaterThan(rows / 2);
    await expect.poll(() => brushed.getByRole('button', { name: /^Image / }).count()).toBe(60);
    expect(spentMs).toBeLessThan(600);
    await brushed.getByRole('button', { name: 'Clear' }).click();
    await brushed.waitFor({ state: 'detached' });
  });

  test('a click on a point shows its image', async () => {
    const canvas = page.getByTestId('scatter').locator('canvas').first();
    const box = (await canvas.boundingBox())!;
    const panel = page.getByTestId('image-panel');
    // In the thick of the cloud a point is never far.
    for (let at = 0; at < 25 && (await panel.count()) === 0; at += 1) {
      await page.mouse.click(
        box.x + box.width / 2 + (at % 5) * 3,
        box.y + box.height / 2 + Math.floor(at / 5) * 3,
      );
      await page.waitForTimeout(60);
    }
    await panel.waitFor();
    await expect.poll(() => panel.textContent()).toMatch(/_\d+\.png/);
    await panel.getByText('This image has no file here.').waitFor();
    await page.keyboard.press('Escape');
  });
});
