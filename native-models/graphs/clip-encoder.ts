/** What CLIP's two towers have in common: a stack of residual attention blocks, and an embedding made of one position of its output. */
import type { ClipTower } from './clip-config.ts';
import type { Value } from './graph-builder.ts';
import { activate, attend, type Draft, layerNorm, linear, type Tap } from './layers.ts';

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
 * @returns [batch × pooledCopies, channels]
 */
export function encode(
  draft: Draft,
  x: Value,
  tower: ClipTower,
  names: { prefix: string; rows: Rows; tap?: Tap | undefined },
): Value {
  const { prefix, rows, tap } = names;
  let hidden = x;
  for (let layer = 0; layer < tower.layers; layer += 1) {
    const isLast = layer === tower.layers - 1;
    hidden = draft.graph.scope(`layer${layer}`, () =>
      addBlock(draft, hidden, tower, { name: `${prefix}.encoder.layers.${layer}`, rows, isLast }),
    );
    tap?.(`encoder.layers.${layer}`, hidden);
  }
  return hidden;
}

function addBlock(
  draft: Draft,
  x: Value,
  tower: ClipTower,
  { name, rows, isLast }: { name: string; rows: Rows; isLast: boolean },
): Value {
  const { graph } = draft;
  const { hidden, intermediate } = tower;
  const pool = isLast ? rows.pool : (value: Value) => value;
  const attended = graph.scope('attention', () => {
    const project = (value: Value, part: string) =>
      linear(draft, value, `${name}.self_attn.${part}`, { in: hidden, out: hidden });
    const normed = layerNorm(draft, x, `${name}.layer_norm1`, hidden);
    const [q, k, v] = [project(pool(normed), 'q_proj'), project(normed, 'k_proj'), project(normed, 'v_proj')];
    const bias = isLast ? rows.pooledBias : rows.bias;
    const mixed = attend(draft, q, k, v, {
      heads: tower.heads,
      channels: hidden,
      queryShape: isLast ? graph.ints('pooledShape', [-1, pooledCopies, hidden]) : rows.shape,
      keyShape: rows.shape,
      scale: (hidden / tower.heads) ** -0.5,
      ...(bias && { bias }),
    });
    return graph.node('Add', [pool(x), project(mixed, 'out_proj')]);
  });
  return graph.scope('mlp', () => {
    const normed = layerNorm(draft, attended, `${name}.layer_norm2`, hidden);
    const wide = linear(draft, normed, `${name}.mlp.fc1`, { in: hidden, out: intermediate });
    const narrow = linear(draft, activate(draft, wide, tower.activation), `${name}.mlp.fc2`, {
      in: intermediate,
      out: hidden,
    });
    return graph.node('Add', [attended, narrow]);
  });
}

/**
 * The pooled rows projected into the space that images and texts share, and divided by their length: the graph's output `embedding`.
 *
 * @param pooled [batch × pooledCopies, channels], after the tower's last norm
 */
export function embed(
  draft: Draft,
  pooled: Value,
  name: string,
  { channels, projection, tap }: { channels: number; projection: number; tap?: Tap | undefined },
): void {
  const { graph } = draft;
  const projected = linear(draft, pooled, name, {
    in: channels,
    out: projection,
    hasBias: false,
    kind: 'exact',
  });
  tap?.(name, projected);
  const length = graph.node('ReduceL2', [projected, graph.ints('lastAxis', [-1])], { name: 'length' });
  const copies = graph.node('Reshape', [
    graph.node('Div', [projected, length], { name: 'normalise' }),
    graph.ints('copies', [-1, pooledCopies, projection]),
  ]);
  const embedding = graph.node('Gather', [copies, graph.constant('first', BigInt64Array.of(0n), [])], {
    attributes: { axis: { int: 1 } },
  });
  graph.output(embedding, 'embedding', 'float32', ['batch', projection]);
}
