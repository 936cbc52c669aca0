/** SF-IQA's quality perception branch (section 3.2, figure 2): levels of SwinV2, gathered by an encoder, beside its local features → Q. */
import type { Value } from './graph-builder.ts';
import { averagePool, l2Pool } from './l2-pooling.ts';
import type { Draft } from './layers.ts';
import { pooledLinear } from './pooled-linear.ts';
import { meanOfTokens, planSwinV2, type SwinV2Config, swinV2, swinV2Tiny } from './swin-v2.ts';
import type { Tokens } from './token-order.ts';
import { transformerEncoder } from './transformer-encoder.ts';

export interface QualityBranchConfig {
  backbone: SwinV2Config;
  encoder: { layers: number; heads: number; feedForward: number };
}

/** What the authors released. */
export const sfIqaQuality: QualityBranchConfig = {
  backbone: swinV2Tiny,
  encoder: { layers: 2, heads: 16, feedForward: 64 },
};

/**
 * Draws the branch with the tensors' official names (`model.…`, `transformer.…`, `fc2`, `fc`).
 *
 * Input: `pixels` [batch, 3, 256, 256], SAMA's output. Outputs: `q` [batch], the quality score before fusion, and `feature`
 * [batch, 1536], which q is linear in: global features (768), then local ones (768).
 *
 * @throws StudioError `checkpointInvalid` where a tensor is missing or has another shape
 */
export async function drawQualityBranch(draft: Draft, config = sfIqaQuality): Promise<void> {
  const { graph } = draft;
  const plan = await planSwinV2(draft.weights, config.backbone, 'model.');
  const size = config.backbone.imageSize;
  const pixels = graph.input('pixels', 'float32', ['batch', 3, size, size]);
  const levels = graph.scope('swin', () => swinV2(draft, pixels, plan));
  const { channels } = levels.at(-1)!;
  const global = graph.scope('global', () => globalFeatures(draft, levels, config.encoder));
  const local = graph.scope('local', () => localFeatures(draft, levels.at(-1)!));
  const feature = graph.node('Concat', [global, local], { attributes: { axis: { int: 1 } } });
  const score = pooledLinear(draft, feature, 'fc', { in: 2 * channels, out: 1 });
  const q = graph.node('Reshape', [score, graph.ints('one-each', [-1])]);
  graph.output(q, 'q', 'float32', ['batch']);
  graph.output(feature, 'feature', 'float32', ['batch', 2 * channels]);
}

/** L2-pooled levels on the last one's grid, through the encoder, averaged: [batch, channels of the last stage]. */
function globalFeatures(
  draft: Draft,
  levels: readonly Tokens[],
  encoder: QualityBranchConfig['encoder'],
): Value {
  const { graph } = draft;
  const { side, channels: out } = levels.at(-1)!;
  const cells = side * side;
  const maps = levels.map((level, at) => {
    const pooled = graph.scope(`l2-pooling-${at + 1}`, () => {
      const energy = l2Pool(draft, viewAsMap(draft, level), level);
      draft.tap?.(`L2pooling_l${at + 1}`, energy);
      return averagePool(draft, energy, level.side / side);
    });
    draft.tap?.(`avg(L2pooling_l${at + 1})`, pooled);
    return graph.node('Reshape', [pooled, graph.ints('cells', [-1, level.channels, cells])]);
  });
  const channels = levels.reduce((sum, level) => sum + level.channels, 0);
  const joined = graph.node('Concat', maps, { attributes: { axis: { int: 1 } } });
  const turned = graph.node('Transpose', [joined], { attributes: { perm: { ints: [0, 2, 1] } } });
  const tokens = graph.node('Reshape', [turned, graph.ints('tokens', [-1, channels])]);
  const shape = { channels, side, ...encoder };
  const encoded = transformerEncoder(draft, tokens, 'transformer.encoder', shape);
  const mean = meanOfTokens(draft, encoded, cells, channels);
  draft.tap?.('avg(transformer)', mean);
  const global = pooledLinear(draft, mean, 'fc2', { in: channels, out });
  draft.tap?.('fc2', global);
  return global;
}

/** The mean over the last stage's map: [batch, channels]. */
function localFeatures(draft: Draft, level: Tokens): Value {
  const { graph } = draft;
  const cells = level.side * level.side;
  const view = graph.node('Reshape', [level.value, graph.ints('view', [-1, level.channels, cells])]);
  const local = graph.node('ReduceMean', [view, graph.ints('cells', [2])], {
    attributes: { keepdims: { int: 0 } },
  });
  draft.tap?.('avg(layer4)', local);
  return local;
}

/**
 * The official code reads the tokens' memory [positions, channels] as if it were [channels, height, width], without
 * transposing: a “channel” of the map is a run of consecutive numbers. Its weights were trained so, and its scores depend on it.
 */
function viewAsMap({ graph }: Draft, { value, channels, side }: Tokens): Value {
  return graph.node('Reshape', [value, graph.ints('view', [-1, channels, side, side])]);
}
