/** Turns comparisons of images into one number an image: the share that it won. */

/** Two images of one prompt, and how much of the choice each got: 1 and 0, or a half each. */
export interface Comparison {
  images: readonly [string, string];
  won: readonly [number, number];
}

interface Tally {
  sum: number;
  squares: number;
  n: number;
}

export class PreferenceCounter {
  readonly #tallies = new Map<string, Tally>();

  add({ images, won }: Comparison): void {
    for (const side of [0, 1] as const) {
      const tally = this.#tallies.get(images[side]) ?? { sum: 0, squares: 0, n: 0 };
      tally.sum += won[side];
      tally.squares += won[side] ** 2;
      tally.n += 1;
      this.#tallies.set(images[side], tally);
    }
  }

  /** A ranking of images by one rater compares each pair of them. @param ranks places, the best the smallest; equal ones are ties */
  addRanking(images: readonly string[], ranks: readonly number[]): void {
    for (let a = 0; a < images.length; a += 1) {
      for (let b = a + 1; b < images.length; b += 1) {
        const [first, second] = [ranks[a]!, ranks[b]!];
        const share = first < second ? 1 : first > second ? 0 : 0.5;
        this.add({ images: [images[a]!, images[b]!], won: [share, 1 - share] });
      }
    }
  }

  /** Mean, sample standard deviation (null for a single comparison) and number of comparisons of each image. */
  results(): Map<string, { mean: number; sd: number | null; n: number }> {
    return new Map(
      [...this.#tallies].map(([image, { sum, squares, n }]) => {
        const mean = sum / n;
        const variance = n < 2 ? null : Math.max(0, (squares - n * mean ** 2) / (n - 1));
        return [image, { mean, sd: variance === null ? null : Math.sqrt(variance), n }];
      }),
    );
  }
}
