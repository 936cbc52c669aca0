/** SwinV2's window attention: cosine similarity, a learned scale, the continuous position bias (Swin Transformer V2, section 3.2–3.3). */
import type { Value } from './graph-builder.ts';
import { computeWide, type Draft, lengthOf, linear } from './layers.ts';
import { type CosineAttention, pairBias } from './position-bias.ts';
import type { Windows } from './token-order.ts';

/** Vectors shorter than this are not stretched to length 1 (`torch.nn.functional.normalize`). */
const smallestNorm = 1e-12;

export interface WindowAttentionShape extends Windows {
  channels: number;
  side: number;
}

/**
 * softmax(scale · cos(q, k) + bias) v in each window and head, then the projection. A scale of up to 100 makes much of small
 * differences, so nothing of it is int8.
 *
 * @param x tokens in window order, [batch × side², channels]
 * @param name the attention block, e.g. `layers.0.blocks.0.attn`
 * @returns the same shape
 */
export function windowAttention(
  draft: Draft,
  x: Value,
  name: string,
  { learned, ...shape }: WindowAttentionShape & { learned: CosineAttention },
): Value {
  const { graph } = draft;
  const { channels, window } = shape;
  const heads = learned.scales.length;
  const tokens = window * window;
  const [q, k, v] = projectQueriesKeysValues(draft, x, name, channels).map((rows) =>
    graph.node('Reshape', [rows, graph.ints('heads', [-1, tokens, heads, channels / heads])]),
  );
  const values = splitHeads(draft, v!);
  const bias = pairBias(graph, learned, shape);
  const logits = cosineLogits(draft, [q!, k!, bias], { ...shape, scales: learned.scales });
  const shares = graph.node('Softmax', [logits], { attributes: { axis: { int: -1 } } });
  const attention = graph.node('Reshape', [shares, graph.ints('together', [-1, heads, tokens, tokens])]);
  const mixed = graph.node('MatMul', [attention, values], { name: 'mixed' });
  const joined = graph.node('Transpose', [mixed], { attributes: { perm: { ints: [0, 2, 1, 3] } } });
  const rows = graph.node('Reshape', [joined, graph.ints('flat', [-1, channels])]);
  return linear(draft, rows, `${name}.proj`, { in: channels, out: channels, kind: 'delicate' });
}

/** One matrix holds all three; q and v have a bias, k has none. */
function projectQueriesKeysValues(draft: Draft, x: Value, name: string, channels: number): Value[] {
  const { weights } = draft;
  return ['q', 'k', 'v'].map((part, at) => {
    weights.define(`${name}.${part}.weight`, {
      of: `${name}.qkv.weight`,
      shape: [3 * channels, channels],
      from: at * channels,
      to: (at + 1) * channels,
    });
    const hasBias = part !== 'k';
    if (hasBias) weights.define(`${name}.${part}.bias`, { of: `${name}.${part}_bias`, shape: [channels] });
    return linear(draft, x, `${name}.${part}`, { in: channels, out: channels, hasBias, kind: 'delicate' });
  });
}

/**
 * scale · cos(q, k) + bias: [batch, windows, heads, tokens, tokens]. Each image's windows have an axis of their own, because the bias of a
 * shifted block differs from window to window.
 *
 * @param q and @param k [batch × windows, tokens, heads, channels of one]
 */
function cosineLogits(
  draft: Draft,
  [q, k, bias]: [q: Value, k: Value, bias: Value],
  { side, window, scales }: WindowAttentionShape & Pick<CosineAttention, 'scales'>,
): Value {
  const { graph } = draft;
  const [heads, tokens] = [scales.length, window * window];
  const perImage = graph.ints('per-image', [-1, (side * side) / tokens, heads, tokens, tokens]);
  return computeWide(draft, (widen) => {
    const smallest = widen(graph.scalar('smallest', smallestNorm));
    /** length · x / |x| over the last axis. */
    function stretch(x: Value, length: Value): Value {
      const norm = graph.node('Clip', [lengthOf(draft, x), smallest]);
      return graph.node('Mul', [x, graph.node('Div', [length, norm])]);
    }
    const queries = stretch(widen(q), widen(graph.constant('scales', scales, [heads, 1])));
    const keys = stretch(widen(k), widen(graph.scalar('one', 1)));
    // [windows, heads, channels, tokens]: the product needs no operator that turns a factor, which not every provider has.
    const turned = graph.node('Transpose', [keys], { attributes: { perm: { ints: [0, 2, 3, 1] } } });
    const products = graph.node('MatMul', [splitHeads(draft, queries), turned], { name: 'cosines' });
    const cosines = graph.node('Reshape', [products, perImage]);
    return graph.node('Add', [cosines, widen(bias)], { name: 'logits' });
  });
}

/** [windows, tokens, heads, channels] → [windows, heads, tokens, channels]. */
function splitHeads({ graph }: Draft, x: Value): Value {
  return graph.node('Transpose', [x], { attributes: { perm: { ints: [0, 2, 1, 3] } } });
}
