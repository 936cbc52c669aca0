/** Matrices inside the memory of the SIMD kernel, and the products and activations that networks are made of. */
import { readFileSync } from 'node:fs';

interface Kernel {
  memory: WebAssembly.Memory;
  pack(b: number, innerStep: number, columnStep: number, inner: number, columns: number, to: number): void;
  multiply(
    a: number,
    rowStep: number,
    innerStep: number,
    packed: number,
    bias: number,
    c: number,
    cStep: number,
    rows: number,
    columns: number,
    inner: number,
  ): void;
  standardise(x: number, mean: number, inverse: number, clip: number, rows: number, columns: number): void;
  gelu(x: number, count: number): void;
  geluBackward(x: number, gradient: number, count: number): void;
}

/** What a layer does to its weighted sums. GELU is the exact one, with the error function; squares make quadratic forms and are not trained. */
export type Activation = 'none' | 'relu' | 'gelu' | 'square';

/** A matrix in the kernel's memory: element (i, j) lies i · rowStep + j · columnStep floats behind `at`. */
export interface Matrix {
  at: number;
  rows: number;
  columns: number;
  rowStep: number;
  columnStep: number;
  /** The floats it was allocated with, row by row; a transposed view shares them. */
  values: Float32Array;
}

/** A copy of a matrix in the order in which the product reads its right side. */
export interface Packed {
  at: number;
  rows: number;
  columns: number;
}

const panel = 8;
const pageBytes = 65_536;
/** Below lies the kernel's scratch (32 bytes at 1024, where the compiler puts static data). */
const heapStart = 2048;

const compiled = new WebAssembly.Module(readFileSync(new URL('./kernels/dense.wasm', import.meta.url)));

/** How many floats `packed(rows, columns)` takes. */
export function packedLength(rows: number, columns: number): number {
  return rows * Math.ceil(columns / panel) * panel;
}

/** The same numbers with rows and columns exchanged; nothing is copied. */
export function transpose(matrix: Matrix): Matrix {
  const { rows, columns, rowStep, columnStep } = matrix;
  return { ...matrix, rows: columns, columns: rows, rowStep: columnStep, columnStep: rowStep };
}

/** The memory of one kernel, of a size that is fixed when it is made. Blocks are zero when taken and live as long as it. */
export class DenseMemory {
  readonly #kernel: Kernel;
  #end = heapStart;

  /** @param floats room for this many numbers, the ends of blocks included (16 floats a block suffice) */
  constructor(floats: number) {
    this.#kernel = new WebAssembly.Instance(compiled).exports as unknown as Kernel;
    const { memory } = this.#kernel;
    const missing = heapStart + floats * 4 - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  }

  /** A new matrix of zeros. */
  matrix(rows: number, columns: number): Matrix {
    const at = this.#take(rows * columns);
    const values = new Float32Array(this.#kernel.memory.buffer, at, rows * columns);
    return { at, rows, columns, rowStep: columns, columnStep: 1, values };
  }

  /** Room for a packed copy. */
  packed(rows: number, columns: number): Packed {
    return { at: this.#take(packedLength(rows, columns)), rows, columns };
  }

  /** Copies a matrix of the same shape into `to`. */
  pack(from: Matrix, to: Packed): void {
    this.#kernel.pack(from.at, from.rowStep, from.columnStep, from.rows, from.columns, to.at);
  }

  /** c ← a · b + bias (a row, or null for none). Sums run in order, so equal input gives equal bits on every machine. */
  multiply(a: Matrix, b: Packed, bias: Matrix | null, c: Matrix): void {
    const { at, rowStep, columnStep, rows } = a;
    const biasAt = bias?.at ?? 0;
    this.#kernel.multiply(at, rowStep, columnStep, b.at, biasAt, c.at, c.rowStep, rows, b.columns, b.rows);
  }

  /** x ← clip((x − mean) · inverse) in place; `inverse` holds 1 / SD. */
  standardise(x: Matrix, mean: Matrix, inverse: Matrix, clip: number): void {
    this.#kernel.standardise(x.at, mean.at, inverse.at, clip, x.rows, x.columns);
  }

  /** Applies an activation in place. */
  activate(activation: Activation, x: Matrix): void {
    const count = x.rows * x.columns;
    if (activation === 'gelu') this.#kernel.gelu(x.at, count);
    else if (activation === 'relu') {
      for (let i = 0; i < count; i++) if (!(x.values[i]! > 0)) x.values[i] = 0;
    } else if (activation === 'square') {
      for (let i = 0; i < count; i++) x.values[i]! *= x.values[i]!;
    }
  }

  /** gradient ← gradient · activation′(x) in place, where x is what went into the activation. */
  activateBackward(activation: Activation, x: Matrix, gradient: Matrix): void {
    const count = x.rows * x.columns;
    if (activation === 'gelu') this.#kernel.geluBackward(x.at, gradient.at, count);
    else if (activation === 'relu') {
      for (let i = 0; i < count; i++) if (!(x.values[i]! > 0)) gradient.values[i] = 0;
    }
  }

  /** Blocks start at multiples of 16 bytes: the activations work in fours beyond a block's end. */
  #take(floats: number): number {
    const at = this.#end;
    this.#end = at + Math.ceil(floats / 4) * 16;
    if (this.#end > this.#kernel.memory.buffer.byteLength) throw new RangeError('The dense memory is full.');
    return at;
  }
}
