/** Loops over pixels that need no kernel: colour planes, histograms, order statistics. */
import { quantileRank, quantileStride, quantiles } from '../maths/quantiles.ts';
import type { OpponentSums } from '../signals/colourfulness.ts';

const fround = Math.fround;

/** Y, Cb and Cr of interleaved 8-bit RGB: Y = .299 R + .587 G + .114 B, Cb = .564 (B − Y), Cr = .713 (R − Y). */
export function splitRgb(rgb: Uint8Array, y: Float32Array, cb: Float32Array, cr: Float32Array): void {
  const [wr, wg, wb] = [fround(0.299), fround(0.587), fround(0.114)];
  const [wcb, wcr] = [fround(0.564), fround(0.713)];
  for (let i = 0, at = 0; i < y.length; i++, at += 3) {
    const r = rgb[at]!;
    const g = rgb[at + 1]!;
    const b = rgb[at + 2]!;
    const luma = fround(fround(fround(wr * r) + fround(wg * g)) + fround(wb * b));
    y[i] = luma;
    cb[i] = wcb * fround(b - luma);
    cr[i] = wcr * fround(r - luma);
  }
}

/** Means of 2 × 2 samples; `target` has half the size. */
export function averagePool(source: Float32Array, size: number, target: Float32Array): void {
  const half = size >> 1;
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      const at = 2 * (y * size + x);
      const three = fround(fround(source[at]! + source[at + 1]!) + source[at + size]!);
      target[y * half + x] = fround(three + source[at + size + 1]!) / 4;
    }
  }
}

/** Histograms of every `stride`-th pixel: red, green, blue and the largest of the three. */
export function countLevels(
  rgb: Uint8Array,
  stride: number,
): Record<'red' | 'green' | 'blue' | 'brightest', Uint32Array> {
  const [red, green, blue, brightest] = [0, 1, 2, 3].map(() => new Uint32Array(256)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  for (let at = 0; at < rgb.length; at += 3 * stride) {
    const r = rgb[at]!;
    const g = rgb[at + 1]!;
    const b = rgb[at + 2]!;
    red[r]!++;
    green[g]!++;
    blue[b]!++;
    brightest[Math.max(r, g, b)]!++;
  }
  return { red, green, blue, brightest };
}

/** Histogram of ⌊x + offset⌋ within 0 … 255. */
export function countTruncated(source: Float32Array, offset: number): Uint32Array {
  const counts = new Uint32Array(256);
  for (let i = 0; i < source.length; i++) {
    const level = fround(source[i]! + offset) | 0;
    counts[level < 0 ? 0 : Math.min(255, level)]!++;
  }
  return counts;
}

/** (max − min) / (max + 0.001) of each pixel. */
export function saturate(rgb: Uint8Array, target: Float32Array): void {
  const floor = fround(0.001);
  for (let i = 0; i < target.length; i++) {
    const r = rgb[3 * i]!;
    const g = rgb[3 * i + 1]!;
    const b = rgb[3 * i + 2]!;
    const most = Math.max(r, g, b);
    target[i] = (most - Math.min(r, g, b)) / fround(most + floor);
  }
}

/** Sums of the opponent channels. */
export function sumOpponents(rgb: Uint8Array): OpponentSums {
  const sums = { count: 0, redGreen: 0, redGreenSquares: 0, yellowBlue: 0, yellowBlueSquares: 0 };
  for (let at = 0; at < rgb.length; at += 3) {
    const redGreen = rgb[at]! - rgb[at + 1]!;
    const yellowBlue = rgb[at]! + rgb[at + 1]! - 2 * rgb[at + 2]!;
    sums.count++;
    sums.redGreen += redGreen;
    sums.redGreenSquares += redGreen * redGreen;
    sums.yellowBlue += yellowBlue;
    sums.yellowBlueSquares += yellowBlue * yellowBlue;
  }
  return sums;
}

/** Σ|difference to the next column| of each column, Σ|difference to the next row| of each row. */
export function sumDifferences(
  source: Float32Array,
  size: number,
): { across: Float64Array; down: Float64Array } {
  const across = new Float64Array(size - 1);
  const down = new Float64Array(size - 1);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      if (x + 1 < size) across[x]! += Math.abs(source[at + 1]! - source[at]!);
      if (y + 1 < size) down[y]! += Math.abs(source[at + size]! - source[at]!);
    }
  }
  return { across, down };
}

/** The five quantiles (`maths/quantiles.ts`) of the samples or of their magnitudes. */
export function findQuantiles(source: Float32Array, of: 'signed' | 'magnitude'): number[] {
  const picked = new Float32Array(Math.ceil(source.length / quantileStride));
  for (let i = 0; i < picked.length; i++) {
    const sample = source[quantileStride * i]!;
    picked[i] = of === 'magnitude' ? Math.abs(sample) : sample;
  }
  return selectRanks(
    picked,
    quantiles.map((p) => quantileRank(p, picked.length)),
  );
}

const buckets = 65_536;
/** Scratch of `selectRanks`: memory outside the heap, taken anew each time, would bring the collector at every image. */
const bucketCounts = new Uint32Array(buckets);

/**
 * The values at some ranks of the sorted samples, without sorting them all: the upper half of a float's bits, with the sign turned so
 * that bits rise with values, is its bucket; only the buckets that hold a rank are sorted.
 */
function selectRanks(samples: Float32Array, ranks: number[]): number[] {
  const bits = new Uint32Array(samples.buffer, samples.byteOffset, samples.length);
  const bucketOf = new Uint16Array(samples.length);
  const counts = bucketCounts.fill(0);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!;
    const bucket = (word & 0x80000000 ? ~word : word | 0x80000000) >>> 16;
    bucketOf[i] = bucket;
    counts[bucket]!++;
  }
  let bucket = -1;
  let before = 0;
  let sorted: Float32Array = new Float32Array();
  return ranks.map((rank) => {
    if (bucket >= 0 && rank < before + counts[bucket]!) return sorted[rank - before]!;
    if (bucket >= 0) before += counts[bucket]!;
    for (bucket += 1; rank >= before + counts[bucket]!; bucket++) before += counts[bucket]!;
    sorted = takeBucket(samples, bucketOf, bucket, counts[bucket]!);
    return sorted[rank - before]!;
  });
}

/** The samples of one bucket, sorted. */
function takeBucket(
  samples: Float32Array,
  bucketOf: Uint16Array,
  bucket: number,
  count: number,
): Float32Array {
  const taken = new Float32Array(count);
  for (let i = 0, to = 0; to < count; i++) if (bucketOf[i] === bucket) taken[to++] = samples[i]!;
  return taken.sort();
}
