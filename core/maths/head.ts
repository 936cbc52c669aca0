/** A head: standardised inputs through one small network or several, added up to one value an image. */
import type { HeadKind } from '../../contract/heads.ts';
import { type Activation, DenseMemory, type Matrix, type Packed, packedLength } from './dense.ts';

/** One fully connected layer; `weights` holds inputs × outputs numbers, the outputs of one input side by side. */
export interface Layer {
  inputs: number;
  outputs: number;
  activation: Activation;
  weights: Float32Array;
  bias: Float32Array;
}

/** How inputs are standardised before the first layer. */
export interface Frame {
  mean: Float32Array;
  /** 1 / SD; 0 for an input that says nothing. */
  inverse: Float32Array;
  /** Standardised inputs are cut to ± this. */
  clip: number;
}

/** One network of the sum; its last layer has one output. */
export interface Member {
  weight: number;
  layers: Layer[];
  /** Its own standardisation, where it comes from another head of an ensemble; the head's where absent. */
  frame?: Frame;
}

/**
 * value = offset + Σ weight · member(clip((x − mean) · inverse)). The mean of n networks has the weights 1 / n; ridge regression is
 * a member of one linear layer; a correction of a parent is the parent's members and one more.
 */
export interface Head extends Frame {
  kind: HeadKind;
  /** Numbers read an image. */
  length: number;
  offset: number;
  members: Member[];
}

/**
 * The mean of several heads as one head; their networks keep the standardisation they were trained with.
 *
 * @param heads that read the same inputs; one at least
 */
export function averageHeads(heads: readonly Head[]): Head {
  const [first] = heads;
  const share = 1 / heads.length;
  return {
    ...first!,
    kind: heads.every(({ kind }) => kind === 'ridge') ? 'ridge' : 'network',
    offset: heads.reduce((sum, { offset }) => sum + offset, 0) * share,
    members: heads.flatMap((head) =>
      head.members.map((member) => ({
        ...member,
        weight: member.weight * share,
        frame: member.frame ?? frameOf(head),
      })),
    ),
  };
}

function frameOf({ mean, inverse, clip }: Head): Frame {
  return { mean, inverse, clip };
}

/** Rows that go through all layers together: their inputs stay in the processor's cache. */
const blockRows = 64;

interface Machine {
  memory: DenseMemory;
  frames: { mean: Matrix; inverse: Matrix; clip: number; input: Matrix }[];
  /** `frame` is the place of the member's in `frames`. */
  members: { weight: number; steps: Step[]; frame: number }[];
}

interface Step {
  weights: Packed;
  bias: Matrix;
  output: Matrix;
  activation: Activation;
}

const machines = new WeakMap<Head, Machine>();

/**
 * The head's value for every row, in the unit of its target's scale. The bits of a row do not depend on the rows beside it, nor on
 * the machine.
 *
 * @param inputs rows × head.length numbers
 * @throws RangeError when `inputs` has another length
 */
export function predictHead(head: Head, inputs: Float32Array, rows: number): Float32Array<ArrayBuffer> {
  if (inputs.length !== rows * head.length) {
    throw new RangeError(
      `A head of ${head.length} inputs was given ${inputs.length} numbers for ${rows} rows.`,
    );
  }
  const machine = machines.get(head) ?? buildMachine(head);
  machines.set(head, machine);
  const values = new Float32Array(rows);
  const sums = new Float64Array(blockRows);
  for (let from = 0; from < rows; from += blockRows) {
    const count = Math.min(blockRows, rows - from);
    for (const { input } of machine.frames) {
      input.values.set(inputs.subarray(from * head.length, (from + count) * head.length));
    }
    sums.fill(head.offset);
    predictBlock(machine, count, (weight, values) => {
      for (let row = 0; row < count; row++) sums[row]! += weight * values[row]!;
    });
    for (let row = 0; row < count; row++) values[from + row] = sums[row]!;
  }
  return values;
}

/**
 * How far the networks that are averaged differ: the SD of the value, by row. Members of equal weight are one average; several averages
 * (a parent's networks and those of a correction) add their variances. Null where no average has two networks.
 */
export function measureSpread(head: Head, inputs: Float32Array, rows: number): Float64Array | null {
  const averages = Map.groupBy(head.members.keys(), (at) => head.members[at]!.weight);
  const several = [...averages.values()].filter((places) => places.length > 1);
  if (several.length === 0) return null;
  const variances = new Float64Array(rows);
  for (const places of several) {
    const values = places.map((at) => {
      const alone: Head = { ...head, offset: 0, members: [head.members[at]!] };
      return predictHead(alone, inputs, rows);
    });
    for (let row = 0; row < rows; row++) {
      const total = values.reduce((sum, one) => sum + one[row]!, 0);
      const squares = values.reduce((sum, one) => sum + (one[row]! - total / values.length) ** 2, 0);
      // The average is a sum of n equal parts: its networks differ n times as much as the parts do.
      variances[row]! += (squares / (values.length - 1)) * values.length ** 2;
    }
  }
  return Float64Array.from(variances, Math.sqrt);
}

/** Gives `add` every member's values of the first `count` rows. */
function predictBlock(
  { memory, frames, members }: Machine,
  count: number,
  add: (weight: number, values: Float32Array) => void,
): void {
  const standard = frames.map(({ mean, inverse, clip, input }) => {
    const rows = takeRows(input, count);
    memory.standardise(rows, mean, inverse, clip);
    return rows;
  });
  for (const { weight, steps, frame } of members) {
    let below = standard[frame]!;
    for (const { weights, bias, output, activation } of steps) {
      const above = takeRows(output, count);
      memory.multiply(below, weights, bias, above);
      memory.activate(activation, above);
      below = above;
    }
    add(weight, below.values);
  }
}

function takeRows(matrix: Matrix, rows: number): Matrix {
  return rows === matrix.rows ? matrix : { ...matrix, rows };
}

function buildMachine(head: Head): Machine {
  const layers = head.members.flatMap((member) => member.layers);
  const widest = Math.max(...layers.map(({ outputs }) => outputs));
  const largest = Math.max(...layers.map(({ weights }) => weights.length));
  const room = layers.reduce(
    (sum, layer) => sum + packedLength(layer.inputs, layer.outputs) + layer.outputs + 32,
    0,
  );
  const frames: Frame[] = [...new Set([head, ...head.members.map(({ frame }) => frame ?? head)])];
  const memory = new DenseMemory(
    room + largest + frames.length * (head.length * (blockRows + 2) + 48) + 2 * blockRows * widest + 128,
  );
  // Layers write to two buffers in turn: what one reads, the next may overwrite.
  const buffers = [memory.matrix(blockRows, widest), memory.matrix(blockRows, widest)];
  const staging = memory.matrix(1, largest);
  return {
    memory,
    frames: frames.map(({ mean, inverse, clip }) => ({
      mean: fill(memory.matrix(1, head.length), mean),
      inverse: fill(memory.matrix(1, head.length), inverse),
      clip,
      input: memory.matrix(blockRows, head.length),
    })),
    members: head.members.map((member) => ({
      weight: member.weight,
      frame: frames.indexOf(member.frame ?? head),
      steps: member.layers.map((layer, depth) => buildStep(memory, layer, staging, buffers[depth % 2]!)),
    })),
  };
}

function buildStep(memory: DenseMemory, layer: Layer, staging: Matrix, buffer: Matrix): Step {
  const { inputs, outputs, activation } = layer;
  staging.values.set(layer.weights);
  const weights = memory.packed(inputs, outputs);
  memory.pack({ ...staging, rows: inputs, columns: outputs, rowStep: outputs, columnStep: 1 }, weights);
  const bias = fill(memory.matrix(1, outputs), layer.bias);
  return { weights, bias, activation, output: { ...buffer, columns: outputs, rowStep: outputs } };
}

function fill(matrix: Matrix, values: Float32Array): Matrix {
  matrix.values.set(values);
  return matrix;
}
