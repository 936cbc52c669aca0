/** Trains small fully connected networks (SF-IQA's score fusion, §3.4) with the losses of the released variants. */
import type { Layer } from './head.ts';
import { createRandom, hashSeeds, type Random, shuffle } from './random.ts';
import { measureSmallLoss, type SmallLoss } from './small-loss.ts';

/** Standardised inputs and what should come out, in units of about one. */
export interface SmallData {
  inputs: Float32Array;
  labels: Float64Array;
  width: number;
}

export interface SmallPlan {
  /** Widths between the inputs and the one output, ReLU after each. */
  hidden: readonly number[];
  loss: SmallLoss;
  epochs: number;
  batch: number;
  /** Highest rate; falls along a cosine to 0 over `epochs` (SF-IQA §4.2). */
  learningRate: number;
  /** As Adam's L2 penalty (§4.2: 0.0005); none where there is an anchor. */
  weightDecay: number;
  /** Where weights start and are pulled back to: adds pull · |w − w₀|² / rows to the loss. Random weights where null. */
  anchor: { layers: readonly Layer[]; pull: number } | null;
  /** Stops training after this epoch although the schedule is for `epochs`; all where null. */
  stopAfter: number | null;
}

/**
 * A trained network; the same data, plan and seed give the same bits.
 *
 * @param onEpoch told each epoch's number and, by a function, the network's outputs for other rows; `true` ends training
 */
export function trainSmall(
  data: SmallData,
  plan: SmallPlan,
  seed: number,
  onEpoch: (epoch: number, network: SmallNetwork) => boolean = () => false,
): SmallNetwork {
  const rows = data.labels.length;
  const batch = Math.min(plan.batch, rows);
  const network = new SmallNetwork([data.width, ...plan.hidden, 1], batch);
  network.start(plan.anchor?.layers ?? null, createRandom(hashSeeds(seed, 1)));
  // Weight decay is a pull back to 0; with an anchor the pull to it takes its place.
  const home =
    plan.anchor === null ? new Float64Array(network.parameters.length) : network.parameters.slice();
  const pull = plan.anchor === null ? plan.weightDecay : (2 * plan.anchor.pull) / rows;
  const mover = new Adam(network.parameters.length);
  const random = createRandom(hashSeeds(seed, 2));
  const order = Array.from({ length: rows }, (_, row) => row);
  const steps = Math.floor(rows / batch);
  const total = steps * plan.epochs;
  const truth = new Float64Array(batch);
  for (let epoch = 0; epoch < (plan.stopAfter ?? plan.epochs); epoch += 1) {
    shuffle(order, random);
    for (let step = 0; step < steps; step += 1) {
      for (let at = 0; at < batch; at += 1) {
        const row = order[step * batch + at]!;
        truth[at] = data.labels[row]!;
        network.take(at, data.inputs, row);
      }
      network.forward(batch);
      measureSmallLoss(network.outputs, truth, plan.loss, network.outputGradient);
      network.backward(batch);
      addPull(network, home, pull);
      const part = (epoch * steps + step) / total;
      mover.step(network, (plan.learningRate * (1 + Math.cos(Math.PI * part))) / 2);
    }
    if (onEpoch(epoch + 1, network)) break;
  }
  return network;
}

function addPull({ parameters, gradient }: SmallNetwork, home: Float64Array, pull: number): void {
  for (let at = 0; at < parameters.length; at += 1) gradient[at]! += pull * (parameters[at]! - home[at]!);
}

/** Adam (Kingma and Ba 2015). */
class Adam {
  readonly #means: Float64Array;
  readonly #squares: Float64Array;
  #steps = 0;

  constructor(count: number) {
    this.#means = new Float64Array(count);
    this.#squares = new Float64Array(count);
  }

  step({ parameters, gradient }: SmallNetwork, rate: number): void {
    this.#steps += 1;
    const scale = rate / (1 - 0.9 ** this.#steps);
    const correction = 1 / (1 - 0.999 ** this.#steps);
    const means = this.#means;
    const squares = this.#squares;
    for (let at = 0; at < parameters.length; at += 1) {
      const slope = gradient[at]!;
      const mean = 0.9 * means[at]! + 0.1 * slope;
      const square = 0.999 * squares[at]! + 0.001 * slope * slope;
      means[at] = mean;
      squares[at] = square;
      parameters[at]! -= (scale * mean) / (Math.sqrt(square * correction) + 1e-8);
    }
  }
}

/** All parameters in one row: for each layer weights (inputs × outputs, the outputs of one input side by side), then biases. */
export class SmallNetwork {
  readonly widths: readonly number[];
  readonly parameters: Float64Array;
  readonly gradient: Float64Array;
  readonly outputGradient: Float64Array;
  /** Values after each layer's ReLU, row by row; the first holds the inputs. */
  #values: Float64Array[];
  readonly #gradients: Float64Array[];
  readonly #starts: number[] = [];

  constructor(widths: readonly number[], batch: number) {
    this.widths = widths;
    let count = 0;
    for (let layer = 1; layer < widths.length; layer += 1) {
      this.#starts.push(count);
      count += (widths[layer - 1]! + 1) * widths[layer]!;
    }
    this.parameters = new Float64Array(count);
    this.gradient = new Float64Array(count);
    this.#values = widths.map((width) => new Float64Array(batch * width));
    this.#gradients = widths.map((width) => new Float64Array(batch * width));
    this.outputGradient = this.#gradients.at(-1)!;
  }

  get outputs(): Float64Array {
    return this.#values.at(-1)!;
  }

  /** Weights of an earlier network of the same shape, else uniform within ± 1 / √inputs (PyTorch's start). */
  start(from: readonly Layer[] | null, random: Random): void {
    for (let layer = 1; layer < this.widths.length; layer += 1) {
      const at = this.#starts[layer - 1]!;
      const end = this.#starts[layer] ?? this.parameters.length;
      const known = from?.[layer - 1];
      if (known !== undefined) {
        this.parameters.set(known.weights, at);
        this.parameters.set(known.bias, at + known.weights.length);
      } else {
        const bound = 1 / Math.sqrt(this.widths[layer - 1]!);
        for (let p = at; p < end; p += 1) this.parameters[p] = bound * (2 * random.next() - 1);
      }
    }
  }

  /** Puts row `row` of `inputs` at place `at` of the batch. */
  take(at: number, inputs: Float32Array, row: number): void {
    const width = this.widths[0]!;
    const into = this.#values[0]!;
    for (let column = 0; column < width; column += 1) {
      into[at * width + column] = inputs[row * width + column]!;
    }
  }

  forward(rows: number): void {
    for (let layer = 1; layer < this.widths.length; layer += 1) {
      multiply(this.#values[layer - 1]!, this.#values[layer]!, {
        parameters: this.parameters,
        start: this.#starts[layer - 1]!,
        inputs: this.widths[layer - 1]!,
        outputs: this.widths[layer]!,
        rows,
        isLast: layer === this.widths.length - 1,
      });
    }
  }

  /** Gradients of all parameters from `outputGradient`. */
  backward(rows: number): void {
    this.gradient.fill(0);
    for (let layer = this.widths.length - 1; layer > 0; layer -= 1) {
      this.#backThrough(layer, rows);
    }
  }

  #backThrough(layer: number, rows: number): void {
    const inputs = this.widths[layer - 1]!;
    const outputs = this.widths[layer]!;
    const start = this.#starts[layer - 1]!;
    const biasAt = start + inputs * outputs;
    const { gradient, parameters } = this;
    const below = this.#values[layer - 1]!;
    const slopes = this.#gradients[layer]!;
    const slopesBelow = this.#gradients[layer - 1]!;
    for (let row = 0; row < rows; row += 1) {
      for (let out = 0; out < outputs; out += 1) gradient[biasAt + out]! += slopes[row * outputs + out]!;
      for (let input = 0; input < inputs; input += 1) {
        const value = below[row * inputs + input]!;
        const from = start + input * outputs;
        let sum = 0;
        for (let out = 0; out < outputs; out += 1) {
          const slope = slopes[row * outputs + out]!;
          gradient[from + out]! += slope * value;
          sum += slope * parameters[from + out]!;
        }
        // What ReLU cut to 0 has no slope.
        slopesBelow[row * inputs + input] = layer > 1 && value === 0 ? 0 : sum;
      }
    }
  }

  /** The outputs for other rows. */
  predict(inputs: Float32Array, rows: number): Float64Array {
    const kept = this.#values;
    this.#values = this.widths.map((width) => new Float64Array(rows * width));
    this.#values[0]!.set(inputs.subarray(0, rows * this.widths[0]!));
    this.forward(rows);
    const outputs = this.outputs;
    this.#values = kept;
    return outputs;
  }

  /** The layers in single precision, as heads have them. */
  layers(): Layer[] {
    return this.#starts.map((start, at): Layer => {
      const inputs = this.widths[at]!;
      const outputs = this.widths[at + 1]!;
      const biasAt = start + inputs * outputs;
      return {
        inputs,
        outputs,
        activation: at === this.#starts.length - 1 ? 'none' : 'relu',
        weights: Float32Array.from(this.parameters.subarray(start, biasAt)),
        bias: Float32Array.from(this.parameters.subarray(biasAt, biasAt + outputs)),
      };
    });
  }
}

function multiply(
  below: Float64Array,
  above: Float64Array,
  layer: {
    parameters: Float64Array;
    start: number;
    inputs: number;
    outputs: number;
    rows: number;
    isLast: boolean;
  },
): void {
  const { parameters, start, inputs, outputs, rows, isLast } = layer;
  const biasAt = start + inputs * outputs;
  for (let row = 0; row < rows; row += 1) {
    const to = row * outputs;
    for (let out = 0; out < outputs; out += 1) above[to + out] = parameters[biasAt + out]!;
    for (let input = 0; input < inputs; input += 1) {
      const value = below[row * inputs + input]!;
      const from = start + input * outputs;
      for (let out = 0; out < outputs; out += 1) above[to + out]! += value * parameters[from + out]!;
    }
    if (isLast) continue;
    for (let out = 0; out < outputs; out += 1) if (!(above[to + out]! > 0)) above[to + out] = 0;
  }
}
