/**
 * Half size by bicubic interpolation with antialiasing, row by row: MATLAB's `imresize(…, 0.5)` (Keys 1981, a = −½,
 * widened to eight taps; borders are mirrored with the edge sample repeated).
 */

const taps = 8;
const half = taps / 2;

/** Keys' kernel at distances ±¼, ±¾, 1¼, 1¾ of the widened scale; they add up to one. */
const [near, middle, far, farthest] = [0.25, 0.75, 1.25, 1.75].map((t) =>
  t < 1 ? (1.5 * t ** 3 - 2.5 * t ** 2 + 1) / 2 : (-0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2) / 2,
) as [number, number, number, number];

/** Takes the rows of a plane of even size from top to bottom and gives the rows of the plane of half the size. */
export class RowHalver {
  readonly #height: number;
  readonly #emit: (row: Float32Array) => void;
  readonly #ring: Float64Array[];
  readonly #padded: Float32Array;
  readonly #out: Float32Array;
  #pushed = 0;
  #emitted = 0;

  /** @param emit gets every row in order; it is overwritten by the next one */
  constructor(width: number, height: number, emit: (row: Float32Array) => void) {
    this.#height = height;
    this.#emit = emit;
    this.#ring = Array.from({ length: taps }, () => new Float64Array(width / 2));
    this.#padded = new Float32Array(width + taps);
    this.#out = new Float32Array(width / 2);
  }

  /** Takes the next row. */
  push(row: Float32Array): void {
    this.#halve(row, this.#ring[this.#pushed % taps]!);
    this.#pushed++;
    const isLast = this.#pushed === this.#height;
    while (2 * this.#emitted + half < this.#pushed || (isLast && 2 * this.#emitted < this.#height)) {
      this.#combine(this.#emitted);
      this.#emitted++;
      this.#emit(this.#out);
    }
  }

  #halve(row: Float32Array, target: Float64Array): void {
    const padded = this.#padded;
    const width = row.length;
    padded.set(row, half);
    for (let k = 0; k < half; k++) {
      padded[half - 1 - k] = row[k]!;
      padded[half + width + k] = row[width - 1 - k]!;
    }
    for (let x = 0, at = 1; x < target.length; x++, at += 2) {
      target[x] =
        farthest * (padded[at]! + padded[at + 7]!) +
        far * (padded[at + 1]! + padded[at + 6]!) +
        middle * (padded[at + 2]! + padded[at + 5]!) +
        near * (padded[at + 3]! + padded[at + 4]!);
    }
  }

  #combine(index: number): void {
    const rows = Array.from({ length: taps }, (_, k) => {
      const y = 2 * index - 3 + k;
      const mirrored = y < 0 ? -1 - y : Math.min(y, 2 * this.#height - 1 - y);
      return this.#ring[mirrored % taps]!;
    });
    const [a, b, c, d, e, f, g, h] = rows as Eight;
    const out = this.#out;
    for (let x = 0; x < out.length; x++) {
      out[x] =
        farthest * (a[x]! + h[x]!) +
        far * (b[x]! + g[x]!) +
        middle * (c[x]! + f[x]!) +
        near * (d[x]! + e[x]!);
    }
  }
}

type Eight = [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
];
