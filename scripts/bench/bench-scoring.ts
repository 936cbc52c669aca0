/** Images a second from a folder to stored scores, against the same features in a bare loop on as many threads. */
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { writeScenes } from '../../test/support/make-images.ts';
import { openTestStudio } from '../../test/support/open-test-studio.ts';
import { sharedPath } from '../../test/support/shared.ts';
import { quantileOf } from './statistics.ts';

const realImages = sharedPath('data/agiqa-3k/images/');
/** Rounds alternate which side goes first, so that neither gains from a machine that warms up or slows down. */
const rounds = 6;
/** Compilers are done after about 20 images a thread; before that either side is measured at half its speed. */
const warmUpImages = 64;

export interface ScoringSpeed {
  source: string;
  images: number;
  threads: number;
  /** Images a second, in the median round. */
  studio: number;
  bare: number;
  /** studio ÷ bare of each round; their median is what counts: other work on the machine hits single rounds of either side. */
  ratios: number[];
}

/** @param folder an empty folder for images; @param images how many are scored on each side */
export async function benchScoring(folder: string, images: number): Promise<ScoringSpeed> {
  const perRound = Math.ceil(images / rounds);
  const { source, folders } = await makeFolders(folder, perRound);
  const pool = new Piscina({
    filename: new URL('./bare-worker.ts', import.meta.url).href,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    minThreads: availableParallelism(),
    maxThreads: availableParallelism(),
  });
  const { client, finish, close } = openTestStudio();
  async function scoreAll(path: string): Promise<number> {
    const startedAt = performance.now();
    const { state, summary } = await finish(await client.library.score({ folder: path }));
    const count = readdirSync(path).length;
    if (state !== 'done' || summary?.scored !== count) throw new Error(`Scoring ended as ${state}.`);
    return performance.now() - startedAt;
  }
  async function measureAll(path: string): Promise<number> {
    const startedAt = performance.now();
    await Promise.all(readdirSync(path).map((name) => pool.run(join(path, name), { name: 'measureFile' })));
    return performance.now() - startedAt;
  }
  try {
    await scoreAll(folders[0]!);
    await measureAll(folders[0]!);
    const times: { studio: number[]; bare: number[] } = { studio: [], bare: [] };
    for (const [round, path] of folders.slice(1).entries()) {
      const sides = [
        async () => times.studio.push(await scoreAll(path)),
        async () => times.bare.push(await measureAll(path)),
      ];
      for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
    }
    const speedOf = (ms: readonly number[]) => (perRound * 1000) / quantileOf(ms, 0.5);
    return {
      ...{ source, images: rounds * perRound, threads: availableParallelism() },
      ...{ studio: speedOf(times.studio), bare: speedOf(times.bare) },
      ratios: times.bare.map((ms, round) => ms / times.studio[round]!),
    };
  } finally {
    await Promise.all([close(), pool.destroy()]);
  }
}

/** One folder to warm up with, then one a round: real images where the shared folder is beside the checkout, else made ones. */
async function makeFolders(folder: string, perRound: number): Promise<{ source: string; folders: string[] }> {
  const sizes = [warmUpImages, ...Array.from({ length: rounds }, () => perRound)];
  const folders = sizes.map((_, at) => join(folder, `round-${at}`));
  for (const path of folders) mkdirSync(path, { recursive: true });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const isReal = existsSync(realImages);
  const all = join(folder, 'all');
  if (!isReal) {
    mkdirSync(all);
    await writeScenes(all, total, { width: 512, height: 512 });
  }
  const from = isReal ? realImages : all;
  const names = readdirSync(from).sort();
  if (names.length < total) throw new Error(`Only ${names.length} images are there: ask for fewer.`);
  const step = Math.floor(names.length / total);
  let at = 0;
  for (const [index, size] of sizes.entries()) {
    for (let copied = 0; copied < size; copied += 1) {
      const name = names[at++ * step]!;
      copyFileSync(join(from, name), join(folders[index]!, name));
    }
  }
  return { source: isReal ? 'AGIQA-3K' : 'made', folders };
}
