/** AdamW (Loshchilov and Hutter, 2019: decoupled weight decay) with a one-cycle learning rate (Smith and Topin, 2018). */

const meanDecay = 0.9;
const squareDecay = 0.999;
const epsilon = 1e-8;
/** The rate rises over this part of the steps from peak / 25, then falls to peak / 250,000, both along a cosine. */
const warmUp = 0.3;

/** The learning rate of one of `total` steps; the highest is `peak`. */
export function oneCycleRate(step: number, total: number, peak: number): number {
  const turn = Math.max(1, warmUp * total - 1);
  if (step <= turn) return interpolateCosine(peak / 25, peak, step / turn);
  return interpolateCosine(peak, peak / 250_000, Math.min(1, (step - turn) / Math.max(1, total - 1 - turn)));
}

function interpolateCosine(from: number, to: number, part: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * part))) / 2;
}

/** Moves one block of parameters by its gradient, step after step. */
export class AdamW {
  readonly #values: Float32Array;
  readonly #gradient: Float32Array;
  readonly #means: Float32Array;
  readonly #squares: Float32Array;
  readonly #weightDecay: number;
  #steps = 0;

  constructor(values: Float32Array, gradient: Float32Array, weightDecay: number) {
    this.#values = values;
    this.#gradient = gradient;
    this.#weightDecay = weightDecay;
    this.#means = new Float32Array(values.length);
    this.#squares = new Float32Array(values.length);
  }

  step(rate: number): void {
    this.#steps += 1;
    const values = this.#values;
    const gradient = this.#gradient;
    const means = this.#means;
    const squares = this.#squares;
    const keep = 1 - rate * this.#weightDecay;
    const scale = rate / (1 - meanDecay ** this.#steps);
    const correction = 1 / (1 - squareDecay ** this.#steps);
    for (let i = 0; i < values.length; i++) {
      const slope = gradient[i]!;
      const mean = meanDecay * means[i]! + (1 - meanDecay) * slope;
      const square = squareDecay * squares[i]! + (1 - squareDecay) * slope * slope;
      means[i] = mean;
      squares[i] = square;
      values[i] = values[i]! * keep - (scale * mean) / (Math.sqrt(square * correction) + epsilon);
    }
  }
}
