/** Trains small fully connected networks (SF-IQA's score fusion, §3.4) with the losses of the released variants. */
import { Adam, type Home, type Moved } from './adam.ts';
import type { Layer } from './head.ts';
import { type QualityFeatures, QualityLayer } from './quality-layer.ts';
import { createRandom, hashSeeds, type Random, shuffle } from './random.ts';
import { measureSmallLoss, type SmallLoss } from './small-loss.ts';

/** Standardised inputs and what should come out, in units of about one. */
export interface SmallData {
  inputs: Float32Array;
  labels: Float64Array;
  width: number;
  /** Standardised features, where the last quality layer trains along. */
  features?: QualityFeatures | null | undefined;
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
 * Of the quality layer, for all its features together: §4.2 trains 1536 of them at 0.00002, and a layer that reads fewer moves Q as much.
 */
const layerRate = 0.00002 * 1536;

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
  const layer = data.features == null ? null : new QualityLayer(data.features, data.width, batch);
  const network = new SmallNetwork([data.width, ...plan.hidden, 1], batch, layer);
  network.start(plan.anchor?.layers ?? null, createRandom(hashSeeds(seed, 1)));
  const moved = [
    { part: network, rate: plan.learningRate },
    ...(layer === null ? [] : [{ part: layer, rate: layerRate / layer.width }]),
  ];
  const movers = moved.map(({ part, rate }) => new Adam(part, homeOf(part, plan, rows), rate));
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
      const part = (epoch * steps + step) / total;
      for (const mover of movers) mover.step((1 + Math.cos(Math.PI * part)) / 2);
    }
    if (onEpoch(epoch + 1, network)) break;
  }
  return network;
}

/** Weight decay is a pull back to 0 (of the quality layer: to the pack's own); with an anchor the pull to it takes its place. */
function homeOf({ parameters }: Moved, { anchor, weightDecay }: SmallPlan, rows: number): Home {
  return anchor === null
    ? { values: new Float64Array(parameters.length), pull: weightDecay }
    : { values: parameters.slice(), pull: (2 * anchor.pull) / rows };
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
  /** In front of the first layer, where the last quality layer trains along. */
  readonly #layer: QualityLayer | null;

  constructor(widths: readonly number[], batch: number, layer: QualityLayer | null = null) {
    this.widths = widths;
    this.#layer = layer;
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
    const isLayered = from !== null && from.length === this.widths.length;
    if (isLayered) this.#layer?.start(from[0]!);
    const known = isLayered ? from.slice(1) : from;
    this.#startNetwork(known, random);
  }

  #startNetwork(from: readonly Layer[] | null, random: Random): void {
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
    this.#layer?.take(at, row, into);
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
    this.#layer?.backward(this.#gradients[0]!, rows);
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
  predict({ inputs, labels, features }: SmallData): Float64Array {
    const rows = labels.length;
    const kept = this.#values;
    this.#values = this.widths.map((width) => new Float64Array(rows * width));
    this.#values[0]!.set(inputs);
    if (features != null) this.#layer?.addTo(this.#values[0]!, features);
    this.forward(rows);
    const outputs = this.outputs;
    this.#values = kept;
    return outputs;
  }

  /** The layers in single precision, as heads have them. */
  layers(): Layer[] {
    const front = this.#layer === null ? [] : [this.#layer.toLayer()];
    const rest = this.#starts.map((start, at): Layer => {
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
    return [...front, ...rest];
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
