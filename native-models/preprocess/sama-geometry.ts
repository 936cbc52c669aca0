/** Where SAMA's samples lie: an 8 × 8 grid of 32 × 32 crops, of the image itself and of the image scaled to 256 pixels. */
import type { Sampling } from '../../contract/sampling.ts';

/** Side of the result, and the least side of an image that is not enlarged first. */
export const samaSidePx = 256;
const tiles = 8;
const tilePx = 32;

/** For each of the 256 result positions of an axis: the two pixels it lies between, and the weights of both. */
export interface AxisSamples {
  low: Int32Array;
  high: Int32Array;
  lowWeight: Float32Array;
  highWeight: Float32Array;
}

/** One axis: samples of the image at its own scale, and of the one that is scaled to 256 pixels. */
export interface SamaAxis {
  own: AxisSamples;
  scaled: AxisSamples;
}

export interface SamaGeometry {
  /** Size that Pillow's bilinear resize gives the image first; its own size where that has 256 pixels or more. */
  width: number;
  height: number;
  across: SamaAxis;
  down: SamaAxis;
}

/** Everything that SAMA's sampling (is_train False) derives from the size of an image. */
export function planSama(size: { width: number; height: number }, mode: Sampling): SamaGeometry {
  const { width, height } = sizeForSama(size);
  const ratio = Math.min(height / samaSidePx, width / samaSidePx);
  const plan = mode === 'fragment' ? planFragments : planScales;
  return { width, height, across: plan(width, ratio), down: plan(height, ratio) };
}

/** Truncation makes 255 of 256 for 14 sizes below 256 (49, 98, 103, 107, 161, …); then torch enlarges once more. */
function sizeForSama({ width, height }: { width: number; height: number }): {
  width: number;
  height: number;
} {
  const factor = samaSidePx / Math.min(width, height);
  if (factor <= 1) return { width, height };
  return { width: Math.trunc(width * factor), height: Math.trunc(height * factor) };
}

function planScales(length: number, ratio: number): SamaAxis {
  const longer = roundHalfToEven(length / ratio);
  // Where the shorter side has 255 pixels, both versions are the enlarged image: its shorter side is 256, its ratio 1.
  const own = ratio < 1 ? longer : length;
  const scaled = ratio < 1 ? longer : roundHalfToEven(length * (1 / ratio));
  return {
    own: sample(length, Math.fround(length / own), cropPositions(own)),
    scaled: sample(length, Math.fround(length / scaled), cropPositions(scaled)),
  };
}

/**
 * The crops of one version. Where the shorter side has 255 pixels, the official code enlarges by a factor (and samples with
 * its reciprocal) but lays the grid out for the image before, so its crops overlap by a pixel.
 */
function planFragments(length: number, ratio: number): SamaAxis {
  const scale = ratio < 1 ? Math.fround(1 / (1 / ratio)) : 1;
  const own = sample(length, scale, cropPositions(length));
  return { own, scaled: own };
}

/** The 256 positions of the middle crops of eight cells on an axis. */
function cropPositions(length: number): Int32Array {
  const cell = Math.floor(length / tiles);
  const inset = Math.trunc(0.5 * (cell - tilePx));
  return Int32Array.from({ length: samaSidePx }, (_, i) => {
    const tile = Math.floor(i / tilePx);
    return Math.min(cell * tile, length - tilePx) + inset + (i % tilePx);
  });
}

/**
 * Bilinear sampling as torch's `interpolate` (align_corners false, not antialiased) at these positions of its result.
 * The coordinate scale · (x + ½) − ½ is rounded once, to single precision, as by a fused multiply-add: in double
 * precision it is exact, so all machines give the same. An unchanged size is not computed with: each position is itself.
 */
function sample(length: number, scale: number, at: Int32Array): AxisSamples {
  const coordinates = Float64Array.from(at, (x) =>
    scale === 1 ? x : Math.max(0, Math.fround(scale * (x + 0.5) - 0.5)),
  );
  const low = Int32Array.from(coordinates, (x) => Math.min(Math.floor(x), length - 1));
  const high = low.map((x) => Math.min(x + 1, length - 1));
  const highWeight = Float32Array.from(coordinates, (x, i) => Math.min(1, x - low[i]!));
  return { low, high, lowWeight: highWeight.map((weight) => 1 - weight), highWeight };
}

/** Python's `round`: 320.5 → 320, 321.5 → 322. */
function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
