/** The quality branch's transformer encoder: post-norm layers over the cells of a map, told apart by sine positions. */
import type { Value } from './graph-builder.ts';
import { attend, type Draft, layerNorm, linear } from './layers.ts';

export interface EncoderShape {
  channels: number;
  heads: number;
  /** Hidden width of the feed-forward part. */
  feedForward: number;
  layers: number;
  /** The map has `side` × `side` cells. */
  side: number;
}

/**
 * The sine position embedding, half of the channels for the row and half for the column (DETR's, which the official code takes over):
 * coordinate c = 1 … side is 2π c / (side + 10⁻⁶), divided by 10000^(2⌊i/2⌋ / half); sines at even i, cosines at odd i.
 *
 * @returns [side², channels]
 */
export function sinePositions(side: number, channels: number): Float32Array {
  const half = channels / 2;
  const positions = new Float32Array(side * side * channels);
  for (let cell = 0; cell < side * side; cell += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      const at = channel % half;
      const coordinate = 1 + (channel < half ? Math.floor(cell / side) : cell % side);
      const angle = (coordinate / (side + 1e-6)) * 2 * Math.PI;
      const phase = angle / 10000 ** ((2 * Math.floor(at / 2)) / half);
      positions[cell * channels + channel] = at % 2 === 0 ? Math.sin(phase) : Math.cos(phase);
    }
  }
  return positions;
}

/**
 * @param x [batch × side², channels]
 * @param name the encoder, e.g. `transformer.encoder`
 * @returns the same shape
 */
export function transformerEncoder(draft: Draft, x: Value, name: string, shape: EncoderShape): Value {
  const { graph } = draft;
  const { side, channels } = shape;
  const positions = graph.constant('positions', sinePositions(side, channels), [side * side, channels]);
  let tokens = x;
  for (let at = 0; at < shape.layers; at += 1) {
    const layer = `${name}.layers.${at}`;
    tokens = graph.scope(`layer-${at + 1}`, () =>
      encoderLayer(draft, tokens, positions, { layer, ...shape }),
    );
    draft.tap?.(layer, tokens);
  }
  return tokens;
}

/** Attention without a residual around it, as released; then the feed-forward part with one. */
function encoderLayer(
  draft: Draft,
  x: Value,
  positions: Value,
  shape: EncoderShape & { layer: string },
): Value {
  const { graph } = draft;
  const { layer, channels, heads, feedForward, side } = shape;
  const attention = `${layer}.self_attn`;
  defineProjections(draft, attention, channels);
  const square = { in: channels, out: channels };
  const maps = graph.ints('maps', [-1, side * side, channels]);
  const placed = graph.node('Reshape', [
    graph.node('Add', [graph.node('Reshape', [x, maps]), positions], { name: 'placed' }),
    graph.ints('flat', [-1, channels]),
  ]);
  // Which cells attend to which hangs on small differences.
  const q = linear(draft, placed, `${attention}.q`, { ...square, kind: 'delicate' });
  const k = linear(draft, placed, `${attention}.k`, { ...square, kind: 'delicate' });
  const v = linear(draft, x, `${attention}.v`, square);
  const scale = 1 / Math.sqrt(channels / heads);
  const mixed = attend(draft, q, k, v, { heads, channels, queryShape: maps, keyShape: maps, scale });
  const attended = layerNorm(draft, linear(draft, mixed, `${attention}.out_proj`, square), `${layer}.norm1`, {
    channels,
  });
  const wide = linear(draft, attended, `${layer}.linear1`, { in: channels, out: feedForward });
  const narrow = linear(draft, graph.node('Relu', [wide]), `${layer}.linear2`, {
    in: feedForward,
    out: channels,
  });
  return layerNorm(draft, graph.node('Add', [attended, narrow]), `${layer}.norm2`, { channels });
}

/** PyTorch keeps q's, k's and v's projections in one matrix and one bias. */
function defineProjections({ weights }: Draft, name: string, channels: number): void {
  for (const [at, part] of ['q', 'k', 'v'].entries()) {
    const rows = { from: at * channels, to: (at + 1) * channels };
    weights.define(`${name}.${part}.weight`, {
      of: `${name}.in_proj_weight`,
      shape: [3 * channels, channels],
      ...rows,
    });
    weights.define(`${name}.${part}.bias`, { of: `${name}.in_proj_bias`, shape: [3 * channels], ...rows });
  }
}
