/** SF-IQA's last quality layer (§3.2: features → Q) as it trains along with the fusion: what a changed layer adds to the Q that a pack gave. */
import type { Layer } from './head.ts';

/** The features that one signal Q is linear in. */
export interface QualityBlock {
  /** The place of Q among the signals. */
  signal: number;
  /** The place of its first feature. */
  from: number;
  length: number;
}

/** Features of rows: rows × width numbers. */
export interface QualityFeatures {
  values: Float32Array;
  width: number;
  blocks: readonly QualityBlock[];
}

/**
 * Q is w · f + b, so that the layer with other weights gives Q + Δw · f + Δb: Δ is what is trained, starting at 0, where the layer is the
 * pack's own. Features are standardised.
 */
export class QualityLayer {
  readonly blocks: readonly QualityBlock[];
  readonly width: number;
  /** Δw of every feature, then Δb of every block. */
  readonly parameters: Float64Array;
  readonly gradient: Float64Array;
  readonly #rows: Int32Array;
  readonly #features: QualityFeatures;
  readonly #signals: number;

  /** @param signals how many signals a row has; @param batch rows at once */
  constructor(features: QualityFeatures, signals: number, batch: number) {
    this.blocks = features.blocks;
    this.width = features.width;
    this.parameters = new Float64Array(features.width + features.blocks.length);
    this.gradient = new Float64Array(this.parameters.length);
    this.#rows = new Int32Array(batch);
    this.#features = features;
    this.#signals = signals;
  }

  /** Starts from the layer of an earlier head, as `toLayer` gives it. */
  start({ weights, bias }: Layer): void {
    for (const [at, { signal, from, length }] of this.blocks.entries()) {
      for (let to = from; to < from + length; to += 1) {
        this.parameters[to] = weights[(this.#signals + to) * this.#signals + signal]!;
      }
      this.parameters[this.width + at] = bias[signal]!;
    }
  }

  /** Puts what row `row` has more into the signals at place `at` of a batch, and remembers the row for `backward`. */
  take(at: number, row: number, signals: Float64Array): void {
    this.#rows[at] = row;
    this.#add(this.#features.values, row, signals, at);
  }

  /** Adds what rows of other features have more to their signals. */
  addTo(signals: Float64Array, { values }: QualityFeatures): void {
    for (let row = 0; row < signals.length / this.#signals; row += 1) this.#add(values, row, signals, row);
  }

  #add(values: Float32Array, row: number, signals: Float64Array, at: number): void {
    const { parameters, width } = this;
    for (const [block, { signal, from, length }] of this.blocks.entries()) {
      const start = row * width;
      let sum = parameters[width + block]!;
      for (let to = from; to < from + length; to += 1) sum += parameters[to]! * values[start + to]!;
      signals[at * this.#signals + signal]! += sum;
    }
  }

  /** The gradient of the loss from that of the batch's signals. */
  backward(slopes: Float64Array, rows: number): void {
    const { gradient, width } = this;
    const { values } = this.#features;
    gradient.fill(0);
    for (let at = 0; at < rows; at += 1) {
      const start = this.#rows[at]! * width;
      for (const [block, { signal, from, length }] of this.blocks.entries()) {
        const slope = slopes[at * this.#signals + signal]!;
        for (let to = from; to < from + length; to += 1) gradient[to]! += slope * values[start + to]!;
        gradient[width + block]! += slope;
      }
    }
  }

  /** The layer as heads have it: from signals and features side by side to the signals, each Q with what it has more. */
  toLayer(): Layer {
    const signals = this.#signals;
    const weights = new Float32Array((signals + this.width) * signals);
    const bias = new Float32Array(signals);
    for (let at = 0; at < signals; at += 1) weights[at * signals + at] = 1;
    for (const [at, { signal, from, length }] of this.blocks.entries()) {
      for (let to = from; to < from + length; to += 1) {
        weights[(signals + to) * signals + signal] = this.parameters[to]!;
      }
      bias[signal] = this.parameters[this.width + at]!;
    }
    return { inputs: signals + this.width, outputs: signals, activation: 'none', weights, bias };
  }
}

/** Signals and features side by side, row by row: what a head reads whose last quality layer trained along. */
export function joinInputs(
  signals: Float32Array,
  width: number,
  features: Pick<QualityFeatures, 'values' | 'width'>,
): Float32Array<ArrayBuffer> {
  const rows = signals.length / width;
  const whole = width + features.width;
  const joined = new Float32Array(rows * whole);
  for (let row = 0; row < rows; row += 1) {
    joined.set(signals.subarray(row * width, (row + 1) * width), row * whole);
    const from = row * features.width;
    joined.set(features.values.subarray(from, from + features.width), row * whole + width);
  }
  return joined;
}
