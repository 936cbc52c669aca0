/** The layers that all architectures are made of. Activations are rows × channels: batch and positions are one axis. */
import type { Lowering, Precision } from '../../contract/pack.ts';
import { type ElementType, elementTypes, type GraphBuilder, type Value } from './graph-builder.ts';
import { lowerings } from './lowering.ts';
import type { WeightPlan } from './weight-plan.ts';

/** What an architecture is written with. */
export interface Draft {
  graph: GraphBuilder;
  weights: WeightPlan;
  /** How the large matrix products are computed; everything else is float32 in each. */
  precision: Precision;
  /** The operators that the graph's providers have. */
  lowering: Lowering;
  /** Shown values inside the architecture, by the names of the official modules: for tests and debugging. */
  tap?: Tap;
}

/** Is shown the values inside an architecture as they are made, so that a test can compare every stage. */
export type Tap = (name: string, value: Value) => void;

const microsoft = 'com.microsoft';
/** What all layer norms of SwinV2 and the quality head use, and CLIP's unless its configuration says otherwise. */
export const usualEpsilon = 1e-5;

export interface LinearShape {
  in: number;
  out: number;
  /** Absent: the layer has a bias called `<name>.bias`. */
  hasBias?: boolean;
  /**
   * `exact`: float32 in every precision (heads, projections and logits). `delicate`: float32 instead of int8, where its rounding
   * would grow in what follows.
   */
  kind?: 'large' | 'delicate' | 'exact';
}

/**
 * y = x Wᵀ + b with PyTorch's [out, in] weights, which stay where they are (Gemm reads them transposed).
 *
 * int8: per-output symmetric weights (of seven bits: `write-converted.ts`) and inputs quantised as they come, so only at batch 1 does no row depend on its batch-mates.
 *
 * @param x [rows, in]
 * @returns [rows, out]
 */
export function linear(
  { graph, weights, precision }: Draft,
  x: Value,
  name: string,
  shape: LinearShape,
): Value {
  const { in: inputs, out: outputs, hasBias = true, kind = 'large' } = shape;
  const matrix = [outputs, inputs] as const;
  const weightName = `${name}.weight`;
  const label = { name: name.slice(name.lastIndexOf('.') + 1) };
  const bias = hasBias ? graph.weight(`${name}.bias`, weights.locate(`${name}.bias`, [outputs])) : null;
  if (kind === 'exact' || precision === 'float32' || (kind === 'delicate' && precision === 'int8')) {
    const weight = graph.weight(weightName, weights.locate(weightName, matrix));
    return graph.node('Gemm', bias === null ? [x, weight] : [x, weight, bias], {
      ...label,
      attributes: { transB: { int: 1 } },
    });
  }
  if (precision === 'float16') {
    const weight = graph.weight(weightName, weights.convert(weightName, matrix, 'float16'));
    const half = graph.node('Gemm', [castTo(graph, x, 'float16'), weight], {
      ...label,
      attributes: { transB: { int: 1 } },
    });
    const product = castTo(graph, half, 'float32');
    return bias === null ? product : graph.node('Add', [product, bias]);
  }
  const weight = graph.weight(weightName, weights.convert(weightName, matrix, 'int8'));
  const scales = graph.weight(`${weightName}.scales`, weights.convert(weightName, matrix, 'int8Scales'));
  return graph.node('DynamicQuantizeMatMul', [x, weight, scales, null, bias], {
    ...label,
    domain: microsoft,
  });
}

function castTo(graph: GraphBuilder, x: Value, type: ElementType): Value {
  return graph.node('Cast', [x], { attributes: { to: { int: elementTypes[type] } } });
}

/**
 * `build` in float64, where a graph of float32 is for providers that have it: for what makes much of small differences, such as cosines that
 * are multiplied by up to 100 (docs/decisions/0011-noise-of-float32.md). It takes every input through `widen`; its value is rounded once.
 */
export function computeWide(
  { graph, precision, lowering }: Draft,
  build: (widen: (x: Value) => Value) => Value,
): Value {
  if (precision !== 'float32' || !lowerings[lowering].hasFloat64) return build((x) => x);
  const value = build((x) => castTo(graph, x, 'float64'));
  return castTo(graph, value, 'float32');
}

/** The L2 norm along the last axis, which stays with the size 1. */
export function lengthOf({ graph, lowering }: Draft, x: Value): Value {
  const axes = graph.ints('last', [-1]);
  if (lowerings[lowering].isFused) return graph.node('ReduceL2', [x, axes], { name: 'length' });
  return graph.node('Sqrt', [graph.node('ReduceSum', [graph.node('Mul', [x, x]), axes])], { name: 'length' });
}

export interface NormShape {
  channels: number;
  /** Where small differences count: see `computeWide`. */
  isDelicate?: boolean;
  /** Added to the variance; 1e-5 where it is not given. */
  epsilon?: number | undefined;
}

/** Layer norm over the channels, in float32 at least. @param x [rows, channels] */
export function layerNorm(draft: Draft, x: Value, name: string, shape: NormShape): Value {
  const { graph, weights } = draft;
  const { channels, epsilon = usualEpsilon, isDelicate = false } = shape;
  const [scale, shift] = ['weight', 'bias'].map((part) =>
    graph.weight(`${name}.${part}`, weights.locate(`${name}.${part}`, [channels])),
  );
  function norm(widen: (x: Value) => Value): Value {
    return graph.node('LayerNormalization', [x, scale!, shift!].map(widen), {
      name: name.slice(name.lastIndexOf('.') + 1),
      attributes: { axis: { int: -1 }, epsilon: { float: epsilon } },
    });
  }
  return isDelicate ? computeWide(draft, norm) : norm((input) => input);
}

/** `gelu`: x Φ(x) by the error function; `quick_gelu`: x σ(1.702 x), which OpenAI's CLIP was trained with. */
export type Activation = 'gelu' | 'quick_gelu';

export function activate({ graph, lowering }: Draft, x: Value, activation: Activation): Value {
  const { isFused } = lowerings[lowering];
  if (activation === 'quick_gelu') {
    const slope = 1.702;
    if (isFused) {
      return graph.node('QuickGelu', [x], { domain: microsoft, attributes: { alpha: { float: slope } } });
    }
    const gate = graph.node('Sigmoid', [graph.node('Mul', [x, graph.scalar('slope', slope)])]);
    return graph.node('Mul', [x, gate]);
  }
  if (isFused) return graph.node('Gelu', [x], { attributes: { approximate: { string: 'none' } } });
  const erf = graph.node('Erf', [graph.node('Mul', [x, graph.scalar('1/√2', Math.SQRT1_2)])]);
  const gate = graph.node('Add', [erf, graph.scalar('one', 1)]);
  return graph.node('Mul', [graph.node('Mul', [x, graph.scalar('half', 0.5)]), gate]);
}

export interface AttentionShape {
  heads: number;
  /** Channels of q, k and v together with all heads. */
  channels: number;
  /** A shape value [batch, positions, channels] for q's rows, and for those of k and v. */
  queryShape: Value;
  keyShape: Value;
  /** What q·k is multiplied with; 1/√(channels per head) in the transformer's first form. */
  scale: number;
  /** Added to the logits: [batch or 1, heads or 1, queries, keys]. */
  bias?: Value;
}

/**
 * softmax(scale · q kᵀ + bias) v for each head.
 *
 * @param q [batch × queries, channels]; @param k and @param v [batch × keys, channels]
 * @returns [batch × queries, channels]
 */
export function attend(draft: Draft, q: Value, k: Value, v: Value, shape: AttentionShape): Value {
  const { graph } = draft;
  const flat = graph.ints('flat', [-1, shape.channels]);
  const [query, key, value] = [
    graph.node('Reshape', [q, shape.queryShape], { name: 'q3' }),
    graph.node('Reshape', [k, shape.keyShape], { name: 'k3' }),
    graph.node('Reshape', [v, shape.keyShape], { name: 'v3' }),
  ];
  const joined = lowerings[draft.lowering].isFused
    ? graph.node('MultiHeadAttention', [query!, key!, value!, null, null, shape.bias ?? null], {
        domain: microsoft,
        attributes: {
          num_heads: { int: shape.heads },
          scale: { float: shape.scale },
        },
      })
    : attendPlainly(draft, [query!, key!, value!], shape);
  return graph.node('Reshape', [joined, flat]);
}

function attendPlainly({ graph }: Draft, inputs: readonly Value[], shape: AttentionShape): Value {
  const { heads, channels, scale } = shape;
  const split = graph.ints('split', [0, 0, heads, channels / heads]);
  const [q, k, v] = inputs.map((input, at) => {
    const parts = graph.node('Reshape', [input, split]);
    return graph.node('Transpose', [parts], {
      attributes: { perm: { ints: at === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3] } },
    });
  });
  let logits = graph.node('MatMul', [graph.node('Mul', [q!, graph.scalar('scale', scale)]), k!], {
    name: 'logits',
  });
  if (shape.bias !== undefined) logits = graph.node('Add', [logits, shape.bias]);
  const weights = graph.node('Softmax', [logits], { attributes: { axis: { int: -1 } } });
  const mixed = graph.node('MatMul', [weights, v!], { name: 'mixed' });
  const back = graph.node('Transpose', [mixed], { attributes: { perm: { ints: [0, 2, 1, 3] } } });
  return graph.node('Reshape', [back, graph.ints('joined', [0, 0, channels])]);
}

/** Added to a logit, it leaves that position out: its weight becomes 0 exactly. */
export const hiddenLogit = -1e9;

/**
 * A bias by which position i sees only positions ≤ i.
 *
 * @param length the number of positions, int64 [1]
 * @returns [1, 1, positions, positions]
 */
export function causalBias(graph: GraphBuilder, length: Value): Value {
  const one = graph.ints('one', [1]);
  const square = graph.node('Concat', [one, one, length, length], { attributes: { axis: { int: 0 } } });
  const full = graph.node('Expand', [graph.scalar('never', hiddenLogit), square]);
  return graph.node('Trilu', [full, graph.constant('above', BigInt64Array.of(1n), [])], {
    attributes: { upper: { int: 1 } },
  });
}
