/** Images as patches: the convolution whose stride is its kernel's size, as a reshape and a matrix product. */

import type { Value } from './graph-builder.ts';
import { type Draft, linear } from './layers.ts';

export interface PatchShape {
  imageSize: number;
  patchSize: number;
  channels: number;
  hasBias: boolean;
}

/**
 * One embedding a patch, row by row; float32 in every precision, because it is small and everything builds on it.
 *
 * @param pixels [batch, 3, imageSize, imageSize]
 * @param name the convolution, whose weight is [channels, 3, patchSize, patchSize]
 * @returns [batch × patches, channels]
 */
export function patchEmbedding(draft: Draft, pixels: Value, name: string, shape: PatchShape): Value {
  const { graph, weights } = draft;
  const { imageSize, patchSize, channels, hasBias } = shape;
  const side = imageSize / patchSize;
  const inputs = 3 * patchSize * patchSize;
  const matrix = `${name}.matrix`;
  weights.define(`${matrix}.weight`, {
    of: `${name}.weight`,
    shape: [channels, 3, patchSize, patchSize],
    as: [channels, inputs],
  });
  if (hasBias) weights.define(`${matrix}.bias`, { of: `${name}.bias`, shape: [channels] });
  const grid = graph.node('Reshape', [pixels, graph.ints('grid', [-1, 3, side, patchSize, side, patchSize])]);
  const patches = graph.node('Transpose', [grid], {
    name: 'patches',
    attributes: { perm: { ints: [0, 2, 4, 1, 3, 5] } },
  });
  const rows = graph.node('Reshape', [patches, graph.ints('rows', [-1, inputs])]);
  return linear(draft, rows, matrix, { in: inputs, out: channels, hasBias, kind: 'exact' });
}
