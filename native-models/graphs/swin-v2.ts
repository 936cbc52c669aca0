/** Swin Transformer V2 of any size, as timm 0.6.13 has it: the quality branch's backbone, and a feature extractor of its own. */
import { StudioError } from '../../contract/errors.ts';
import type { Value } from './graph-builder.ts';
import { activate, type Draft, layerNorm, linear } from './layers.ts';
import { patchEmbedding } from './patch-embedding.ts';
import { pooledLinear } from './pooled-linear.ts';
import { type CosineAttention, readCosineAttention } from './position-bias.ts';
import { windowAttention } from './swin-attention.ts';
import { arrange, mergingOrder, rasterOrder, type Tokens, type Windows, windowOrder } from './token-order.ts';
import type { WeightPlan } from './weight-plan.ts';

export interface SwinV2Config {
  imageSize: number;
  patchSize: number;
  /** Channels of the first stage; each further stage has twice as many on a grid of half the side. */
  channels: number;
  /** Blocks of each stage. */
  depths: readonly number[];
  heads: readonly number[];
  window: number;
  /** Hidden width of the MLP, as a multiple of the channels. */
  mlpRatio: number;
  /** The window of each stage in pre-training, where it was another one. */
  pretrainedWindows?: readonly number[];
}

/** SwinV2-T for 256 × 256, window 16: the backbone of SF-IQA (section 4.2). */
export const swinV2Tiny: SwinV2Config = {
  imageSize: 256,
  patchSize: 4,
  channels: 96,
  depths: [2, 2, 6, 2],
  heads: [3, 6, 12, 24],
  window: 16,
  mlpRatio: 4,
};

interface BlockShape extends Windows {
  name: string;
  mlpKind: 'large' | 'delicate';
  channels: number;
  side: number;
  mlpRatio: number;
  learned: CosineAttention;
}

/** A backbone whose position biases have been computed: what `swinV2` draws. */
export interface SwinV2Plan {
  config: SwinV2Config;
  name: string;
  /** The blocks of each stage. */
  stages: BlockShape[][];
}

/**
 * Reads what has to be computed from weights while the graph is built.
 *
 * @param name what stands before each tensor's name: `model.` in SF-IQA, nothing in timm
 * @throws StudioError `checkpointInvalid` where a tensor is missing or has another shape, `unsupported` where windows do not tile a grid
 */
export async function planSwinV2(weights: WeightPlan, config: SwinV2Config, name = ''): Promise<SwinV2Plan> {
  const stages: BlockShape[][] = [];
  for (const [stage, depth] of config.depths.entries()) {
    const channels = config.channels * 2 ** stage;
    const side = config.imageSize / config.patchSize / 2 ** stage;
    const window = Math.min(config.window, side);
    checkTiling(config, stage, side);
    const blocks: BlockShape[] = [];
    for (let at = 0; at < depth; at += 1) {
      const block = `${name}layers.${stage}.blocks.${at}`;
      const learned = await readCosineAttention(weights, `${block}.attn`, {
        heads: config.heads[stage]!,
        window,
        coordinateWindow: config.pretrainedWindows?.[stage] || window,
      });
      // Every second block is shifted, where there is more than one window.
      const shift = at % 2 === 1 && side > window ? Math.floor(window / 2) : 0;
      // Errors of the early stages grow in all that follow, whose larger matrices are where int8 pays.
      const mlpKind = stage < config.depths.length / 2 ? 'delicate' : 'large';
      const { mlpRatio } = config;
      blocks.push({ name: block, mlpKind, channels, side, window, shift, mlpRatio, learned });
    }
    stages.push(blocks);
  }
  return { config, name, stages };
}

function checkTiling({ imageSize, window, depths }: SwinV2Config, stage: number, side: number): void {
  const isTiled = Number.isInteger(side) && side % Math.min(window, side) === 0;
  const isMergeable = stage === depths.length - 1 || side % 2 === 0;
  if (isTiled && isMergeable) return;
  throw new StudioError(
    'unsupported',
    `A SwinV2 of window ${window} does not fit images of ${imageSize} pixels: the grid of stage ${stage + 1} has ${side} tokens a side.`,
    { imageSize, window, stage: stage + 1 },
  );
}

/**
 * Patch embedding, then the stages; each but the last ends in patch merging.
 *
 * @param pixels [batch, 3, imageSize, imageSize], normalised
 * @returns the output of each stage, tokens row by row
 */
export function swinV2(draft: Draft, pixels: Value, { config, name, stages }: SwinV2Plan): Tokens[] {
  const { graph } = draft;
  const { imageSize, patchSize, channels } = config;
  const side = imageSize / patchSize;
  const value = graph.scope('patch-embedding', () => {
    const embedding = `${name}patch_embed`;
    const shape = { imageSize, patchSize, channels, hasBias: true };
    const patches = patchEmbedding(draft, pixels, `${embedding}.proj`, shape);
    return layerNorm(draft, patches, `${embedding}.norm`, { channels, isDelicate: true });
  });
  let tokens: Tokens = { value, side, channels, order: rasterOrder(side) };
  show(draft, 'patch_embed', tokens);
  const last = stages.length - 1;
  return stages.map((blocks, at) =>
    graph.scope(`stage-${at + 1}`, () => {
      for (const [index, block] of blocks.entries()) {
        tokens = graph.scope(`block-${index + 1}`, () => swinBlock(draft, tokens, block));
        show(draft, block.name.slice(name.length), tokens);
      }
      if (at < last) {
        // timm 0.6 and the authors count merging to the stage it ends; timm 0.9 and later to the stage it begins.
        const isLater = draft.weights.has(`${name}layers.${last}.downsample.reduction.weight`);
        const merging = `${name}layers.${isLater ? at + 1 : at}.downsample`;
        tokens = graph.scope('merging', () => mergePatches(draft, tokens, merging));
      }
      tokens = arrange(graph, tokens, rasterOrder(tokens.side));
      show(draft, `layers.${at}`, tokens);
      return tokens;
    }),
  );
}

/** x + norm(attention(x)), then x + norm(mlp(x)): the norms come last (Swin Transformer V2, section 3.2). */
function swinBlock(draft: Draft, tokens: Tokens, block: BlockShape): Tokens {
  const { graph } = draft;
  const { name, channels, side } = block;
  const windows = arrange(graph, tokens, windowOrder(side, block));
  let x = windows.value;
  const attention = graph.scope('attention', () => windowAttention(draft, x, `${name}.attn`, block));
  draft.tap?.(`${name}.attn`, attention);
  x = graph.node('Add', [x, layerNorm(draft, attention, `${name}.norm1`, { channels, isDelicate: true })]);
  const mlp = graph.scope('mlp', () => {
    const hidden = channels * block.mlpRatio;
    const kind = block.mlpKind;
    const wide = linear(draft, x, `${name}.mlp.fc1`, { in: channels, out: hidden, kind });
    const active = activate(draft, wide, 'gelu');
    return linear(draft, active, `${name}.mlp.fc2`, { in: hidden, out: channels, kind });
  });
  x = graph.node('Add', [x, layerNorm(draft, mlp, `${name}.norm2`, { channels, isDelicate: true })]);
  return { ...windows, value: x };
}

/** Four neighbours become one token of twice the channels. */
function mergePatches(draft: Draft, tokens: Tokens, name: string): Tokens {
  const { graph } = draft;
  const { channels } = tokens;
  const neighbours = arrange(graph, tokens, mergingOrder(tokens.side));
  const joined = graph.node('Reshape', [neighbours.value, graph.ints('joined', [-1, 4 * channels])]);
  const shape = { in: 4 * channels, out: 2 * channels, hasBias: false };
  const reduced = linear(draft, joined, `${name}.reduction`, { ...shape, kind: 'delicate' });
  const value = layerNorm(draft, reduced, `${name}.norm`, { channels: shape.out, isDelicate: true });
  const side = tokens.side / 2;
  return { value, side, channels: shape.out, order: rasterOrder(side) };
}

/**
 * The network alone: final norm, mean over the tokens, and the classifier where the checkpoint has one that is asked for.
 *
 * Inputs: `pixels` [batch, 3, imageSize, imageSize]. Outputs: `feature` [batch, channels of the last stage], what timm calls pooled,
 * and `logits` [batch, classes] unless `classes` is null.
 *
 * @throws StudioError `checkpointInvalid` where a tensor is missing or has another shape, `unsupported` as `planSwinV2`
 */
export async function drawSwinV2(draft: Draft, config: SwinV2Config, classes: number | null): Promise<void> {
  const { graph, weights } = draft;
  const plan = await planSwinV2(weights, config);
  const size = config.imageSize;
  const pixels = graph.input('pixels', 'float32', ['batch', 3, size, size]);
  const { value, side, channels } = swinV2(draft, pixels, plan).at(-1)!;
  const normed = layerNorm(draft, value, 'norm', { channels, isDelicate: true });
  draft.tap?.('norm', normed);
  const feature = meanOfTokens(draft, normed, side * side, channels);
  graph.output(feature, 'feature', 'float32', ['batch', channels]);
  if (classes === null) return;
  const head = weights.has('head.fc.weight') ? 'head.fc' : 'head';
  const logits = pooledLinear(draft, feature, head, { in: channels, out: classes });
  graph.output(logits, 'logits', 'float32', ['batch', classes]);
}

/**
 * The mean over each image's tokens. They are turned to lie one after another, because the runtime sums columns in another order
 * when there is one image than when there are several.
 *
 * @param x [batch × tokens, channels]
 * @returns [batch, channels]
 */
export function meanOfTokens({ graph }: Draft, x: Value, tokens: number, channels: number): Value {
  const grids = graph.node('Reshape', [x, graph.ints('grids', [-1, tokens, channels])]);
  const turned = graph.node('Transpose', [grids], { attributes: { perm: { ints: [0, 2, 1] } } });
  // A reshape of its own, or the runtime's optimiser would undo the turn.
  const runs = graph.node('Reshape', [turned, graph.ints('runs', [-1, tokens])]);
  const means = graph.node('ReduceMean', [runs, graph.ints('tokens', [1])], { name: 'mean' });
  return graph.node('Reshape', [means, graph.ints('rows', [-1, channels])]);
}

function show(draft: Draft, name: string, tokens: Tokens): void {
  if (draft.tap === undefined) return;
  draft.tap(name, arrange(draft.graph, tokens, rasterOrder(tokens.side)).value);
}
