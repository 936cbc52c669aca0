/** L2 pooling: local energy of a feature map, blurred by a Hanning window, as the quality branch gathers its levels. */
import type { Value } from './graph-builder.ts';
import { type Draft, lengthOf } from './layers.ts';

/** Kept away from 0 in the square root, and in the division by the norm. */
const epsilon = 1e-12;

export interface MapShape {
  channels: number;
  side: number;
}

/**
 * √(hanning ∗ x̂² + ε), where x̂ is the map divided by its L2 norm over the channels; zeros lie around the map.
 *
 * @param map [batch, channels, side, side]
 * @returns the same shape, ≥ 0
 */
export function l2Pool(draft: Draft, map: Value, { channels, side }: MapShape): Value {
  const { graph } = draft;
  const turned = graph.node('Transpose', [map], { attributes: { perm: { ints: [0, 2, 3, 1] } } });
  // As `meanOfTokens`: what is added up lies side by side, and a reshape keeps it so.
  const vectors = graph.node('Reshape', [turned, graph.ints('vectors', [-1, channels])]);
  const norm = graph.node('Reshape', [lengthOf(draft, vectors), graph.ints('norms', [-1, 1, side, side])]);
  const unit = graph.node('Div', [map, graph.node('Clip', [norm, graph.scalar('smallest', epsilon)])]);
  // One kernel serves all channels, so each channel of each image is a picture of its own.
  const energy = graph.node('Reshape', [
    graph.node('Mul', [unit, unit]),
    graph.ints('pictures', [-1, 1, side, side]),
  ]);
  const hanning = graph.constant('hanning', hanningWindow(), [1, 1, 3, 3]);
  const blurred = graph.node('Conv', [energy, hanning], { attributes: { pads: { ints: [1, 1, 1, 1] } } });
  const pooled = graph.node('Sqrt', [graph.node('Add', [blurred, graph.scalar('smallest', epsilon)])]);
  return graph.node('Reshape', [pooled, graph.ints('maps', [-1, channels, side, side])]);
}

/** The outer product of [1, 2, 1] with itself, of sum 1. */
function hanningWindow(): Float32Array {
  const taps = [1, 2, 1];
  return Float32Array.from(taps.flatMap((down) => taps.map((right) => (down * right) / 16)));
}

/** Means of `factor` × `factor` cells; the map itself where the factor is 1. */
export function averagePool({ graph }: Draft, map: Value, factor: number): Value {
  if (factor === 1) return map;
  const cells = { ints: [factor, factor] };
  return graph.node('AveragePool', [map], { attributes: { kernel_shape: cells, strides: cells } });
}
