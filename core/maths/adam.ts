/** Adam (Kingma and Ba 2015) with an L2 penalty: how small networks and the quality layer are moved. */

export interface Moved {
  readonly parameters: Float64Array;
  readonly gradient: Float64Array;
}

/** Where parameters are pulled back to. */
export interface Home {
  values: Float64Array;
  pull: number;
}

export class Adam {
  readonly #moved: Moved;
  readonly #home: Home;
  readonly #rate: number;
  readonly #means: Float64Array;
  readonly #squares: Float64Array;
  #steps = 0;

  constructor(moved: Moved, home: Home, rate: number) {
    this.#moved = moved;
    this.#home = home;
    this.#rate = rate;
    this.#means = new Float64Array(moved.parameters.length);
    this.#squares = new Float64Array(moved.parameters.length);
  }

  /** @param share of the highest rate */
  step(share: number): void {
    this.#steps += 1;
    const { parameters, gradient } = this.#moved;
    const { values: home, pull } = this.#home;
    const scale = (this.#rate * share) / (1 - 0.9 ** this.#steps);
    const correction = 1 / (1 - 0.999 ** this.#steps);
    const means = this.#means;
    const squares = this.#squares;
    for (let at = 0; at < parameters.length; at += 1) {
      const slope = gradient[at]! + pull * (parameters[at]! - home[at]!);
      const mean = 0.9 * means[at]! + 0.1 * slope;
      const square = 0.999 * squares[at]! + 0.001 * slope * slope;
      means[at] = mean;
      squares[at] = square;
      parameters[at]! -= (scale * mean) / (Math.sqrt(square * correction) + 1e-8);
    }
  }
}
