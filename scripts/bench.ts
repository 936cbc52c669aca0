/**
 * `npm run bench`: measures what was promised and says whether it holds. Parts by name: `npm run bench -- scoring rescoring rating`.
 * `--images <n>`: images scored on each side (900: folders of 150); `--rows <n>`: stored feature rows (100,000); `--rated <n>`: images rated (120).
 * Ends with code 1 when a bound does not hold. Times are of this machine as it is now: other work on it counts against them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchRating } from './bench/bench-rating.ts';
import { benchRescoring } from './bench/bench-rescoring.ts';
import { benchScoring } from './bench/bench-scoring.ts';
import { quantileOf } from './bench/statistics.ts';

const leastRatio = 0.9;
const longestRescoreMs = 1_000;
const longestPaintMs = 100;

const { values: options, positionals } = parseArgs({
  options: {
    images: { type: 'string', default: '900' },
    rows: { type: 'string', default: '100000' },
    rated: { type: 'string', default: '120' },
  },
  allowPositionals: true,
});

const parts: Record<string, (folder: string) => Promise<boolean>> = { scoring, rescoring, rating };

const [cpu] = cpus();
console.log(
  `${cpu?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${(totalmem() / 1024 ** 3).toFixed(1)} GiB, ` +
    `${platform()} ${release()} ${arch()}, Node ${process.version}, load ${loadavg()[0]!.toFixed(1)}`,
);
const folder = mkdtempSync(join(tmpdir(), 'studio-bench-'));
try {
  for (const [name, run] of Object.entries(parts)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    if (!(await run(join(folder, name)))) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function report(text: string, isMet: boolean, bound: string): boolean {
  console.log(`${text}  [${bound}: ${isMet ? 'met' : 'NOT MET'}]`);
  return isMet;
}

async function scoring(images: string): Promise<boolean> {
  const {
    source,
    images: count,
    threads,
    studio,
    bare,
    ratios,
  } = await benchScoring(images, Number(options.images));
  const ratio = quantileOf(ratios, 0.5);
  return report(
    `scoring: ${studio.toFixed(2)} images/s end to end, ${bare.toFixed(2)} in a bare loop on ${threads} worker threads, ratio ${ratio.toFixed(3)} (median of ${ratios.map((one) => one.toFixed(2)).join(', ')}; ${count} ${source} images a side, interleaved)`,
    ratio >= leastRatio,
    `≥ ${leastRatio}`,
  );
}

async function rescoring(): Promise<boolean> {
  const { head, rows, runsMs } = await benchRescoring(Number(options.rows));
  const medianMs = quantileOf(runsMs, 0.5);
  return report(
    `re-scoring: ${rows} stored rows with “${head}” in ${medianMs.toFixed(0)} ms (median of ${runsMs.map((ms) => ms.toFixed(0)).join(', ')}; the first starts the threads)`,
    medianMs <= longestRescoreMs,
    `≤ ${longestRescoreMs} ms`,
  );
}

async function rating(images: string): Promise<boolean> {
  const { images: count, medianMs, p95Ms, longestMs } = await benchRating(images, Number(options.rated));
  return report(
    `rating: key press to next image painted p95 ${p95Ms.toFixed(1)} ms, median ${medianMs.toFixed(1)}, longest ${longestMs.toFixed(1)} (${count} images of 1024², headless Chromium without a GPU)`,
    p95Ms <= longestPaintMs,
    `p95 ≤ ${longestPaintMs} ms`,
  );
}
