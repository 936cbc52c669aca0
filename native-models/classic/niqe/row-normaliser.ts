/**
 * Mean-subtracted, contrast-normalised samples, row by row: a picture of any height needs memory for eight rows.
 * The window is a Gaussian, σ 7/6, 7 × 7; sums are doubles and results singles, as in the reference.
 */

const radius = 3;
const size = 2 * radius + 1;
const ringRows = 8;

const weights = Array.from({ length: size }, (_, k) => Math.exp(-((k - radius) ** 2) / 2 / (7 / 6) ** 2));
const total = weights.reduce((sum, weight) => sum + weight, 0);
const [w3, w2, w1, w0] = weights.map((weight) => weight / total) as [number, number, number, number];
const fround = Math.fround;

/** Takes the rows of a plane from top to bottom and gives (I − μ)/(σ + 1), σ = sqrt |E I² − μ²|; borders repeat. */
export class RowNormaliser {
  readonly #width: number;
  readonly #height: number;
  readonly #emit: (row: Float32Array) => void;
  readonly #rows: Float32Array[];
  readonly #means: Float64Array[];
  readonly #squares: Float64Array[];
  readonly #padded: Float32Array;
  readonly #paddedSquares: Float32Array;
  readonly #out: Float32Array;
  #pushed = 0;

  /** @param emit gets every row in order; it is overwritten by the next one */
  constructor(width: number, height: number, emit: (row: Float32Array) => void) {
    this.#width = width;
    this.#height = height;
    this.#emit = emit;
    this.#rows = Array.from({ length: ringRows }, () => new Float32Array(width));
    this.#means = Array.from({ length: ringRows }, () => new Float64Array(width));
    this.#squares = Array.from({ length: ringRows }, () => new Float64Array(width));
    this.#padded = new Float32Array(width + 2 * radius);
    this.#paddedSquares = new Float32Array(width + 2 * radius);
    this.#out = new Float32Array(width);
  }

  /** Takes the next row, which is copied. */
  push(row: Float32Array): void {
    const slot = this.#pushed % ringRows;
    this.#rows[slot]!.set(row);
    this.#pad(row);
    blurRow(this.#padded, this.#means[slot]!);
    blurRow(this.#paddedSquares, this.#squares[slot]!);
    this.#pushed++;
    if (this.#pushed > radius) this.#normalise(this.#pushed - 1 - radius);
    if (this.#pushed < this.#height) return;
    for (let y = Math.max(0, this.#height - radius); y < this.#height; y++) this.#normalise(y);
  }

  #pad(row: Float32Array): void {
    const width = this.#width;
    this.#padded.fill(row[0]!, 0, radius);
    this.#padded.set(row, radius);
    this.#padded.fill(row[width - 1]!, radius + width);
    for (let i = 0; i < this.#padded.length; i++)
      this.#paddedSquares[i] = this.#padded[i]! * this.#padded[i]!;
  }

  #normalise(y: number): void {
    const out = this.#out;
    const ring = (rows: Float64Array[]): Float64Array[] =>
      Array.from(
        { length: size },
        (_, k) => rows[Math.min(this.#height - 1, Math.max(0, y + k - radius)) % ringRows]!,
      );
    combineRows(this.#rows[y % ringRows]!, ring(this.#means), ring(this.#squares), out);
    this.#emit(out);
  }
}

function blurRow(padded: Float32Array, target: Float64Array): void {
  for (let x = 0; x < target.length; x++) {
    target[x] =
      w3 * (padded[x]! + padded[x + 6]!) +
      w2 * (padded[x + 1]! + padded[x + 5]!) +
      w1 * (padded[x + 2]! + padded[x + 4]!) +
      w0 * padded[x + 3]!;
  }
}

function combineRows(
  row: Float32Array,
  means: Float64Array[],
  squares: Float64Array[],
  out: Float32Array,
): void {
  const [a, b, c, d, e, f, g] = means as [Float64Array, ...Float64Array[]] as Seven;
  const [a2, b2, c2, d2, e2, f2, g2] = squares as [Float64Array, ...Float64Array[]] as Seven;
  for (let x = 0; x < out.length; x++) {
    const mean = fround(w3 * (a[x]! + g[x]!) + w2 * (b[x]! + f[x]!) + w1 * (c[x]! + e[x]!) + w0 * d[x]!);
    const square = fround(
      w3 * (a2[x]! + g2[x]!) + w2 * (b2[x]! + f2[x]!) + w1 * (c2[x]! + e2[x]!) + w0 * d2[x]!,
    );
    const sigma = fround(Math.sqrt(Math.abs(fround(square - fround(mean * mean)))));
    out[x] = fround(row[x]! - mean) / fround(sigma + 1);
  }
}

type Seven = [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
];
