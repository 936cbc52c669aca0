/** 20,000 images that only a table knows: the grid opens quickly and scrolls without showing emptiness. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { startWebStudio, type WebStudio } from '../support/web-studio.ts';

const rows = 20_000;
let studio: WebStudio;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [studio, browser] = await Promise.all([startWebStudio(), launchBrowser()]);
  const lines = Array.from(
    { length: rows },
    (_, k) =>
      `image-${String(k).padStart(5, '0')}.png,prompt number ${k % 700},${(1 + (k % 40) / 10).toFixed(2)}`,
  );
  const table = ['name,prompt,mos_quality', ...lines].join('\n');
  await studio.client.mos.import({ source: { fileName: 'large.csv', file: new Blob([table]) } });
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
});

afterAll(async () => {
  await browser?.close();
  await studio?.stop();
});

/** Scrolls a screen-sized step a frame; gives how long frames took and how many probed places showed no card. */
async function scroll(frames: number, stepPx: number): Promise<{ blank: number; p95Ms: number }> {
  return await page.getByTestId('image-grid').evaluate(
    async (box, [count, step]) => {
      const times: number[] = [];
      let blank = 0;
      let last = performance.now();
      for (let k = 0; k < count; k += 1) {
        box.scrollTop += step;
        await new Promise(requestAnimationFrame);
        await new Promise((resolve) => setTimeout(resolve, 0));
        const now = performance.now();
        times.push(now - last);
        last = now;
        const { left, top, width, height } = box.getBoundingClientRect();
        for (const fy of [0.05, 0.5, 0.95]) {
          // Two probes further apart than the gap between cards: one of them is on a card unless the place is empty.
          const isCovered = [0, 24].some((aside) =>
            [0, 24].some(
              (down) =>
                document
                  .elementFromPoint(
                    left + width * 0.5 + aside,
                    Math.min(top + height - 1, top + height * fy + down),
                  )
                  ?.closest('[role=option]') != null,
            ),
          );
          if (!isCovered) blank += 1;
        }
      }
      times.sort((a, b) => a - b);
      return { blank, p95Ms: times[Math.floor(times.length * 0.95)]! };
    },
    [frames, stepPx] as const,
  );
}

describe('A library of 20,000 images', () => {
  test('opens within two seconds', async () => {
    const before = performance.now();
    await page.goto(studio.url);
    await page
      .getByRole('option', { name: /image-\d{5}\.png/ })
      .first()
      .waitFor();
    const openMs = performance.now() - before;
    console.log(`20,000 rows: first cards after ${Math.round(openMs)} ms`);
    expect(await page.getByTestId('image-count').textContent()).toBe('20,000 images');
    expect(openMs).toBeLessThan(2000);
  });

  test('has only the visible cards in the page', async () => {
    expect(await page.getByRole('listbox', { name: 'Images' }).getByRole('option').count()).toBeLessThan(100);
  });

  test('scrolls without a blank frame, by steps and by leaps', async () => {
    await scroll(20, 100);
    const steps = await scroll(150, 300);
    const leaps = await scroll(30, 20_000);
    console.log(
      `scrolling: p95 ${steps.p95Ms.toFixed(0)} ms a frame by 300 px, ${leaps.p95Ms.toFixed(0)} ms by 20,000 px; blank ${steps.blank + leaps.blank}`,
    );
    expect(steps.blank + leaps.blank).toBe(0);
    expect(steps.p95Ms).toBeLessThan(100);
  });

  test('is one layer while it scrolls, however many rows are shown', async () => {
    const session = await page.context().newCDPSession(page);
    let layers: { drawsContent: boolean }[] = [];
    session.on('LayerTree.layerTreeDidChange', (event) => {
      layers = event.layers ?? layers;
    });
    await session.send('DOM.enable');
    await session.send('LayerTree.enable');
    await scroll(20, 120);
    await session.detach();
    const drawn = layers.filter(({ drawsContent }) => drawsContent);
    expect(drawn.length).toBeGreaterThan(0);
    // The page, the list, its frame: a layer a row would be a dozen.
    expect(drawn.length).toBeLessThan(6);
  });

  test('End goes to the last image, Ctrl+A selects all, both at once', async () => {
    const box = page.getByRole('listbox', { name: 'Images' });
    await box.focus();
    await page.keyboard.press('End');
    await page.locator(`[data-index="${rows - 1}"][data-active]`).waitFor({ timeout: 2000 });
    await page.keyboard.press('Control+a');
    await expect
      .poll(() => page.getByTestId('selected-count').textContent(), { timeout: 2000 })
      .toBe('20,000 selected');
  });

  test('stays where it is when thumbnails change their size', async () => {
    const box = page.getByRole('listbox', { name: 'Images' });
    await box.evaluate((element) => {
      element.scrollTop = element.scrollHeight / 2;
    });
    async function firstVisible(): Promise<number> {
      return await box.evaluate((element) => {
        const { top } = element.getBoundingClientRect();
        const shown = [...element.querySelectorAll<HTMLElement>('[data-index]')];
        const first = shown.find((card) => card.getBoundingClientRect().bottom > top + 1);
        return Number(first?.dataset['index']);
      });
    }
    await expect.poll(firstVisible).toBeGreaterThan(rows / 3);
    const before = await firstVisible();
    for (let k = 0; k < 3; k += 1) await page.keyboard.press('-');
    await expect.poll(() => box.getByRole('option').count()).toBeGreaterThan(40);
    const columns = 12;
    expect(Math.abs((await firstVisible()) - before)).toBeLessThan(columns);
  });

  test('as a table has only the visible rows in the page, down to the last', async () => {
    await page.getByRole('listbox', { name: 'Images' }).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('g');
    const table = page.getByRole('grid', { name: 'Images' });
    await table
      .getByRole('row', { name: /image-\d{5}\.png/ })
      .last()
      .waitFor();
    expect(await table.getByRole('row').count()).toBeLessThan(100);
    await table.locator(`[data-index="${rows - 1}"][data-active]`).waitFor({ timeout: 2000 });
    expect(await table.getAttribute('aria-rowcount')).toBe(String(rows + 1));
    await page.keyboard.press('g');
  });
});
