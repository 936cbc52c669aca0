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

/** One network of the sum; its last layer has one output. */
export interface Member {
  weight: number;
  layers: Layer[];
}

/**
 * value = offset + Σ weight · member(clip((x − mean) · inverse)). The mean of n networks has the weights 1 / n; ridge regression is
 * a member of one linear layer; a correction of a parent is the parent's members and one more.
 */
export interface Head {
  kind: HeadKind;
  /** Numbers read an image. */
  length: number;
  mean: Float32Array;
  /** 1 / SD; 0 for an input that says nothing. */
  inverse: Float32Array;
  /** Standardised inputs are cut to ± this. */
  clip: number;
  offset: number;
  members: Member[];
}

/** Rows that go through all layers together: their inputs stay in the processor's cache. */
const blockRows = 64;

interface Machine {
  memory: DenseMemory;
  mean: Matrix;
  inverse: Matrix;
  input: Matrix;
  members: { weight: number; steps: Step[] }[];
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
    machine.input.values.set(inputs.subarray(from * head.length, (from + count) * head.length));
    sums.fill(head.offset);
    predictBlock(machine, { clip: head.clip, count }, sums);
    for (let row = 0; row < count; row++) values[from + row] = sums[row]!;
  }
  return values;
}

/** Adds every member's weighted value of the first `count` rows to `sums`. */
function predictBlock(
  { memory, mean, inverse, input, members }: Machine,
  { clip, count }: { clip: number; count: number },
  sums: Float64Array,
): void {
  const rows = takeRows(input, count);
  memory.standardise(rows, mean, inverse, clip);
  for (const { weight, steps } of members) {
    let below = rows;
    for (const { weights, bias, output, activation } of steps) {
      const above = takeRows(output, count);
      memory.multiply(below, weights, bias, above);
      memory.activate(activation, above);
      below = above;
    }
    for (let row = 0; row < count; row++) sums[row]! += weight * below.values[row]!;
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
  const memory = new DenseMemory(
    room + largest + head.length * (blockRows + 2) + 2 * blockRows * widest + 128,
  );
  const input = memory.matrix(blockRows, head.length);
  // Layers write to two buffers in turn: what one reads, the next may overwrite.
  const buffers = [memory.matrix(blockRows, widest), memory.matrix(blockRows, widest)];
  const staging = memory.matrix(1, largest);
  return {
    memory,
    input,
    mean: fill(memory.matrix(1, head.length), head.mean),
    inverse: fill(memory.matrix(1, head.length), head.inverse),
    members: head.members.map((member) => ({
      weight: member.weight,
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
