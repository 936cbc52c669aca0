/** What CLIP's two towers have in common: a stack of residual attention blocks, and an embedding made of one position of its output. */
import type { ClipTower } from './clip-config.ts';
import type { Value } from './graph-builder.ts';
import { activate, attend, type Draft, layerNorm, lengthOf, linear } from './layers.ts';

/** How a tower's batch × positions rows are to be read. */
export interface Rows {
  /** A shape value [batch, positions, channels]. */
  shape: Value;
  /** A bias on the logits of every layer but the last, e.g. the causal one. */
  bias?: Value;
  /** The same for the last layer, whose only queries are the pooled ones: [batch, 1, pooledCopies, positions]. */
  pooledBias?: Value;
  /** From [batch × positions, channels] the pooled row of each, `pooledCopies` times: [batch × pooledCopies, channels]. */
  pool: (x: Value) => Value;
}

/**
 * The pooled row is computed twice: the runtime multiplies a single row by a routine of its own, which rounds differently, so that an
 * image alone would get another embedding than the same image in a batch.
 */
export const pooledCopies = 2;

/**
 * x + attention(norm x), then x + mlp(norm x), in each layer (CLIP §2.4; the pre-norm transformer). Nothing looks at the last layer's
 * output but at the pooled row, so that layer has no other query.
 *
 * @param x [batch × positions, channels]
 * @param name the tower, e.g. `vision_model`
 * @returns [batch × pooledCopies, channels]
 */
export function encode(draft: Draft, x: Value, name: string, stack: { tower: ClipTower; rows: Rows }): Value {
  const { tower, rows } = stack;
  let encoded = x;
  for (let at = 0; at < tower.layers; at += 1) {
    const layer = `encoder.layers.${at}`;
    const isLast = at === tower.layers - 1;
    encoded = draft.graph.scope(`layer-${at + 1}`, () =>
      block(draft, encoded, `${name}.${layer}`, { tower, rows, isLast }),
    );
    draft.tap?.(layer, encoded);
  }
  return encoded;
}

interface Block {
  tower: ClipTower;
  rows: Rows;
  isLast: boolean;
}

function block(draft: Draft, x: Value, name: string, shape: Block): Value {
  const { graph } = draft;
  const { hidden, intermediate, activation, epsilon } = shape.tower;
  const attended = graph.scope('attention', () => addAttention(draft, x, name, shape));
  return graph.scope('mlp', () => {
    const normed = layerNorm(draft, attended, `${name}.layer_norm2`, { channels: hidden, epsilon });
    const wide = linear(draft, normed, `${name}.mlp.fc1`, { in: hidden, out: intermediate });
    const active = activate(draft, wide, activation);
    const narrow = linear(draft, active, `${name}.mlp.fc2`, { in: intermediate, out: hidden });
    return graph.node('Add', [attended, narrow]);
  });
}

function addAttention(draft: Draft, x: Value, name: string, { tower, rows, isLast }: Block): Value {
  const { graph } = draft;
  const { hidden, heads, epsilon } = tower;
  const pool = isLast ? rows.pool : (value: Value) => value;
  const project = (value: Value, part: string) =>
    linear(draft, value, `${name}.self_attn.${part}`, { in: hidden, out: hidden });
  const normed = layerNorm(draft, x, `${name}.layer_norm1`, { channels: hidden, epsilon });
  const [q, k, v] = [project(pool(normed), 'q_proj'), project(normed, 'k_proj'), project(normed, 'v_proj')];
  const bias = isLast ? rows.pooledBias : rows.bias;
  const mixed = attend(draft, q, k, v, {
    heads,
    channels: hidden,
    queryShape: isLast ? graph.ints('pooled', [-1, pooledCopies, hidden]) : rows.shape,
    keyShape: rows.shape,
    scale: 1 / Math.sqrt(hidden / heads),
    ...(bias && { bias }),
  });
  return graph.node('Add', [pool(x), project(mixed, 'out_proj')]);
}

/**
 * The pooled rows projected into the space that images and texts share, and divided by their length: the graph's output `embedding`.
 *
 * @param pooled [batch × pooledCopies, channels], after the tower's last norm
 * @param name the projection, whose weight is [projection, channels]
 */
export function addEmbedding(
  draft: Draft,
  pooled: Value,
  name: string,
  { channels, projection }: { channels: number; projection: number },
): void {
  const { graph } = draft;
  const shape = { in: channels, out: projection, hasBias: false, kind: 'exact' } as const;
  const projected = linear(draft, pooled, name, shape);
  draft.tap?.(name, projected);
  const length = lengthOf(draft, projected);
  const unit = graph.node('Div', [projected, length], { name: 'unit' });
  const copies = graph.node('Reshape', [unit, graph.ints('copies', [-1, pooledCopies, projection])]);
  const first = graph.constant('first', BigInt64Array.of(0n), []);
  const once = graph.node('Gather', [copies, first], { name: 'once', attributes: { axis: { int: 1 } } });
  graph.output(once, 'embedding', 'float32', ['batch', projection]);
}
