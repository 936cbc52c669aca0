/** CLIP's image tower (Radford et al. 2021, §2.4): a vision transformer whose class token becomes the image's embedding. */
import type { ClipConfig } from './clip-config.ts';
import { embed, encode, pooledCopies } from './clip-encoder.ts';
import type { Value } from './graph-builder.ts';
import { type Draft, layerNorm, type Tap } from './layers.ts';

/**
 * Writes the tower into a draft: `pixels` [batch, 3, S, S] float32, resized, cropped and normalised as CLIP does, to `embedding`
 * [batch, projection] float32 of length 1.
 *
 * @param tap is shown `embeddings`, `pre_layrnorm`, `encoder.layers.N`, `post_layernorm` and `visual_projection`; from the last layer
 * on these are the class tokens alone, each `pooledCopies` times
 * @throws StudioError `checkpointInvalid` where a weight is missing or has another shape
 */
export function addClipVision(draft: Draft, { projection, vision }: ClipConfig, tap?: Tap): void {
  const { graph } = draft;
  const { imageSize, patchSize, hidden } = vision;
  const tokens = (imageSize / patchSize) ** 2 + 1;
  const pixels = graph.input('pixels', 'float32', ['batch', 3, imageSize, imageSize]);
  const embedded = graph.scope('embeddings', () => embedPatches(draft, pixels, vision, tokens));
  tap?.('embeddings', embedded);
  // “layrnorm” is how the published weights spell it.
  const normed = layerNorm(draft, embedded, 'vision_model.pre_layrnorm', hidden);
  tap?.('pre_layrnorm', normed);
  const rows = {
    shape: graph.ints('tokens', [-1, tokens, hidden]),
    pool: (x: Value) => poolClass(draft, x, tokens, hidden),
  };
  const encoded = encode(draft, normed, vision, { prefix: 'vision_model', rows, tap });
  const pooled = layerNorm(draft, encoded, 'vision_model.post_layernorm', hidden);
  tap?.('post_layernorm', pooled);
  embed(draft, pooled, 'visual_projection', { channels: hidden, projection, tap });
}

/**
 * Each patch as a row times the patch matrix (a convolution that never overlaps), the class token before them, positions added.
 *
 * @returns [batch × tokens, hidden]
 */
function embedPatches(
  { graph, weights }: Draft,
  pixels: Value,
  { imageSize, patchSize, hidden }: ClipConfig['vision'],
  tokens: number,
): Value {
  const name = 'vision_model.embeddings';
  const side = imageSize / patchSize;
  const patchValues = 3 * patchSize * patchSize;
  const grid = graph.node('Reshape', [pixels, graph.ints('grid', [-1, 3, side, patchSize, side, patchSize])]);
  const ordered = graph.node('Transpose', [grid], { attributes: { perm: { ints: [0, 2, 4, 1, 3, 5] } } });
  const patches = graph.node('Reshape', [ordered, graph.ints('patchRows', [-1, patchValues])], {
    name: 'patches',
  });
  const kernel = weights.locate(`${name}.patch_embedding.weight`, [hidden, 3, patchSize, patchSize]);
  const matrix = graph.weight(`${name}.patch_embedding.weight`, { ...kernel, shape: [hidden, patchValues] });
  const product = graph.node('Gemm', [patches, matrix], {
    name: 'patch_embedding',
    attributes: { transB: { int: 1 } },
  });
  const patchTokens = graph.node('Reshape', [product, graph.ints('patchTokens', [-1, tokens - 1, hidden])]);
  const classToken = graph.weight(
    `${name}.class_embedding`,
    weights.locate(`${name}.class_embedding`, [hidden]),
  );
  const batch = graph.node('Shape', [patchTokens], { attributes: { start: { int: 0 }, end: { int: 1 } } });
  const one = graph.ints('one', [1]);
  const classShape = graph.node('Concat', [batch, one, graph.ints('hidden', [hidden])], {
    attributes: { axis: { int: 0 } },
  });
  const classTokens = graph.node('Expand', [classToken, classShape]);
  const all = graph.node('Concat', [classTokens, patchTokens], { attributes: { axis: { int: 1 } } });
  const positions = graph.weight(
    `${name}.position_embedding.weight`,
    weights.locate(`${name}.position_embedding.weight`, [tokens, hidden]),
  );
  const placed = graph.node('Add', [all, positions], { name: 'position_embedding' });
  return graph.node('Reshape', [placed, graph.ints('tokenRows', [-1, hidden])]);
}

function poolClass({ graph }: Draft, x: Value, tokens: number, hidden: number): Value {
  const byImage = graph.node('Reshape', [x, graph.ints('byImage', [-1, tokens, hidden])]);
  const first = graph.ints(
    'classToken',
    Array.from({ length: pooledCopies }, () => 0),
  );
  const kept = graph.node('Gather', [byImage, first], { attributes: { axis: { int: 1 } } });
  return graph.node('Reshape', [kept, graph.ints('classRows', [-1, hidden])]);
}
