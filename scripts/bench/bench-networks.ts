/**
 * SF-IQA's networks at true size, with weights by a formula: what adding costs, images a second from files to scores against the same
 * sessions fed with prepared tensors, int8 against float32, and a second run with one file in a hundred changed.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import type { Precision } from '../../contract/pack.ts';
import { spearman } from '../../core/maths/correlation.ts';
import { readSignal } from '../../db/features.ts';
import { decode } from '../../native-models/images/decode.ts';
import { preferredBatch } from '../../native-models/inference/open-session.ts';
import { prepareImage } from '../../native-models/inference/prepare-image.ts';
import { openPack } from '../../native-models/packs/open-pack.ts';
import { writeScenes } from '../../test/support/make-images.ts';
import { openTestStudio, type TestStudio } from '../../test/support/open-test-studio.ts';
import { sharedPath } from '../../test/support/shared.ts';
import { writeUntrained } from '../support/make-untrained.ts';
import { quantileOf } from './statistics.ts';

const realImages = sharedPath('data/agiqa-3k/images/');
const limits = { maxPixels: 64_000_000, maxBytes: 256 * 1024 * 1024 };

export interface NetworksSpeed {
  images: number;
  add: {
    checkpointBytes: number;
    writtenBytes: number;
    addMs: number;
    firstTextMs: number;
    peakBytes: number;
  };
  /** Of each precision: seconds an image end to end, in the median round; fed ÷ end to end of each round. */
  speed: Record<'float32' | 'int8', { secondsPerImage: number; ratios: number[] }>;
  srcc: { q: number; s: number };
  /** Cold time ÷ time of a run with one file in a hundred changed. */
  rerun: { images: number; coldMs: number; changedMs: number };
}

/** @param folder an empty folder; @param perRound images a round and side; @param rounds how many */
export async function benchNetworks(
  folder: string,
  { perRound, rounds, rerunImages }: { perRound: number; rounds: number; rerunImages: number },
): Promise<NetworksSpeed> {
  mkdirSync(folder, { recursive: true });
  const sfiqa = await writeUntrained('sfiqa', join(folder, 'weights'));
  const names = await gatherImages(join(folder, 'all'), Math.max(2 * rounds * perRound, rerunImages));
  const opened = openTestStudio({ libraryFolder: join(folder, 'library') });
  const pool = new Piscina({
    filename: new URL('./bare-network-worker.ts', import.meta.url).href,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    minThreads: availableParallelism(),
    maxThreads: availableParallelism(),
  });
  try {
    const add = await measureAdding(opened, sfiqa);
    await addPack(opened, { sfiqa, id: 'int8', precision: 'int8' });
    const bench = { ...{ folder, names, opened, pool }, ...{ perRound, rounds } };
    const float32 = await compare(bench, 'float32');
    const int8 = await compare(bench, 'int8');
    const srcc = compareSignals(opened);
    const rerun = await measureRerun(bench, rerunImages);
    return { images: perRound * rounds, add, speed: { float32, int8 }, srcc, rerun };
  } finally {
    await Promise.all([opened.close(), pool.destroy()]);
  }
}

interface Bench {
  folder: string;
  names: string[];
  opened: TestStudio;
  pool: Piscina;
  perRound: number;
  rounds: number;
}

async function addPack(
  { client, finish }: TestStudio,
  order: { sfiqa: string; id: string; precision: Precision },
): Promise<void> {
  const { error } = await finish(client.packs.add(order));
  if (error !== null) throw new Error(error.message);
}

async function measureAdding(opened: TestStudio, sfiqa: string): Promise<NetworksSpeed['add']> {
  const { studio } = opened;
  await studio.models.ask({ kind: 'report' });
  const startedAt = performance.now();
  await addPack(opened, { sfiqa, id: 'float32', precision: 'float32' });
  const addMs = performance.now() - startedAt;
  const peakBytes = peakOfChildren();
  const { folder } = studio.packs.get('float32')!;
  const run = { members: null, precision: null, providers: ['cpu' as const] };
  await studio.models.ask({ kind: 'embedText', packFolder: folder, run, texts: ['a cat'] });
  const firstTextMs = performance.now() - startedAt;
  const files = readdirSync(folder).map((name) => statSync(join(folder, name)));
  const writtenBytes = files.filter(({ nlink }) => nlink === 1).reduce((sum, { size }) => sum + size, 0);
  return { checkpointBytes: statSync(sfiqa).size, writtenBytes, addMs, firstTextMs, peakBytes };
}

/** The most resident memory that a child process of this one has had, by Linux' own account; 0 elsewhere. */
function peakOfChildren(): number {
  if (!existsSync('/proc')) return 0;
  const peaks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const isChild = new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(status);
        return isChild ? Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024 : 0;
      } catch {
        return 0;
      }
    });
  return Math.max(0, ...peaks);
}

/** Real images where the shared folder is beside the checkout, else made ones; each with a prompt in a sidecar. */
async function gatherImages(folder: string, count: number): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  if (existsSync(realImages)) {
    const names = readdirSync(realImages).sort();
    const step = Math.max(1, Math.floor(names.length / count));
    for (let at = 0; at < count; at += 1) {
      const name = names[(at * step) % names.length]!;
      copyFileSync(join(realImages, name), join(folder, name));
    }
  } else await writeScenes(folder, count, { width: 512, height: 512 });
  const images = readdirSync(folder).sort();
  for (const name of images)
    writeFileSync(join(folder, `${name.replace(/\.[^.]+$/, '')}.txt`), promptOf(name));
  return images;
}

function promptOf(name: string): string {
  return `a picture called ${name.replaceAll(/[._-]/g, ' ')}, highly detailed`;
}

function makeRound(
  { folder, names }: Bench,
  label: string,
  from: number,
  count: number,
): { path: string; images: string[] } {
  const path = join(folder, label);
  mkdirSync(path);
  const images = names.slice(from, from + count);
  for (const name of images) {
    copyFileSync(join(folder, 'all', name), join(path, name));
    const sidecar = `${name.replace(/\.[^.]+$/, '')}.txt`;
    copyFileSync(join(folder, 'all', sidecar), join(path, sidecar));
  }
  return { path, images };
}

async function scoreAll({ client, finish }: TestStudio, path: string, packId: string): Promise<number> {
  const startedAt = performance.now();
  const { state, error } = await finish(client.library.score({ folder: path, packId, providers: ['cpu'] }));
  if (state !== 'done') throw new Error(`Scoring ended as ${state}: ${error?.message}`);
  return performance.now() - startedAt;
}

/** Interleaved rounds of new images: files to scores by the studio, and prepared tensors through the same sessions. */
async function compare(
  bench: Bench,
  precision: 'float32' | 'int8',
): Promise<{ secondsPerImage: number; ratios: number[] }> {
  const { opened, pool, perRound, rounds, folder } = bench;
  const packFolder = opened.studio.packs.get(precision)!.folder;
  const { network } = await openPack(packFolder);
  async function feed(images: readonly string[]): Promise<number> {
    const prepared = await Promise.all(
      images.map(async (name) =>
        prepareImage(await decode(readFileSync(join(folder, 'all', name)), limits), network),
      ),
    );
    const size = preferredBatch('cpu', precision);
    const groups = Array.from({ length: Math.ceil(images.length / size) }, (_, at) => at * size);
    const startedAt = performance.now();
    await Promise.all(
      groups.map((from) =>
        pool.run(
          {
            packFolder,
            images: prepared.slice(from, from + size),
            texts: images.slice(from, from + size).map(promptOf),
          },
          { name: 'runPrepared' },
        ),
      ),
    );
    return performance.now() - startedAt;
  }
  const warm = makeRound(bench, `${precision}-warm`, 0, 2 * availableParallelism());
  await scoreAll(opened, warm.path, precision);
  await feed(warm.images);
  const times: { studio: number; fed: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // The same images in both precisions, so that these can be compared.
    const { path, images } = makeRound(
      bench,
      `${precision}-${round}`,
      warm.images.length + round * perRound,
      perRound,
    );
    const time = { studio: 0, fed: 0 };
    const sides = [
      async () => {
        time.studio = await scoreAll(opened, path, precision);
      },
      async () => {
        time.fed = await feed(images);
      },
    ];
    for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
    times.push(time);
  }
  return {
    secondsPerImage:
      quantileOf(
        times.map(({ studio }) => studio),
        0.5,
      ) /
      1000 /
      perRound,
    ratios: times.map(({ studio, fed }) => fed / studio),
  };
}

function compareSignals({ studio }: TestStudio): { q: number; s: number } {
  function srccOf(name: string): number {
    const reduced = new Map(readSignal(studio.db, 'int8', name));
    const pairs = readSignal(studio.db, 'float32', name).filter(([id]) => reduced.has(id));
    const srcc = spearman(
      Float64Array.from(pairs, ([, value]) => value),
      Float64Array.from(pairs, ([id]) => reduced.get(id)!),
    );
    if (srcc === null) throw new Error(`There is no SRCC of ${name} over ${pairs.length} images.`);
    return srcc;
  }
  return { q: srccOf('q'), s: srccOf('s') };
}

async function measureRerun(bench: Bench, images: number): Promise<NetworksSpeed['rerun']> {
  const { path, images: names } = makeRound(bench, 'rerun', 0, images);
  // Other contents than in the rounds before: a comment behind the end of the file is none of the picture.
  for (const name of names)
    writeFileSync(join(path, name), Buffer.concat([readFileSync(join(path, name)), Buffer.from('cold')]));
  const coldMs = await scoreAll(bench.opened, path, 'int8');
  const changed = names.slice(0, Math.max(1, Math.round(images / 100)));
  for (const name of changed)
    writeFileSync(join(path, name), Buffer.concat([readFileSync(join(path, name)), Buffer.from('new')]));
  const changedMs = await scoreAll(bench.opened, path, 'int8');
  return { images, coldMs, changedMs };
}
