/** Lets a bounded number of pieces of work go on at once; the others wait in the order in which they came. */

export class Slots {
  readonly #count: number;
  readonly #waiting: (() => void)[] = [];
  #used = 0;

  constructor(count: number) {
    this.#count = count;
  }

  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#used < this.#count) this.#used += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      this.#used -= 1;
      while (this.#waiting.length > 0 && this.#used < this.#count) {
        this.#used += 1;
        this.#waiting.shift()!();
      }
    }
  }
}
