/** Small SwinV2 networks and quality branches with weights by the formula, for tests that need nobody's checkpoint. */
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import type { QualityBranchConfig } from '../../../native-models/graphs/quality-branch.ts';
import type { SwinV2Config } from '../../../native-models/graphs/swin-v2.ts';
import { qualityShapes, type Shapes, swinShapes } from '../../../scripts/support/untrained-shapes.ts';
import type { Feed } from './run-graph.ts';

export interface WeightSource {
  name: string;
  shape: readonly number[];
  make: () => Float32Array;
}

/** Windows of 4 on grids of 8 (shifted in the second block), 4 and 2 (window clamped). */
export const smallSwin: SwinV2Config = {
  imageSize: 32,
  patchSize: 4,
  channels: 8,
  depths: [2, 1, 2],
  heads: [1, 2, 4],
  window: 4,
  mlpRatio: 4,
};

export const smallQuality: QualityBranchConfig = {
  backbone: smallSwin,
  encoder: { layers: 2, heads: 4, feedForward: 6 },
};

/** Shift masks are in checkpoints, but no graph reads them. */
function fill(shapes: Shapes): WeightSource[] {
  return shapes
    .filter(([name]) => !name.endsWith('attn_mask'))
    .map(([name, shape]) => ({ name, shape, make: () => formulaTensor(name, shape) }));
}

/** A plain SwinV2 with its classifier. */
export function makeSwinWeights(config: SwinV2Config, classes: number): WeightSource[] {
  const channels = config.channels * 2 ** (config.depths.length - 1);
  return fill([...swinShapes(config), ['head.weight', [classes, channels]], ['head.bias', [classes]]]);
}

/** A quality branch with SF-IQA's names. */
export function makeQualityWeights(config: QualityBranchConfig): WeightSource[] {
  return fill(qualityShapes(config));
}

/** An image of normalised pixels. */
export function makePixels(name: string, size: number): Float32Array {
  return formulaTensor(name, [1, 3, size, size], { base: 0, amplitude: 1.7 });
}

/** Several tensors one after another. */
export function joinPixels(images: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(images.reduce((length, image) => length + image.length, 0));
  let end = 0;
  for (const image of images) {
    joined.set(image, end);
    end += image.length;
  }
  return joined;
}

/** Images as a graph takes them together. */
export function feedPixels(images: readonly Float32Array[], size: number): { pixels: Feed } {
  return { pixels: { data: joinPixels(images), shape: [images.length, 3, size, size] } };
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let at = 0; at < a.length; at += 1) {
    const difference = Math.abs(a[at]! - b[at]!);
    if (!(difference <= most)) most = difference;
  }
  return most;
}

/** Population standard deviation. */
export function deviation(x: ArrayLike<number>): number {
  const values = Array.from(x);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
