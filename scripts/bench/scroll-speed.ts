/** How smoothly a large library scrolls in Chromium beside bare pictures in the same page, and what memory its process has then. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { quantileOf } from './statistics.ts';

/** A wheel that does not stop, a few seconds. */
const frames = 200;
/** Places at which the whole list is looked at. */
const stops = 200;

/**
 * Runs in the page: scrolls what `selector` finds by 120 px a frame, as a wheel does; gives how long each frame was on screen, from the
 * times that the browser gives its frames: how late in a frame the page was asked for it is no delay that anybody sees.
 */
function scrollOn(selector: string): string {
  return `(async () => {
    const box = document.querySelector(${JSON.stringify(selector)});
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    for (let k = 0; k < ${frames}; k += 1) {
      box.scrollTop += 120;
      const now = await new Promise(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    return times;
  })()`;
}

/**
 * Runs in the page: lays pictures and nothing else where and as large as the library's cards show them, the rows on screen and three more, in a page without a
 * framework: the smoothest that this browser on this machine shows them.
 */
const layBareTiles = `(() => {
  const list = document.querySelector('[aria-label=Images]').getBoundingClientRect();
  const cards = [...document.querySelectorAll('[aria-label=Images] [role=option]')];
  const tops = [...new Set(cards.map((card) => card.offsetTop))].sort((a, b) => a - b);
  const [leftPx, rowPx, tilePx] = [cards[0].offsetLeft, tops[1] - tops[0], cards[0].offsetWidth - 4];
  const columnPx = cards[1].offsetLeft - leftPx;
  const columns = cards.filter((card) => card.offsetTop === tops[0]).length;
  const count = 60000;
  const newest = Number(cards[0].id.replace('image-', ''));
  // Every third image has no file.
  const skip = newest % 3 === 1 ? Math.ceil : Math.floor;
  const box = document.createElement('div');
  box.id = 'bare';
  Object.assign(box.style, { position: 'fixed', left: list.left + 'px', top: list.top + 'px', width: list.width + 'px', height: list.height + 'px', overflow: 'hidden auto', contain: 'strict', willChange: 'transform', background: '#fff' });
  const inner = document.createElement('div');
  Object.assign(inner.style, { position: 'relative', height: Math.ceil(count / columns) * rowPx + 'px' });
  box.append(inner);
  document.body.replaceChildren(box);
  const rows = new Map();
  function draw() {
    const first = Math.max(0, Math.floor(box.scrollTop / rowPx) - 3);
    const last = Math.ceil((box.scrollTop + box.clientHeight) / rowPx) + 3;
    for (const [row, images] of rows) {
      if (row >= first && row < last) continue;
      for (const image of images) image.remove();
      rows.delete(row);
    }
    for (let row = first; row < last; row += 1) {
      if (rows.has(row)) continue;
      rows.set(row, Array.from({ length: columns }, (_, k) => {
        const image = new Image(tilePx, tilePx);
        image.decoding = 'async';
        image.src = '/thumb/' + (newest - skip((row * columns + k) * 1.5)) + '?px=224';
        Object.assign(image.style, { position: 'absolute', left: leftPx + k * columnPx + 'px', top: row * rowPx + 'px', objectFit: 'contain' });
        inner.append(image);
        return image;
      }));
    }
  }
  box.addEventListener('scroll', draw, { passive: true });
  draw();
})()`;

export interface Smoothness {
  /** 95th percentile of how long a frame was on screen. */
  p95Ms: number;
  /** All frames together: longer than they would take at the rate of the screen where some were missed. */
  wholeMs: number;
}

async function measure(page: Page, selector: string): Promise<Smoothness> {
  const times = await page.evaluate<number[]>(scrollOn(selector));
  return { p95Ms: quantileOf(times, 0.95), wholeMs: times.reduce((sum, ms) => sum + ms, 0) };
}

const listSelector = '[aria-label=Images]';

/** At its top, wherever it was left: it comes back there once its answer is there. */
async function openList(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator(`${listSelector} [data-index]`).first().waitFor();
  await page.getByRole('listbox', { name: 'Images' }).press('Home');
  await page.locator(`${listSelector} [data-index="0"]`).waitFor();
}

/** The same stretch of the list in turns with bare pictures in place of the studio's page, so that both meet the same machine. */
export interface ScrollComparison {
  rounds: number;
  /** Each in the median round. */
  library: Smoothness;
  bare: Smoothness;
  /** Of the time that all frames took, in the median round. */
  ratio: number;
}

/**
 * Goes through it once before it measures: a scan has made the thumbnails of a library, here they are made by being shown. The browser
 * keeps none of them, as when a place of the list is seen for the first time.
 */
export async function compareScrolling(page: Page, url: string, rounds: number): Promise<ScrollComparison> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const measured: Pick<ScrollComparison, 'library' | 'bare'>[] = [];
  for (let round = -1; round < rounds; round += 1) {
    await openList(page, url);
    const library = await measure(page, listSelector);
    await openList(page, url);
    await page.evaluate(layBareTiles);
    const bare = await measure(page, '#bare');
    if (round >= 0) measured.push({ library, bare });
  }
  await session.detach();
  await openList(page, url);
  const median = (values: number[]) => quantileOf(values, 0.5);
  const medianOf = (side: 'library' | 'bare'): Smoothness => ({
    p95Ms: median(measured.map((round) => round[side].p95Ms)),
    wholeMs: median(measured.map((round) => round[side].wholeMs)),
  });
  const ratio = median(measured.map(({ library, bare }) => library.wholeMs / bare.wholeMs));
  return { rounds, library: medianOf('library'), bare: medianOf('bare'), ratio };
}

/** Goes from the top of the list to its end, stopping at places all over it. */
export async function scrollThrough(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const box = document.querySelector('${listSelector}');
    for (let k = 0; k <= ${stops}; k += 1) {
      box.scrollTop = (k / ${stops}) * (box.scrollHeight - box.clientHeight);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })()`);
}

/** Resident memory of the page's process in bytes, after a collection; null where the system does not say. */
export async function readRendererBytes(browser: Browser, page: Page): Promise<number | null> {
  const own = await page.context().newCDPSession(page);
  await own.send('HeapProfiler.collectGarbage');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const bytes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentBytes(id));
  return bytes.some((one) => one === null) ? null : Math.max(...bytes.map(Number));
}

function residentBytes(pid: number): number | null {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  } catch {
    return null;
  }
}
