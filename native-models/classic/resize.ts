/**
 * The one way an image of any size becomes the 512 × 512 square that the features are defined on: its centred
 * square (the shorter side whole, the longer side cut equally at both ends), scaled by antialiased bicubic
 * interpolation (Keys 1981, a = −½; widened where it shrinks, as MATLAB's `imresize`; borders repeat).
 *
 * The square is cut, not squeezed: squeezing would change across and down differently, and with it every statistic of
 * neighbours and directions. The price is that the ends of a long picture do not count.
 */
import type { RgbImage } from '../images/decode.ts';

interface Taps {
  /** Source positions and weights of every target position, `perSample` each. */
  positions: Int32Array;
  weights: Float64Array;
  perSample: number;
}

/** Interleaved RGB of `side` × `side` pixels; the image's own bytes where it has that size. */
export function resizeToSquare(image: RgbImage, side: number): Uint8Array {
  const { rgb, width, height } = image;
  if (width === side && height === side) return rgb;
  const square = Math.min(width, height);
  const left = (width - square) >> 1;
  const top = (height - square) >> 1;
  const taps = tapsFor(square, side);
  const result = new Uint8Array(3 * side * side);
  // Rows first across, each source row once; as many rows are kept as one target row needs.
  const kept = new Map<number, Float64Array>();
  const sums = new Float64Array(3 * side);
  for (let y = 0; y < side; y++) {
    const from = y * taps.perSample;
    const first = taps.positions[from]!;
    for (const row of kept.keys()) if (row < first) kept.delete(row);
    sums.fill(0);
    for (let k = from; k < from + taps.perSample; k++) {
      const row = taps.positions[k]!;
      if (!kept.has(row)) kept.set(row, scaleRow(rgb, 3 * ((top + row) * width + left), taps, side));
      addScaled(sums, kept.get(row)!, taps.weights[k]!);
    }
    for (let i = 0; i < sums.length; i++) {
      result[3 * side * y + i] = Math.min(255, Math.max(0, Math.round(sums[i]!)));
    }
  }
  return result;
}

function tapsFor(from: number, to: number): Taps {
  const stretch = Math.max(1, from / to);
  const perSample = Math.ceil(4 * stretch) + 1;
  const positions = new Int32Array(to * perSample);
  const weights = new Float64Array(to * perSample);
  for (let i = 0; i < to; i++) {
    const centre = ((i + 0.5) * from) / to - 0.5;
    const first = Math.ceil(centre - 2 * stretch);
    let total = 0;
    for (let k = 0; k < perSample; k++) {
      const weight = keys(Math.abs(first + k - centre) / stretch);
      positions[i * perSample + k] = Math.min(from - 1, Math.max(0, first + k));
      weights[i * perSample + k] = weight;
      total += weight;
    }
    for (let k = 0; k < perSample; k++) weights[i * perSample + k]! /= total;
  }
  return { positions, weights, perSample };
}

/** Keys' cubic convolution kernel, a = −½. */
function keys(t: number): number {
  if (t < 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1;
  return t < 2 ? -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2 : 0;
}

function scaleRow(rgb: Uint8Array, at: number, taps: Taps, side: number): Float64Array {
  const row = new Float64Array(3 * side);
  const { positions, weights, perSample } = taps;
  for (let x = 0, k = 0; x < side; x++) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (const end = k + perSample; k < end; k++) {
      const from = at + 3 * positions[k]!;
      const weight = weights[k]!;
      red += weight * rgb[from]!;
      green += weight * rgb[from + 1]!;
      blue += weight * rgb[from + 2]!;
    }
    row[3 * x] = red;
    row[3 * x + 1] = green;
    row[3 * x + 2] = blue;
  }
  return row;
}

function addScaled(sums: Float64Array, row: Float64Array, weight: number): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += weight * row[i]!;
}
