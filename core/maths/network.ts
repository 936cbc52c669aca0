/** A fully connected network in the kernel's memory: forwards, backwards, and its layers taken out. */
import { type Activation, DenseMemory, type Matrix, type Packed, packedLength, transpose } from './dense.ts';
import { dropOut } from './dropout.ts';
import type { Layer } from './head.ts';
import type { Random } from './random.ts';

/** Widths from the inputs to the outputs; `activation` follows every layer but the last. */
export interface NetworkShape {
  widths: number[];
  activation: Activation;
  /** Rows of every batch. */
  batch: number;
  /** Share of a layer's inputs that are zero in a training step; the rest are scaled up. */
  dropout: number;
}

interface TrainedLayer {
  input: Matrix;
  /** What dropout multiplied each input by. */
  factors: Float32Array;
  weights: Matrix;
  weightsGradient: Matrix;
  bias: Matrix;
  biasGradient: Matrix;
  forward: Packed;
  backward: Packed;
  output: Matrix;
  outputGradient: Matrix;
  gradientPacked: Packed;
}

/** Weights start uniform within ± 1 / √inputs. */
export class Network {
  readonly #memory: DenseMemory;
  readonly #shape: NetworkShape;
  readonly #layers: TrainedLayer[];
  readonly #random: Random;

  constructor(shape: NetworkShape, random: Random) {
    this.#shape = shape;
    this.#random = random;
    const pairs = shape.widths.slice(1).map((outputs, depth) => [shape.widths[depth]!, outputs] as const);
    const room = pairs.reduce((sum, pair) => sum + layerRoom(...pair, shape.batch), 0);
    this.#memory = new DenseMemory(room);
    this.#layers = pairs.map(([inputs, outputs]) => this.#allocate(inputs, outputs));
  }

  #allocate(inputs: number, outputs: number): TrainedLayer {
    const memory = this.#memory;
    const { batch } = this.#shape;
    const weights = memory.matrix(inputs, outputs);
    const bias = memory.matrix(1, outputs);
    const bound = 1 / Math.sqrt(inputs);
    for (const block of [weights, bias]) {
      for (let i = 0; i < block.values.length; i++) block.values[i] = bound * (2 * this.#random.next() - 1);
    }
    return {
      input: memory.matrix(batch, inputs),
      factors: new Float32Array(batch * inputs),
      weights,
      weightsGradient: memory.matrix(inputs, outputs),
      bias,
      biasGradient: memory.matrix(1, outputs),
      forward: memory.packed(inputs, outputs),
      backward: memory.packed(outputs, inputs),
      output: memory.matrix(batch, outputs),
      outputGradient: memory.matrix(batch, outputs),
      gradientPacked: memory.packed(batch, outputs),
    };
  }

  /** Where a batch's inputs are written, row by row, before `forward`. */
  get inputs(): Float32Array {
    return this.#layers[0]!.input.values;
  }

  get outputs(): Float32Array {
    return this.#layers.at(-1)!.output.values;
  }

  /** Where the loss writes its gradient before `backward`. */
  get outputGradient(): Float32Array {
    return this.#layers.at(-1)!.outputGradient.values;
  }

  /** Blocks of parameters with their gradients. */
  get parameters(): { values: Float32Array; gradient: Float32Array }[] {
    return this.#layers.flatMap(({ weights, weightsGradient, bias, biasGradient }) => [
      { values: weights.values, gradient: weightsGradient.values },
      { values: bias.values, gradient: biasGradient.values },
    ]);
  }

  /** One training pass with fresh dropout. */
  forward(): void {
    const { dropout } = this.#shape;
    for (const [depth, layer] of this.#layers.entries()) {
      if (dropout > 0) dropOut(layer.input.values, layer.factors, dropout, this.#random);
      this.#memory.pack(layer.weights, layer.forward);
      this.#memory.multiply(layer.input, layer.forward, layer.bias, layer.output);
      const above = this.#layers[depth + 1];
      if (above === undefined) return;
      above.input.values.set(layer.output.values);
      this.#memory.activate(this.#shape.activation, above.input);
    }
  }

  /** Gradients of all parameters from the gradient of the outputs. */
  backward(): void {
    for (let depth = this.#layers.length - 1; depth >= 0; depth--) {
      const layer = this.#layers[depth]!;
      this.#memory.pack(layer.outputGradient, layer.gradientPacked);
      this.#memory.multiply(transpose(layer.input), layer.gradientPacked, null, layer.weightsGradient);
      sumColumns(layer.outputGradient, layer.biasGradient.values);
      const below = this.#layers[depth - 1];
      if (below === undefined) return;
      this.#memory.pack(transpose(layer.weights), layer.backward);
      this.#memory.multiply(layer.outputGradient, layer.backward, null, below.outputGradient);
      if (this.#shape.dropout > 0) multiplyBy(below.outputGradient.values, layer.factors);
      this.#memory.activateBackward(this.#shape.activation, below.output, below.outputGradient);
    }
  }

  /** Copies of the layers; of the last one only the output `column`, so that each target gets a network of its own. */
  layersOf(column: number): Layer[] {
    return this.#layers.map(({ weights, bias }, depth) => {
      const { rows: inputs, columns } = weights;
      if (depth < this.#layers.length - 1) {
        const { activation } = this.#shape;
        return {
          inputs,
          outputs: columns,
          activation,
          weights: weights.values.slice(),
          bias: bias.values.slice(),
        };
      }
      return {
        inputs,
        outputs: 1,
        activation: 'none',
        weights: Float32Array.from({ length: inputs }, (_, row) => weights.values[row * columns + column]!),
        bias: bias.values.slice(column, column + 1),
      };
    });
  }
}

function layerRoom(inputs: number, outputs: number, batch: number): number {
  const blocks = batch * inputs + 2 * (inputs + 1) * outputs + 2 * batch * outputs;
  const packed = packedLength(inputs, outputs) + packedLength(outputs, inputs) + packedLength(batch, outputs);
  return blocks + packed + 16 * 11;
}

function multiplyBy(values: Float32Array, factors: Float32Array): void {
  for (let at = 0; at < values.length; at++) values[at]! *= factors[at]!;
}

function sumColumns({ values, rows, columns }: Matrix, sums: Float32Array): void {
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    for (let at = column; at < rows * columns; at += columns) sum += values[at]!;
    sums[column] = sum;
  }
}
