/**
 * SF-IQA's networks at true size, with weights by a formula: images a second from files to scores against the same sessions fed with prepared
 * tensors, in float32 and in int8, and how far the two agree.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { spearman } from '../../core/maths/correlation.ts';
import { readSignal } from '../../db/features.ts';
import { decode } from '../../native-models/images/decode.ts';
import { preferredBatch } from '../../native-models/inference/open-session.ts';
import { prepareImage } from '../../native-models/inference/prepare-image.ts';
import type { Prepared } from '../../native-models/inference/run-pack.ts';
import { openPack } from '../../native-models/packs/open-pack.ts';
import type { TestStudio } from '../../test/support/open-test-studio.ts';
import { cpuSeconds } from './family.ts';
import {
  addPack,
  gatherImages,
  makeRound,
  openStudio,
  type Places,
  promptOf,
  provideWeights,
  scoreAll,
} from './network-library.ts';
import { quantileOf } from './statistics.ts';

const limits = { maxPixels: 64_000_000, maxBytes: 256 * 1024 * 1024 };
const precisions = ['float32', 'int8'] as const;
type Measured = (typeof precisions)[number];

export interface NetworksSpeed {
  /** Images a side. */
  images: number;
  /**
   * Of each precision: seconds an image end to end, in the median round; fed ÷ end to end of each round; and the same of the seconds of
   * processors that it took, all rounds together (NaN where the system does not tell).
   */
  speed: Record<
    Measured,
    { secondsPerImage: number; ratios: number[]; cpuPerImage: number; cpuRatio: number }
  >;
  /** SRCC of int8 with float32 over all images that both scored. */
  srcc: { images: number; q: number; s: number };
}

/** @param perRound images a round and side; @param rounds how many, in each both precisions and both sides */
export async function benchNetworks(
  places: Places,
  { perRound, rounds }: { perRound: number; rounds: number },
): Promise<NetworksSpeed> {
  const sfiqa = await provideWeights('sfiqa', places);
  const opened = openStudio(places);
  const pool = new Piscina({
    filename: new URL('./bare-network-worker.ts', import.meta.url).href,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    minThreads: availableParallelism(),
    maxThreads: availableParallelism(),
  });
  try {
    for (const precision of precisions) await addPack(opened, { sfiqa, id: precision, precision });
    const all = join(places.folder, 'all');
    const warming = 2 * availableParallelism();
    const names = await gatherImages(all, warming + rounds * perRound);
    const bench: Bench = { folder: places.folder, all, opened, pool };
    for (const precision of precisions) await runRound(bench, precision, ['warm', names.slice(0, warming)]);
    const times: (Times & { precision: Measured })[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const images = names.slice(warming + round * perRound, warming + (round + 1) * perRound);
      for (const precision of precisions) {
        const time = await runRound(bench, precision, [`${round}`, images], round % 2 === 1);
        times.push({ precision, ...time });
      }
      console.log(`networks: round ${round + 1} of ${rounds} is done`);
    }
    const speedOf = (precision: Measured) => {
      const own = times.filter((time) => time.precision === precision);
      const ms = quantileOf(
        own.map(({ studio }) => studio),
        0.5,
      );
      return {
        secondsPerImage: ms / 1000 / perRound,
        ratios: own.map(({ studio, fed }) => fed / studio),
        cpuPerImage: sumOf(own, 'studioCpu') / (perRound * rounds),
        cpuRatio: sumOf(own, 'fedCpu') / sumOf(own, 'studioCpu'),
      };
    };
    return {
      images: perRound * rounds,
      speed: { float32: speedOf('float32'), int8: speedOf('int8') },
      srcc: compareSignals(opened),
    };
  } finally {
    await Promise.all([opened.close(), pool.destroy()]);
  }
}

interface Bench {
  folder: string;
  all: string;
  opened: TestStudio;
  pool: Piscina;
}

/** Milliseconds, and seconds of processors, of either side. */
interface Times {
  studio: number;
  fed: number;
  studioCpu: number;
  fedCpu: number;
}

function sumOf(times: readonly Times[], name: keyof Times): number {
  return times.reduce((sum, { [name]: value }) => sum + value, 0);
}

/** Files to scores by the studio, and prepared tensors through the same sessions. */
async function runRound(
  bench: Bench,
  precision: Measured,
  [label, images]: [string, readonly string[]],
  isFedFirst = false,
): Promise<Times> {
  const path = join(bench.folder, `${precision}-${label}`);
  makeRound(bench.all, path, images);
  const prepared = await prepareAll(bench, precision, images);
  const time: Times = { studio: 0, fed: 0, studioCpu: 0, fedCpu: 0 };
  const sides = [
    async () => {
      const before = cpuSeconds();
      time.studio = await scoreAll(bench.opened, path, precision);
      time.studioCpu = cpuSeconds() - before;
    },
    async () => {
      const before = cpuSeconds();
      time.fed = await feed(bench, precision, { images, prepared });
      time.fedCpu = cpuSeconds() - before;
    },
  ];
  for (const side of isFedFirst ? sides.reverse() : sides) await side();
  return time;
}

async function prepareAll(
  { all, opened }: Bench,
  precision: Measured,
  images: readonly string[],
): Promise<Prepared[]> {
  const { network } = await openPack(opened.studio.packs.get(precision)!.folder);
  return await Promise.all(
    images.map(async (name) => prepareImage(await decode(readFileSync(join(all, name)), limits), network)),
  );
}

async function feed(
  { opened, pool }: Bench,
  precision: Measured,
  { images, prepared }: { images: readonly string[]; prepared: readonly Prepared[] },
): Promise<number> {
  const packFolder = opened.studio.packs.get(precision)!.folder;
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

function compareSignals({ studio }: TestStudio): NetworksSpeed['srcc'] {
  const pairsOf = (name: string) => {
    const reduced = new Map(readSignal(studio.db, 'int8', name));
    return readSignal(studio.db, 'float32', name).flatMap(([id, value]) =>
      reduced.has(id) ? [[value, reduced.get(id)!] as const] : [],
    );
  };
  const srccOf = (name: string) => {
    const pairs = pairsOf(name);
    const srcc = spearman(
      Float64Array.from(pairs, ([value]) => value),
      Float64Array.from(pairs, ([, value]) => value),
    );
    if (srcc === null) throw new Error(`There is no SRCC of ${name} over ${pairs.length} images.`);
    return srcc;
  };
  return { images: pairsOf('s').length, q: srccOf('q'), s: srccOf('s') };
}
