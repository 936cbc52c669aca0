/**
 * The pixel loops behind the features, over square planes of single-precision samples.
 * Every step rounds to single precision and every tap is a fused multiply-add, left to right, because in
 * flat regions the sign of that rounding decides what the statistics say.
 */
import type { PowerSums } from '../maths/moments.ts';
import { quantileRank, quantileStride, quantiles } from '../maths/quantiles.ts';
import type { OpponentSums } from '../signals/colourfulness.ts';

const fround = Math.fround;

/** Sums over the products p of neighbouring samples. */
export interface PairSums {
  count: number;
  /** How many p < 0. */
  negative: number;
  /** Σp² over p < 0. */
  negativeSquares: number;
  /** Σp² over p > 0. */
  positiveSquares: number;
  sum: number;
  absolute: number;
}

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

/** Position `i` reflected into 0 … size − 1 without repeating the border. */
function reflect(i: number, size: number): number {
  if (i < 0) return -i;
  return i < size ? i : 2 * size - 2 - i;
}

/** Separable symmetric blur, rows first; `taps` is [centre, ±1, ±2, …]. */
export function blur(source: Float32Array, size: number, taps: Float32Array, target: Float32Array): void {
  const rows = new Float32Array(size * size);
  const radius = taps.length - 1;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (let d = -radius; d <= radius; d++) {
        sum = fround(sum + taps[Math.abs(d)]! * source[y * size + reflect(x + d, size)]!);
      }
      rows[y * size + x] = sum;
    }
  }
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (let d = -radius; d <= radius; d++) {
        sum = fround(sum + taps[Math.abs(d)]! * rows[reflect(y + d, size) * size + x]!);
      }
      target[y * size + x] = sum;
    }
  }
}

/** Local deviation σ and mean-subtracted, contrast-normalised samples (x − μ) / (σ + 1). */
export function normaliseContrast(
  source: Float32Array,
  size: number,
  taps: Float32Array,
  target: { sigma: Float32Array; mscn: Float32Array },
): void {
  const mean = new Float32Array(size * size);
  const meanSquare = new Float32Array(size * size);
  blur(source, size, taps, mean);
  blur(
    source.map((sample) => sample * sample),
    size,
    taps,
    meanSquare,
  );
  for (let i = 0; i < size * size; i++) {
    const variance = fround(meanSquare[i]! - fround(mean[i]! * mean[i]!));
    target.sigma[i] = Math.sqrt(Math.max(0, variance));
    target.mscn[i] = fround(source[i]! - mean[i]!) / fround(target.sigma[i]! + 1);
  }
}

const sobelDown = Float32Array.of(0.125, 0.25, 0.125, 0, 0, 0, -0.125, -0.25, -0.125);
const sobelAcross = Float32Array.of(0.125, 0, -0.125, 0.25, 0, -0.25, 0.125, 0, -0.125);
const laplace = Float32Array.of(0.1667, 0.6667, 0.1667, 0.6667, -3.3333, 0.6667, 0.1667, 0.6667, 0.1667);

/** Gradient magnitude (Sobel / 8) and the 3 × 3 Laplacian. */
export function filterEdges(
  source: Float32Array,
  size: number,
  target: { gradient: Float32Array; laplacian: Float32Array },
): void {
  const patch = new Float32Array(9);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let k = 0; k < 9; k++) {
        const row = reflect(y + Math.floor(k / 3) - 1, size);
        patch[k] = source[row * size + reflect(x + (k % 3) - 1, size)]!;
      }
      const down = dot(sobelDown, patch);
      const across = dot(sobelAcross, patch);
      target.gradient[y * size + x] = Math.sqrt(fround(fround(down * down) + fround(across * across)));
      target.laplacian[y * size + x] = dot(laplace, patch);
    }
  }
}

function dot(weights: Float32Array, values: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum = fround(sum + weights[k]! * values[k]!);
  return sum;
}

/** ln(|x| + ½). */
export function logMagnitude(source: Float32Array, target: Float32Array): void {
  for (let i = 0; i < source.length; i++) target[i] = Math.log(Math.abs(source[i]!) + 0.5);
}

/** gradient² + laplacian². */
export function edgeEnergy(gradient: Float32Array, laplacian: Float32Array, target: Float32Array): void {
  for (let i = 0; i < target.length; i++) {
    target[i] = fround(gradient[i]! * gradient[i]!) + fround(laplacian[i]! * laplacian[i]!);
  }
}

/** Power sums about `shift`. */
export function sumPowers(source: Float32Array, shift: number): PowerSums {
  const sums = { count: source.length, shift, first: 0, second: 0, third: 0, fourth: 0 };
  for (const sample of source) {
    const d = sample - shift;
    sums.first += d;
    sums.second += d * d;
    sums.third += d * d * d;
    sums.fourth += d * d * d * d;
  }
  return sums;
}

/** Sums over p = a · b, where b lies `right` samples beside and `down` rows below a; both inside the plane. */
export function sumPairs(source: Float32Array, size: number, right: number, down: number): PairSums {
  const sums = { count: 0, negative: 0, negativeSquares: 0, positiveSquares: 0, sum: 0, absolute: 0 };
  for (let y = 0; y < size - down; y++) {
    for (let x = Math.max(0, -right); x < size - Math.max(0, right); x++) {
      const product = fround(source[y * size + x]! * source[(y + down) * size + x + right]!);
      sums.count++;
      sums.sum += product;
      sums.absolute += Math.abs(product);
      if (product < 0) {
        sums.negative++;
        sums.negativeSquares += product * product;
      } else sums.positiveSquares += product * product;
    }
  }
  return sums;
}

/** Means of |x| and of x² in each cell of an 8 × 8 grid, row by row. */
export function averageCells(
  source: Float32Array,
  size: number,
): { mean: Float64Array; absolute: Float64Array; square: Float64Array } {
  const means = {
    mean: new Float64Array(64),
    absolute: new Float64Array(64),
    square: new Float64Array(64),
  };
  const cell = size >> 3;
  const area = cell * cell;
  for (let i = 0; i < size * size; i++) {
    const at = Math.floor(i / size / cell) * 8 + Math.floor((i % size) / cell);
    const sample = source[i]!;
    means.mean[at]! += sample / area;
    means.absolute[at]! += Math.abs(sample) / area;
    means.square[at]! += (sample * sample) / area;
  }
  return means;
}

/**
 * Joint histogram, 10 × 10, of gradient and |laplacian| after both are divided by sqrt(energy + 0.04);
 * bins are ⅛ wide, the last one is open.
 */
export function countJointBins(
  gradient: Float32Array,
  laplacian: Float32Array,
  energy: Float32Array,
): Uint32Array {
  const counts = new Uint32Array(100);
  const floor = fround(0.04);
  for (let i = 0; i < gradient.length; i++) {
    const scale = fround(Math.sqrt(fround(energy[i]! + floor)));
    const row = Math.min(9, Math.trunc(fround(gradient[i]! / scale) * 8));
    const column = Math.min(9, Math.trunc(fround(Math.abs(laplacian[i]!) / scale) * 8));
    counts[row * 10 + column]!++;
  }
  return counts;
}

/** Counts of the rotation-invariant uniform patterns: 0 … 8 set neighbours, and 9 for all others. */
export function countPatterns(source: Float32Array, size: number): Uint32Array {
  const counts = new Uint32Array(10);
  const around = [-size - 1, -size, -size + 1, 1, size + 1, size, size - 1, -1];
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      const at = y * size + x;
      const threshold = fround(source[at]! + 1);
      let set = 0;
      let changes = 0;
      let previous = source[at - 1]! >= threshold;
      for (const offset of around) {
        const current = source[at + offset]! >= threshold;
        if (current) set++;
        if (current !== previous) changes++;
        previous = current;
      }
      counts[changes <= 2 ? set : 9]!++;
    }
  }
  return counts;
}

/** The five quantiles (`maths/quantiles.ts`) of the samples or of their magnitudes. */
export function findQuantiles(source: Float32Array, of: 'signed' | 'magnitude'): number[] {
  const picked = new Float32Array(Math.ceil(source.length / quantileStride));
  for (let i = 0; i < picked.length; i++) {
    const sample = source[quantileStride * i]!;
    picked[i] = of === 'magnitude' ? Math.abs(sample) : sample;
  }
  picked.sort();
  return quantiles.map((p) => picked[quantileRank(p, picked.length)]!);
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
  for (const sample of source) counts[Math.min(255, Math.max(0, Math.trunc(fround(sample + offset))))]!++;
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

/** Σ|x| and Σx². */
export function sumMagnitudes(source: Float32Array): { absolute: number; squares: number } {
  let absolute = 0;
  let squares = 0;
  for (const sample of source) {
    absolute += Math.abs(sample);
    squares += sample * sample;
  }
  return { absolute, squares };
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

/** Memory for `count` samples. */
export function allocatePlane(count: number): Float32Array {
  return new Float32Array(count);
}
