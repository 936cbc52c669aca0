/**
 * Images a second from a folder to known images with thumbnails, against a bare loop on as many threads, two files at a time on each. The bound
 * is of disk and decoder: each file read whole and hashed, its pixels decoded once, both thumbnails encoded and written, by the same library
 * calls. What the studio does beyond (metadata, fingerprint, whole or no file, database) counts against it.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { startScan } from '../../core/scan-folder.ts';
import { saveRoot } from '../../db/files.ts';
import { encodeScene, withPngText } from '../../test/support/make-images.ts';
import { openTestStudio } from '../../test/support/open-test-studio.ts';
import { quantileOf } from './statistics.ts';

/** Rounds alternate which side goes first, so that neither gains from a machine that warms up or slows down. */
const rounds = 6;
const warmUpImages = 64;
/** What people have: PNGs of diffusion models above all. */
const kinds = [
  { format: 'png', px: 1024 },
  { format: 'png', px: 768 },
  { format: 'png', px: 512 },
  { format: 'jpeg', px: 1024 },
] as const;
/** Scenes that are drawn of each kind; every file is a content of its own all the same, by its metadata. */
const scenesPerKind = 6;

export interface ScanningSpeed {
  images: number;
  threads: number;
  megabytes: number;
  /** Images a second, in the median round. */
  studio: number;
  bare: number;
  /** studio ÷ bare of each round. */
  ratios: number[];
}

/** @param folder an empty folder for images; @param images how many are scanned on each side */
export async function benchScanning(folder: string, images: number): Promise<ScanningSpeed> {
  const perRound = Math.ceil(images / rounds);
  const write = await drawSources();
  const pool = new Piscina({
    filename: new URL('./bare-scan-worker.ts', import.meta.url).href,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    concurrentTasksPerWorker: 2,
    minThreads: availableParallelism(),
    maxThreads: availableParallelism(),
  });
  const { studio, finish, close } = openTestStudio();
  async function scanAll(path: string, count: number): Promise<number> {
    const startedAt = performance.now();
    const root = saveRoot(studio.db, path, true, Date.now());
    const { state, summary } = await finish(startScan(studio, { rootId: root.id, isAsked: true }));
    if (state !== 'done' || summary?.identified !== count) throw new Error(`The scan ended as ${state}.`);
    return performance.now() - startedAt;
  }
  async function shrinkAll(paths: readonly string[], to: string): Promise<number> {
    mkdirSync(to, { recursive: true });
    const startedAt = performance.now();
    await Promise.all(
      paths.map((path, at) => pool.run({ path, to: join(to, String(at)) }, { name: 'readAndShrink' })),
    );
    return performance.now() - startedAt;
  }
  try {
    const times: { studio: number[]; bare: number[] } = { studio: [], bare: [] };
    let bytes = 0;
    for (let round = -1; round < rounds; round += 1) {
      const count = round < 0 ? warmUpImages : perRound;
      const at = join(folder, `round-${round}`);
      const { paths, sizeBytes } = write(at, count);
      const sides = [
        async () => ({ side: 'studio' as const, ms: await scanAll(at, count) }),
        async () => ({ side: 'bare' as const, ms: await shrinkAll(paths, join(folder, `bare-${round}`)) }),
      ];
      for (const measure of round % 2 === 0 ? sides : sides.reverse()) {
        const { side, ms } = await measure();
        if (round >= 0) times[side].push(ms);
      }
      if (round >= 0) bytes += sizeBytes;
      rmSync(at, { recursive: true });
    }
    const speedOf = (ms: readonly number[]) => (perRound * 1000) / quantileOf(ms, 0.5);
    return {
      ...{ images: rounds * perRound, threads: availableParallelism(), megabytes: bytes / 1e6 },
      ...{ studio: speedOf(times.studio), bare: speedOf(times.bare) },
      ratios: times.bare.map((ms, round) => ms / times.studio[round]!),
    };
  } finally {
    await Promise.all([close(), pool.destroy()]);
  }
}

type WriteFolder = (at: string, count: number) => { paths: string[]; sizeBytes: number };

/** Draws scenes once and gives what writes folders of them, each file with metadata of its own. */
async function drawSources(): Promise<WriteFolder> {
  const sources = await Promise.all(
    kinds.flatMap(({ format, px }) =>
      Array.from({ length: scenesPerKind }, async (_, seed) => ({
        format,
        bytes: await encodeScene(seed + 1, { width: px, height: px }, format),
      })),
    ),
  );
  let written = 0;
  return (at, count) => {
    mkdirSync(at, { recursive: true });
    let sizeBytes = 0;
    const paths = Array.from({ length: count }, () => {
      written += 1;
      const { format, bytes } = sources[written % sources.length]!;
      const prompt = `a red fox in the snow, variation ${written}\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: ${written}, Model: sdxl`;
      const own = format === 'png' ? withPngText(bytes, 'parameters', prompt) : withComment(bytes, prompt);
      const path = join(at, `image-${written}.${format}`);
      writeFileSync(path, own);
      sizeBytes += own.length;
      return path;
    });
    return { paths, sizeBytes };
  };
}

/** A JPEG with a comment segment (COM) after its start. */
function withComment(jpeg: Buffer, text: string): Buffer {
  const comment = Buffer.from(text, 'utf8');
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(comment.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, comment, jpeg.subarray(2)]);
}
