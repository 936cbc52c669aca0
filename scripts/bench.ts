/**
 * `npm run bench`: measures what was promised and says whether it holds. Parts by name: `npm run bench -- scoring scanning rescoring rating learning adding networks rerun library exports`.
 * `--images <n>`: images scored on each side (900: folders of 150); `--rows <n>`: stored feature rows, and images of the library (100,000); `--rated <n>`: images rated (500);
 * `--scanned <n>`: images scanned on each side (2,400); `--looked <n>`: images a round through networks of true size (24); `--rounds <n>`: how many such rounds (3);
 * `--again <n>`: images that are scored twice by them (200); `--weights <folder>`: their 8 GB by formula are kept there for the next time;
 * `--python <program>`: one that has PyTorch, which they are compared with on the same cores.
 * `--encoded <n>`: rows that pass through each encoder of tables (1,000,000).
 * Ends with code 1 when a bound does not hold. Times are of this machine as it is now: other work on it counts against them.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchAdding } from './bench/bench-adding.ts';
import { benchExports, encoderHeapMb } from './bench/bench-exports.ts';
import { benchLearning } from './bench/bench-learning.ts';
import { benchLibrary } from './bench/bench-library.ts';
import { benchNetworks } from './bench/bench-networks.ts';
import { benchRating } from './bench/bench-rating.ts';
import { benchRerun } from './bench/bench-rerun.ts';
import { benchRescoring } from './bench/bench-rescoring.ts';
import { benchScanning } from './bench/bench-scanning.ts';
import { benchScoring } from './bench/bench-scoring.ts';
import { bounds } from './bench/bounds.ts';
import type { Places } from './bench/network-library.ts';
import type { Smoothness } from './bench/scroll-speed.ts';
import { quantileOf } from './bench/statistics.ts';
import { timePyTorch } from './bench/time-pytorch.ts';

const { values: options, positionals } = parseArgs({
  options: {
    images: { type: 'string', default: '900' },
    scanned: { type: 'string', default: '2400' },
    rows: { type: 'string', default: '100000' },
    rated: { type: 'string', default: '500' },
    looked: { type: 'string', default: '24' },
    again: { type: 'string', default: '200' },
    weights: { type: 'string' },
    python: { type: 'string' },
    encoded: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
  },
  allowPositionals: true,
});

const parts: Record<string, (folder: string) => Promise<boolean>> = {
  scoring,
  scanning,
  rescoring,
  rating,
  learning,
  adding,
  networks,
  rerun,
  library,
  exports: exporting,
};

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

async function library(at: string): Promise<boolean> {
  mkdirSync(at, { recursive: true });
  const speed = await benchLibrary(at, Number(options.rows));
  const { bareMs, filter, order, looksMs, held, openMs, firstThumbnailsMs, scrolling, rendererBytes } = speed;
  const times = (ms: number) =>
    `${ms.toFixed(0)} ms (${(ms / bareMs).toFixed(1)} × reading all ids, ${bareMs.toFixed(0)} ms)`;
  return [
    report(
      `library: slowest filter ${filter.query}: ${times(filter.ms)}`,
      filter.ms <= bounds.longestFilterMs,
      `≤ ${bounds.longestFilterMs} ms`,
    ),
    report(
      `library: slowest order ${order.query}: ${times(order.ms)}`,
      order.ms <= bounds.longestOrderMs,
      `≤ ${bounds.longestOrderMs} ms`,
    ),
    report(
      `library: one vector against all: ${looksMs.toFixed(0)} ms`,
      looksMs <= bounds.longestLooksMs,
      `≤ ${bounds.longestLooksMs} ms`,
    ),
    report(
      `library: engine’s thread at work for ${held.ms.toFixed(0)} ms at most, for ${held.query}`,
      held.ms <= bounds.longestHeldMs,
      `≤ ${bounds.longestHeldMs} ms`,
    ),
    report(
      `library: opened after ${openMs.toFixed(0)} ms`,
      openMs <= bounds.longestOpenMs,
      `≤ ${bounds.longestOpenMs} ms`,
    ),
    report(
      `library: first thumbnails after ${firstThumbnailsMs.toFixed(0)} ms`,
      firstThumbnailsMs <= bounds.longestFirstMs,
      `≤ ${bounds.longestFirstMs} ms`,
    ),
    report(
      `library: scrolling, p95 ${tellFrames(scrolling.library)} (bare pictures in the same browser: ${tellFrames(scrolling.bare)}; medians of ${scrolling.rounds} rounds in turns)`,
      scrolling.library.p95Ms <= bounds.longestFrameMs,
      '≥ 55 frames a second',
    ),
    report(
      `library: scrolling, time of all frames ÷ that of bare pictures ${scrolling.ratio.toFixed(2)}`,
      scrolling.ratio <= bounds.mostOfBareFrames,
      `≤ ${bounds.mostOfBareFrames}`,
    ),
    rendererBytes === null ||
      report(
        `library: the page’s process has ${(rendererBytes / 1e6).toFixed(0)} MB after the list was gone through`,
        rendererBytes <= bounds.mostRendererBytes,
        `≤ ${bounds.mostRendererBytes / 1e9} GB`,
      ),
  ].every(Boolean);
}

function tellFrames({ p95Ms, wholeMs }: Smoothness): string {
  return `${p95Ms.toFixed(1)} ms a frame, ${(wholeMs / 1000).toFixed(2)} s in all`;
}

async function exporting(at: string): Promise<boolean> {
  mkdirSync(at, { recursive: true });
  const encodedRows = Number(options.encoded);
  const { encoders, job, cancel } = await benchExports(at, {
    rows: encodedRows,
    images: Number(options.rows),
  });
  return [
    ...encoders.map(({ format, seconds, megabytes }) =>
      report(
        `exports: ${encodedRows.toLocaleString('en')} rows of 16 columns as ${format} in ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`,
        seconds <= bounds.longestEncodingSeconds,
        `in a heap of ${encoderHeapMb} MB, ≤ ${bounds.longestEncodingSeconds} s`,
      ),
    ),
    report(
      `exports: ${job.images} images with ${job.columns} columns as Parquet, the whole job in ${job.seconds.toFixed(1)} s`,
      job.seconds <= bounds.longestJobSeconds,
      `≤ ${bounds.longestJobSeconds} s`,
    ),
    report(
      `exports: cancelled after ${cancel.ms.toFixed(0)} ms, ${cancel.left} files left`,
      cancel.ms <= bounds.longestCancelMs && cancel.left === 0,
      `≤ ${bounds.longestCancelMs} ms, nothing left`,
    ),
  ].every(Boolean);
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
    ratio >= bounds.leastRatio,
    `≥ ${bounds.leastRatio}`,
  );
}

async function scanning(folder: string): Promise<boolean> {
  const speed = await benchScanning(folder, Number(options.scanned));
  const { images, threads, megabytes, studio, bare, ratios } = speed;
  const ratio = quantileOf(ratios, 0.5);
  return report(
    `scanning: ${studio.toFixed(1)} images/s known with thumbnails, ${bare.toFixed(1)} read, hashed and shrunk in a bare loop on ${threads} threads, ratio ${ratio.toFixed(3)} (median of ${ratios.map((one) => one.toFixed(2)).join(', ')}; ${images} images of ${megabytes.toFixed(0)} MB a side, interleaved)`,
    ratio >= bounds.leastRatio,
    `≥ ${bounds.leastRatio}`,
  );
}

async function rescoring(): Promise<boolean> {
  const { head, rows, runsMs } = await benchRescoring(Number(options.rows));
  const medianMs = quantileOf(runsMs, 0.5);
  return report(
    `re-scoring: ${rows} stored rows with “${head}” in ${medianMs.toFixed(0)} ms (median of ${runsMs.map((ms) => ms.toFixed(0)).join(', ')}; the first starts the threads)`,
    medianMs <= bounds.longestRescoreMs,
    `≤ ${bounds.longestRescoreMs} ms`,
  );
}

async function rating(images: string): Promise<boolean> {
  const speed = await benchRating(images, Number(options.rated));
  const { images: count, medianMs, p95Ms, longestMs, frames, blankFrames } = speed;
  return [
    report(
      `rating: key press to next image painted p95 ${p95Ms.toFixed(1)} ms, median ${medianMs.toFixed(1)}, longest ${longestMs.toFixed(1)} (${count} images of 1024², headless Chromium without a GPU)`,
      p95Ms <= bounds.longestPaintMs,
      `p95 ≤ ${bounds.longestPaintMs} ms`,
    ),
    report(
      `rating: ${frames} frames captured over ${count} images, ${blankFrames} without an image`,
      blankFrames === 0,
      'none blank',
    ),
  ].every(Boolean);
}

async function learning(): Promise<boolean> {
  const { agreementMs, networkMs, trainingMs } = await benchLearning();
  const medianMs = quantileOf(agreementMs, 0.5);
  return [
    report(
      `agreement: 20,000 images, overall and by six generators, 1,000 resamples, in ${medianMs.toFixed(0)} ms (median of ${agreementMs.map((ms) => ms.toFixed(0)).join(', ')}; the first starts the threads)`,
      medianMs <= bounds.longestAgreementMs,
      `≤ ${bounds.longestAgreementMs} ms`,
    ),
    report(
      `fusion network: 10,000 labels, 100 epochs in ${networkMs.toFixed(0)} ms of one processor`,
      networkMs <= bounds.longestNetworkMs,
      `≤ ${bounds.longestNetworkMs} ms`,
    ),
    report(
      `training: 10,000 labels, methods compared, five folds, learning curve and head in ${(trainingMs / 1000).toFixed(1)} s`,
      trainingMs <= bounds.longestTrainingMs,
      `≤ ${bounds.longestTrainingMs / 1000} s`,
    ),
  ].every(Boolean);
}

/** Where files of a part go, and weights by formula: in `--weights`, which is kept, or in the run's own folder. */
function placesOf(at: string): Places {
  return { folder: at, weights: options.weights ?? join(folder, 'weights') };
}

async function adding(at: string): Promise<boolean> {
  const { checkpointBytes, writtenBytes, addMs, firstTextMs, peakBytes } = await benchAdding(placesOf(at));
  const share = writtenBytes / checkpointBytes;
  return report(
    `adding PickScore of ${(checkpointBytes / 1e9).toFixed(2)} GB: ${(share * 100).toFixed(4)} % written, ${addMs.toFixed(0)} ms, first text embedded after ${firstTextMs.toFixed(0)} ms, peak ${(peakBytes / 1e6).toFixed(0)} MB`,
    share <= bounds.mostWritten && firstTextMs <= bounds.longestReadyMs && peakBytes <= bounds.mostPeakBytes,
    `≤ ${bounds.mostWritten * 100} %, ≤ ${bounds.longestReadyMs} ms, ≤ ${bounds.mostPeakBytes / 1e6} MB`,
  );
}

async function networks(at: string): Promise<boolean> {
  const [perRound, rounds] = [Number(options.looked), Number(options.rounds)];
  const { speed, srcc, images } = await benchNetworks(placesOf(at), { perRound, rounds });
  const parts = (['float32', 'int8'] as const).map((precision) => {
    const { secondsPerImage, ratios, cpuPerImage, cpuRatio } = speed[precision];
    const ratio = quantileOf(ratios, 0.5);
    return report(
      `${precision}: ${secondsPerImage.toFixed(3)} s/image end to end, ratio to the same sessions fed with tensors ${ratio.toFixed(3)} (median of ${ratios.map((one) => one.toFixed(2)).join(', ')}; ${images} images a side, interleaved; of processor time ${cpuPerImage.toFixed(2)} s/image, ratio ${cpuRatio.toFixed(3)})`,
      ratio >= bounds.leastFedRatio,
      `≥ ${bounds.leastFedRatio}`,
    );
  });
  const pytorch = options.python === undefined ? null : await timePyTorch(options.python);
  const official = report(
    pytorch === null
      ? `float32 against the official PyTorch modules’ ${bounds.officialSeconds.toFixed(2)} s/image (another machine of two cores; --python compares on this one)`
      : `float32 against PyTorch’s ${pytorch.toFixed(2)} s/image on the same cores (its towers of CLIP alone, without a quality branch)`,
    speed.float32.secondsPerImage <= (pytorch ?? bounds.officialSeconds),
    'no slower',
  );
  const gain = speed.float32.secondsPerImage / speed.int8.secondsPerImage;
  const cpuGain = speed.float32.cpuPerImage / speed.int8.cpuPerImage;
  const int8 = report(
    `int8: ${gain.toFixed(2)} × float32 (${cpuGain.toFixed(2)} × by processor time), SRCC with float32 S ${srcc.s.toFixed(4)}, Q ${srcc.q.toFixed(4)} on ${srcc.images} images`,
    gain >= bounds.leastInt8Gain && srcc.s >= bounds.leastInt8Srcc,
    `≥ ${bounds.leastInt8Gain} ×, S ≥ ${bounds.leastInt8Srcc}`,
  );
  return [...parts, official, int8].every(Boolean);
}

async function rerun(at: string): Promise<boolean> {
  const { images, changed, coldMs, changedMs } = await benchRerun(placesOf(at), Number(options.again));
  const gain = coldMs / changedMs;
  return report(
    `run again with ${changed} of ${images} files changed: ${(changedMs / 1000).toFixed(2)} s after ${(coldMs / 1000).toFixed(1)} s, ${gain.toFixed(0)} × faster`,
    gain >= bounds.leastRerunGain,
    `≥ ${bounds.leastRerunGain} ×`,
  );
}
