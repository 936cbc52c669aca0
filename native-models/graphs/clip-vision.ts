/** CLIP's image tower (Radford et al. 2021, §2.4): a vision transformer whose class token becomes the image's embedding. */
import type { ClipConfig } from './clip-config.ts';
import { addEmbedding, encode, pooledCopies } from './clip-encoder.ts';
import type { Value } from './graph-builder.ts';
import { type Draft, layerNorm } from './layers.ts';
import { patchEmbedding } from './patch-embedding.ts';

/**
 * Writes the tower into a draft: `pixels` [batch, 3, S, S] float32, resized, cropped and normalised as CLIP does, to `embedding`
 * [batch, projection] float32 of length 1.
 *
 * The draft's `tap` is shown `embeddings`, `pre_layrnorm`, `encoder.layers.N`, `post_layernorm` and `visual_projection`; from the last
 * layer on these are the class tokens alone, each `pooledCopies` times.
 *
 * @throws StudioError `checkpointInvalid` where a weight is missing or has another shape
 */
export function addClipVision(draft: Draft, { projection, vision }: ClipConfig): void {
  const { graph } = draft;
  const { imageSize, patchSize, hidden, epsilon } = vision;
  const norm = { channels: hidden, epsilon };
  const tokens = (imageSize / patchSize) ** 2 + 1;
  const pixels = graph.input('pixels', 'float32', ['batch', 3, imageSize, imageSize]);
  const embedded = graph.scope('embeddings', () => embedImage(draft, pixels, vision, tokens));
  draft.tap?.('embeddings', embedded);
  // “layrnorm” is how the published weights spell it.
  const normed = layerNorm(draft, embedded, 'vision_model.pre_layrnorm', norm);
  draft.tap?.('pre_layrnorm', normed);
  const rows = {
    shape: graph.ints('tokens', [-1, tokens, hidden]),
    pool: (x: Value) => poolClassToken(draft, x, tokens, hidden),
  };
  const encoded = encode(draft, normed, 'vision_model', { tower: vision, rows });
  const pooled = layerNorm(draft, encoded, 'vision_model.post_layernorm', norm);
  draft.tap?.('post_layernorm', pooled);
  addEmbedding(draft, pooled, 'visual_projection', { channels: hidden, projection });
}

/** The class token, behind it the patches, to all of them their positions: [batch × tokens, hidden]. */
function embedImage(
  draft: Draft,
  pixels: Value,
  { imageSize, patchSize, hidden }: ClipConfig['vision'],
  tokens: number,
): Value {
  const { graph, weights } = draft;
  const name = 'vision_model.embeddings';
  function weight(part: string, shape: readonly number[]): Value {
    return graph.weight(`${name}.${part}`, weights.locate(`${name}.${part}`, shape));
  }
  const kernel = { imageSize, patchSize, channels: hidden, hasBias: false };
  const patches = graph.node('Reshape', [
    patchEmbedding(draft, pixels, `${name}.patch_embedding`, kernel),
    graph.ints('patches', [-1, tokens - 1, hidden]),
  ]);
  const batch = graph.node('Shape', [pixels], { attributes: { start: { int: 0 }, end: { int: 1 } } });
  const oneEach = graph.node('Concat', [batch, graph.ints('oneToken', [1, hidden])], {
    name: 'oneEach',
    attributes: { axis: { int: 0 } },
  });
  const classTokens = graph.node('Expand', [weight('class_embedding', [hidden]), oneEach], {
    name: 'class_embedding',
  });
  const all = graph.node('Concat', [classTokens, patches], { name: 'all', attributes: { axis: { int: 1 } } });
  const placed = graph.node('Add', [all, weight('position_embedding.weight', [tokens, hidden])], {
    name: 'placed',
  });
  return graph.node('Reshape', [placed, graph.ints('rows', [-1, hidden])]);
}

/** From [batch × tokens, hidden] each image's first row, `pooledCopies` times. */
function poolClassToken({ graph }: Draft, x: Value, tokens: number, hidden: number): Value {
  const byImage = graph.node('Reshape', [x, graph.ints('byImage', [-1, tokens, hidden])]);
  const first = graph.ints(
    'classToken',
    Array.from({ length: pooledCopies }, () => 0),
  );
  const pooled = graph.node('Gather', [byImage, first], { name: 'pooled', attributes: { axis: { int: 1 } } });
  return graph.node('Reshape', [pooled, graph.ints('rows', [-1, hidden])]);
}
