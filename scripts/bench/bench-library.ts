/** A large library: filters, orders, facets and looks through the operations; opening, first thumbnails and scrolling in Chromium. */
import { linkSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import type { ImageOrder } from '../../contract/images.ts';
import { createFetch } from '../../core/server.ts';
import type { Studio } from '../../core/studio.ts';
import { openDatabase } from '../../db/database.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { openTestStudio } from '../../test/support/open-test-studio.ts';
import { startWebStudio } from '../../test/support/web-studio.ts';
import { fillLargeLibrary } from './large-library.ts';
import { compareScrolling, readRendererBytes, type ScrollComparison, scrollThrough } from './scroll-speed.ts';
import { quantileOf } from './statistics.ts';

const filters = [
  ...[
    'mos:>4',
    'gap:>1',
    'generator:sdxl',
    'prompt:"red fox"',
    'votes:<3',
    'seed:7919',
    'folder:run-3',
    'tag:hands',
    '-flag:reject',
  ],
  ...['fox', 'is:unscored', 'is:nofile', 'steps:30', 'negative:blurry', 'ci:<0.5', 'signal.niqe:<5'],
  'mos:>4 gap:>1 generator:sdxl prompt:"red fox" votes:<3',
];
const orders: ImageOrder[] = [
  ...(['pictures', 'added', 'name', 'prompt', 'generator', 'votes'] as const),
  ...(['score:quality', 'mos:quality', 'gap:quality', 'ci:quality', 'signal:niqe'] as const),
];
const repeats = 3;
const heldRepeats = 5;
const scrollRounds = 5;
const embeddingLength = 1024;
/** The newest images have files to draw thumbnails of. */
const picturesOnDisk = 3000;
const longestWaitMs = 60_000;

export interface LibrarySpeed {
  /** Reading all ids in their order and nothing else: what the others are compared with. */
  bareMs: number;
  /** The slowest of each, of the medians of three. */
  filter: { query: string; ms: number };
  order: { query: string; ms: number };
  /** One vector against all stored ones, and the order that follows. */
  looksMs: number;
  /** The question that the engine's thread has most work with. */
  held: { query: string; ms: number };
  openMs: number;
  firstThumbnailsMs: number;
  /** The grid, and bare pictures in the same browser: the least that this machine takes. */
  scrolling: ScrollComparison;
  /** Resident memory of the page's process after the list was gone through; null where the system does not say. */
  rendererBytes: number | null;
}

async function time(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < repeats; at += 1) {
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  return quantileOf(times, 0.5);
}

/** @param folder an empty folder */
export async function benchLibrary(folder: string, images: number): Promise<LibrarySpeed> {
  const library = join(folder, 'library');
  await openTestStudio({ libraryFolder: library }).close();
  const db = openDatabase(join(library, 'studio.sqlite'));
  fillLargeLibrary(db, { images, votes: images, embedding: embeddingLength, packId: 'classic' });
  await layPictures(folder, db);
  db.close();
  const asked = await askEngine(library);
  return { ...asked, ...(await lookInBrowser(library)) };
}

async function askEngine(library: string) {
  const { studio, client, close } = openTestStudio({ libraryFolder: library });
  const ids = studio.db.prepare('SELECT id FROM image ORDER BY id').pluck(true);
  const bareMs = await time(() => ids.all());
  const slowest = { filter: { query: '', ms: 0 }, order: { query: '', ms: 0 } };
  for (const query of filters) {
    const ms = await time(() => client.images.query({ filter: { query } }));
    if (ms > slowest.filter.ms) slowest.filter = { query, ms };
  }
  for (const order of orders) {
    const ms = await time(() =>
      client.images.query({ filter: { query: '-flag:reject' }, order, descending: true }),
    );
    if (ms > slowest.order.ms) slowest.order = { query: order, ms };
  }
  const looksMs = await timeLooks(studio);
  const held = await timeEngine(studio);
  await close();
  return { bareMs, ...slowest, looksMs, held };
}

/** Images that a page of the grid asks cards of. */
const cardIds = Array.from({ length: 60 }, (_, at) => at + 1);

const ofSet = { mosSetId: 1, dimension: 'quality' };
const choices = [
  { kind: 'query', query: {} },
  { kind: 'mosSet', mosSetId: 1 },
];

/** What the library's page asks, and the pages around it on opening: paths of operations with what they are told. */
const heldQuestions: readonly [string, object?][] = [
  ...['library/info', 'library/roots', 'library/failures', 'packs/list', 'settings/get'].map(alone),
  ...[
    'library/coverage',
    'images/generators',
    'images/savedQueries',
    'curate/state',
    'curate/collections',
    'jobs/list',
  ].map(alone),
  ...['duplicates/list', 'studies/list', 'heads/list', 'mos/sets', 'agreement/choices', 'doctor/report'].map(
    alone,
  ),
  ['images/query', {}],
  ['images/query', { order: 'gap:quality', descending: true, filter: { query: '-flag:reject' } }],
  ...['generator', 'folder', 'prompt'].map((groupBy) => ['images/query', { groupBy }] as [string, object]),
  ['images/facets', {}],
  ['images/ranges', {}],
  ['images/cards', { ids: cardIds }],
  ['images/detail', { id: 1 }],
  ['mos/scales', { dimension: 'quality' }],
  ['mos/rows', { mosSetId: 1 }],
  ['agreement/fields', ofSet],
  ['agreement/split', ofSet],
  // Coefficients read the same, and then their bootstrap takes a minute of all cores.
  ...['points', 'density', 'disagreements'].map((view): [string, object] => [
    `agreement/${view}`,
    { ...ofSet, prediction: { kind: 'signal', packId: 'classic', signal: 'niqe' } },
  ]),
  ['studies/checklist', { studyId: 1 }],
  ['studies/methods', { studyId: 1 }],
  ['exports/options', {}],
  ...choices.map((choice): [string, object] => [
    'exports/preview',
    { choice, rows: 'files', columns: [{ key: 'name' }, { key: 'score_low:quality' }] },
  ]),
];

function alone(path: string): [string] {
  return [path];
}

/**
 * The question that the engine's thread has most work with, from request to the last byte: the median of its processor time, which is never
 * shorter than the longest time that a vote would wait for it, and depends little on what else the machine does.
 */
async function timeEngine(studio: Studio): Promise<{ query: string; ms: number }> {
  const fetch = createFetch(studio);
  let longest = { query: '', ms: 0 };
  for (const [path, json] of heldQuestions) {
    const times: number[] = [];
    for (let at = 0; at < heldRepeats; at += 1) {
      const before = process.threadCpuUsage();
      const body = JSON.stringify({ json });
      const headers = { 'content-type': 'application/json' };
      const request = new Request(`http://bench/rpc/${path}`, { method: 'POST', headers, body });
      const response = await fetch(request);
      // As a door takes it: piece by piece.
      for await (const _piece of response.body!);
      if (!response.ok) throw new Error(`${path} was answered with ${response.status}.`);
      const { user, system } = process.threadCpuUsage(before);
      times.push((user + system) / 1000);
    }
    const ms = quantileOf(times, 0.5);
    if (ms > longest.ms)
      longest = { query: json === undefined ? path : `${path} ${JSON.stringify(json)}`, ms };
  }
  return longest;
}

/** With the vectors in memory, as they are from the second question on. */
async function timeLooks(studio: Studio): Promise<number> {
  const vector = new Float32Array(embeddingLength).fill(1 / Math.sqrt(embeddingLength));
  const source = { packId: 'classic', kind: 'image', version: 1, length: embeddingLength };
  const compare = () => studio.embeddings.compare(studio, source, vector);
  await compare();
  return await time(compare);
}

/** A few pictures under many names. */
async function layPictures(folder: string, db: ReturnType<typeof openDatabase>): Promise<void> {
  const pictures = 40;
  for (let k = 0; k < pictures; k += 1) {
    const noise = { type: 'gaussian' as const, mean: 120, sigma: 30 };
    const background = { r: k * 6, g: 90, b: 120 };
    const made = sharp({ create: { width: 768, height: 768, channels: 3, background, noise } });
    writeFileSync(join(folder, `picture-${k}.png`), await made.png().toBuffer());
  }
  db.prepare('UPDATE root SET path = ? || path').run(folder);
  const files = db
    .prepare(
      'SELECT f.id, r.path AS root, f.path FROM file f JOIN root r ON r.id = f.root_id ORDER BY f.image_id DESC LIMIT ?',
    )
    .all(picturesOnDisk) as { id: number; root: string; path: string }[];
  const known = db.prepare('UPDATE file SET size_bytes = ?, mtime_ms = ? WHERE id = ?');
  for (const { id, root, path } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    linkSync(join(folder, `picture-${id % pictures}.png`), join(root, path));
    const { size, mtimeMs } = statSync(join(root, path));
    known.run(size, mtimeMs, id);
  }
}

async function lookInBrowser(library: string) {
  const before = performance.now();
  const studio = await startWebStudio({ libraryFolder: library });
  const openMs = performance.now() - before;
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const asked = performance.now();
    await page.goto(studio.url);
    // Asked again and again: the page's policy lets no text be run by itself.
    while (!(await page.evaluate<boolean>(hasThumbnails))) {
      if (performance.now() - asked > longestWaitMs) throw new Error('No thumbnails were shown.');
      await sleep(10);
    }
    const firstThumbnailsMs = performance.now() - asked;
    const scrolling = await compareScrolling(page, studio.url, scrollRounds);
    await scrollThrough(page);
    const rendererBytes = await readRendererBytes(browser, page);
    return { openMs, firstThumbnailsMs, scrolling, rendererBytes };
  } finally {
    await browser.close();
    await studio.stop();
  }
}

/** Runs in the page: whether a screen's pictures are there. */
const hasThumbnails = `(() => {
  const shown = [...document.querySelectorAll('[role=option] img')].slice(0, 12);
  return shown.length === 12 && shown.every(({ complete, naturalWidth }) => complete && naturalWidth > 0);
})()`;
