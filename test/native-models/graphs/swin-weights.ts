/** Small SwinV2 networks and quality branches with weights by the formula, for tests that need nobody's checkpoint. */
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import type { QualityBranchConfig } from '../../../native-models/graphs/quality-branch.ts';
import type { SwinV2Config } from '../../../native-models/graphs/swin-v2.ts';

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

function fill(shapes: Iterable<readonly [name: string, shape: readonly number[]]>): WeightSource[] {
  return Array.from(shapes, ([name, shape]) => ({ name, shape, make: () => formulaTensor(name, shape) }));
}

function* affine(name: string, channels: number): Generator<[string, number[]]> {
  yield [`${name}.weight`, [channels]];
  yield [`${name}.bias`, [channels]];
}

function* matrix(name: string, out: number, inputs: number): Generator<[string, number[]]> {
  yield [`${name}.weight`, [out, inputs]];
  yield [`${name}.bias`, [out]];
}

function* swinShapes(config: SwinV2Config, name: string): Generator<[string, number[]]> {
  const { channels: first, patchSize, depths } = config;
  yield [`${name}patch_embed.proj.weight`, [first, 3, patchSize, patchSize]];
  yield [`${name}patch_embed.proj.bias`, [first]];
  yield* affine(`${name}patch_embed.norm`, first);
  for (const [stage, depth] of depths.entries()) {
    const channels = first * 2 ** stage;
    for (let at = 0; at < depth; at += 1) {
      const block = `${name}layers.${stage}.blocks.${at}`;
      const heads = config.heads[stage]!;
      yield [`${block}.attn.logit_scale`, [heads, 1, 1]];
      yield [`${block}.attn.q_bias`, [channels]];
      yield [`${block}.attn.v_bias`, [channels]];
      yield* matrix(`${block}.attn.cpb_mlp.0`, 512, 2);
      yield [`${block}.attn.cpb_mlp.2.weight`, [heads, 512]];
      yield [`${block}.attn.qkv.weight`, [3 * channels, channels]];
      yield* matrix(`${block}.attn.proj`, channels, channels);
      yield* affine(`${block}.norm1`, channels);
      yield* matrix(`${block}.mlp.fc1`, config.mlpRatio * channels, channels);
      yield* matrix(`${block}.mlp.fc2`, channels, config.mlpRatio * channels);
      yield* affine(`${block}.norm2`, channels);
    }
    if (stage === depths.length - 1) continue;
    yield [`${name}layers.${stage}.downsample.reduction.weight`, [2 * channels, 4 * channels]];
    yield* affine(`${name}layers.${stage}.downsample.norm`, 2 * channels);
  }
}

/** A plain SwinV2 with its classifier. */
export function makeSwinWeights(config: SwinV2Config, classes: number): WeightSource[] {
  const channels = config.channels * 2 ** (config.depths.length - 1);
  return fill([...swinShapes(config, ''), ...affine('norm', channels), ...matrix('head', classes, channels)]);
}

/** A quality branch with SF-IQA's names. */
export function makeQualityWeights({ backbone, encoder }: QualityBranchConfig): WeightSource[] {
  const last = backbone.channels * 2 ** (backbone.depths.length - 1);
  // Each level is seen after its merging, the last has none.
  const channels = backbone.depths.reduce(
    (sum, _, at) => sum + Math.min(backbone.channels * 2 ** (at + 1), last),
    0,
  );
  const layers = Array.from({ length: encoder.layers }, (_, at) => {
    const layer = `transformer.encoder.layers.${at}`;
    return [
      [`${layer}.self_attn.in_proj_weight`, [3 * channels, channels]] as const,
      [`${layer}.self_attn.in_proj_bias`, [3 * channels]] as const,
      ...matrix(`${layer}.self_attn.out_proj`, channels, channels),
      ...matrix(`${layer}.linear1`, encoder.feedForward, channels),
      ...matrix(`${layer}.linear2`, channels, encoder.feedForward),
      ...affine(`${layer}.norm1`, channels),
      ...affine(`${layer}.norm2`, channels),
    ];
  });
  return fill([
    ...swinShapes(backbone, 'model.'),
    ...layers.flat(),
    ...matrix('fc2', last, channels),
    ...matrix('fc', 1, 2 * last),
  ]);
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
