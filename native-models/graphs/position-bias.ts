/** What SwinV2's attention knows before it sees an image: the continuous position bias, the logit scales, the shift mask. */
import type { GraphBuilder, Value } from './graph-builder.ts';
import type { Windows } from './token-order.ts';
import type { WeightPlan } from './weight-plan.ts';

/** Hidden width of the small network that makes the bias. */
const biasWidth = 512;
/** The bias is 16 σ(…): no larger, however far the network extrapolates. */
const biasCeiling = 16;
/** The logit scale is learned as a logarithm and never exceeds this. */
const logitScaleCeiling = Math.log(100);
/** What pairs of tokens that were not neighbours before the roll get added to their logits. */
const maskValue = -100;

/** What the weights say about one attention block. */
export interface CosineAttention {
  /** [heads, (2 window − 1)²]: the bias for each offset between two tokens. */
  biasTable: Float32Array;
  /** [heads]: what the cosine is multiplied with. */
  scales: Float32Array;
}

export interface CosineAttentionShape {
  heads: number;
  window: number;
  /** The window that the coordinates are measured by: the pre-training's, where weights were tuned to another one. */
  coordinateWindow: number;
}

/**
 * One coordinate of each offset −(window − 1) … window − 1, log-spaced (Swin Transformer V2, equation 4): the offset of
 * a whole window is 8, and sign(v) log₂(|v| + 1) / log₂ 8.
 */
export function logSpacedOffsets(window: number, coordinateWindow: number): Float64Array {
  return Float64Array.from({ length: 2 * window - 1 }, (_, at) => {
    const offset = ((at - window + 1) / Math.max(coordinateWindow - 1, 1)) * 8;
    return (Math.sign(offset) * Math.log2(Math.abs(offset) + 1)) / 3;
  });
}

/** What was computed of a plan's tensors: several graphs are drawn of one plan. */
const computed = new WeakMap<WeightPlan, Map<string, Promise<CosineAttention>>>();

/** As `computeCosineAttention`, once for all graphs of a plan. */
export function readCosineAttention(
  weights: WeightPlan,
  name: string,
  shape: CosineAttentionShape,
): Promise<CosineAttention> {
  const ofPlan = computed.get(weights) ?? new Map<string, Promise<CosineAttention>>();
  computed.set(weights, ofPlan);
  const known = ofPlan.get(name) ?? computeCosineAttention(weights, name, shape);
  ofPlan.set(name, known);
  return known;
}

/**
 * The bias of every offset, by the network 2 → 512 ReLU → heads, and the clamped logit scales.
 *
 * @param name the attention block, e.g. `layers.0.blocks.0.attn`
 * @throws StudioError `checkpointInvalid` where a tensor is missing or has another shape
 */
async function computeCosineAttention(
  weights: WeightPlan,
  name: string,
  shape: CosineAttentionShape,
): Promise<CosineAttention> {
  const { heads, window, coordinateWindow } = shape;
  const hiddenWeight = await weights.read(`${name}.cpb_mlp.0.weight`, [biasWidth, 2]);
  const hiddenBias = await weights.read(`${name}.cpb_mlp.0.bias`, [biasWidth]);
  const headWeight = await weights.read(`${name}.cpb_mlp.2.weight`, [heads, biasWidth]);
  const logitScales = await weights.read(`${name}.logit_scale`, [heads, 1, 1]);
  const offsets = logSpacedOffsets(window, coordinateWindow);
  const biasTable = new Float32Array(heads * offsets.length ** 2);
  const hidden = new Float64Array(biasWidth);
  offsets.forEach((down, row) => {
    offsets.forEach((right, column) => {
      for (let unit = 0; unit < biasWidth; unit += 1) {
        const sum = hiddenWeight[2 * unit]! * down + hiddenWeight[2 * unit + 1]! * right + hiddenBias[unit]!;
        hidden[unit] = Math.max(sum, 0);
      }
      for (let head = 0; head < heads; head += 1) {
        let sum = 0;
        for (let unit = 0; unit < biasWidth; unit += 1) {
          sum += headWeight[head * biasWidth + unit]! * hidden[unit]!;
        }
        biasTable[(head * offsets.length + row) * offsets.length + column] =
          biasCeiling / (1 + Math.exp(-sum));
      }
    });
  });
  return { biasTable, scales: logitScales.map((scale) => Math.exp(Math.min(scale, logitScaleCeiling))) };
}

/**
 * A number for each token of a window: the offset of a query to a key lies in the table at the query's number minus the
 * key's, counted from the table's middle, 2 window (window − 1).
 */
export function tokenNumbers(window: number): Int32Array {
  return Int32Array.from(
    { length: window * window },
    (_, token) => Math.floor(token / window) * (2 * window - 1) + (token % window),
  );
}

/**
 * For each token in window order the region of the unrolled grid that it comes from: tokens of one window attend to each
 * other only within a region. Nine regions: the roll brings rows and columns of the far side in.
 */
export function shiftRegions(side: number, { window, shift }: Windows): Int32Array {
  function band(at: number): number {
    if (at < side - window) return 0;
    return at < side - shift ? 1 : 2;
  }
  const perSide = side / window;
  const tokens = window * window;
  return Int32Array.from({ length: side * side }, (_, at) => {
    const outside = Math.floor(at / tokens);
    const inside = at % tokens;
    const row = Math.floor(outside / perSide) * window + Math.floor(inside / window);
    const column = (outside % perSide) * window + (inside % window);
    return band(row) * 3 + band(column);
  });
}

/**
 * The bias of every pair: [heads, window², window²], or [windows, heads, window², window²] in a shifted block.
 * Made of small constants, which the runtime folds when it loads the graph: the file stays small.
 */
export function pairBias(
  graph: GraphBuilder,
  { biasTable, scales }: CosineAttention,
  { side, window, shift }: Windows & { side: number },
): Value {
  return graph.scope('position-bias', () => {
    const heads = scales.length;
    const tokens = window * window;
    const table = graph.constant('table', biasTable, [heads, biasTable.length / heads]);
    const numbers = tokenNumbers(window);
    const middle = 2 * window * (window - 1);
    const offsets = graph.node('Sub', [
      graph.constant(
        'queries',
        numbers.map((number) => number + middle),
        [tokens, 1],
      ),
      graph.constant('keys', numbers, [1, tokens]),
    ]);
    const bias = graph.node('Gather', [table, offsets], { attributes: { axis: { int: 1 } } });
    return shift === 0 ? bias : graph.node('Add', [bias, shiftMask(graph, side, { window, shift })]);
  });
}

/** [windows, 1, window², window²]: 0 within a region, −100 across. */
function shiftMask(graph: GraphBuilder, side: number, windows: Windows): Value {
  const tokens = windows.window ** 2;
  const count = (side * side) / tokens;
  const regions = shiftRegions(side, windows);
  const isSame = graph.node('Equal', [
    graph.constant('query-regions', regions, [count, 1, tokens, 1]),
    graph.constant('key-regions', regions, [count, 1, 1, tokens]),
  ]);
  const [none, mask] = [graph.scalar('none', 0), graph.scalar('mask', maskValue)];
  return graph.node('Where', [isSame, none, mask], { name: 'shift-mask' });
}
