/** The pixel loops behind the features, over square planes in the memory of the SIMD kernel (`planes.as.ts`). */
import { readFileSync } from 'node:fs';
import type { PowerSums } from '../maths/moments.ts';

interface Kernel {
  memory: WebAssembly.Memory;
  blur(
    source: number,
    size: number,
    taps: number,
    radius: number,
    target: number,
    rows: number,
    line: number,
  ): void;
  normalise(
    source: number,
    size: number,
    taps: number,
    radius: number,
    sigma: number,
    mscn: number,
    means: number,
    squares: number,
    line: number,
  ): void;
  edges(source: number, size: number, gradient: number, laplacian: number, lines: number): void;
  logMagnitude(source: number, count: number, target: number): void;
  energy(a: number, b: number, count: number, target: number): void;
  sumPowers(source: number, count: number, shift: number, out: number): void;
  sumProducts(a: number, b: number, size: number, columns: number, rows: number, out: number): void;
  sumMagnitudes(source: number, count: number, out: number): void;
  sumCells(source: number, size: number, out: number): void;
  countJoint(a: number, b: number, energies: number, samples: number, bins: number): void;
  countPatterns(source: number, size: number, bins: number): void;
}

/** Side of the largest plane. */
const largestSize = 512;
/** Room for the pyramid and the scratch planes of one image. */
const memoryBytes = 24 * 2 ** 20;
/** Vectors may reach this far beyond the end of a plane. */
const guardBytes = 64;

const compiled = new WebAssembly.Module(readFileSync(new URL('./planes.wasm', import.meta.url)));
const kernel = new WebAssembly.Instance(compiled).exports as unknown as Kernel;
kernel.memory.grow(Math.ceil((memoryBytes - kernel.memory.buffer.byteLength) / 65_536));
let end = 1024;

/** Memory for `count` samples that the functions below can work on; it lives as long as the thread. */
export function allocatePlane(count: number): Float32Array {
  const at = end;
  end += Math.ceil((count * 4 + guardBytes) / 16) * 16;
  if (end > kernel.memory.buffer.byteLength) throw new RangeError('The kernel’s memory is full.');
  return new Float32Array(kernel.memory.buffer, at, count);
}

const taps = allocatePlane(16).byteOffset;
const line = allocatePlane(3 * (largestSize + 16)).byteOffset;
const rows = allocatePlane(largestSize ** 2).byteOffset;
const moreRows = allocatePlane(largestSize ** 2).byteOffset;
const results = allocatePlane(512).byteOffset;

function doubles(count: number): Float64Array {
  return new Float64Array(kernel.memory.buffer, results, count);
}

function counts(count: number): Uint32Array {
  return new Uint32Array(kernel.memory.buffer, results, count).slice();
}

function putTaps(weights: Float32Array): number {
  new Float32Array(kernel.memory.buffer, taps, weights.length).set(weights);
  return weights.length - 1;
}

/** Separable symmetric blur, rows first; `weights` is [centre, ±1, ±2, …]; borders are reflected without repeating the edge. */
export function blur(source: Float32Array, size: number, weights: Float32Array, target: Float32Array): void {
  kernel.blur(source.byteOffset, size, taps, putTaps(weights), target.byteOffset, rows, line);
}

/** Local deviation σ and mean-subtracted, contrast-normalised samples (x − μ) / (σ + 1). */
export function normaliseContrast(
  source: Float32Array,
  size: number,
  weights: Float32Array,
  { sigma, mscn }: { sigma: Float32Array; mscn: Float32Array },
): void {
  const radius = putTaps(weights);
  kernel.normalise(
    source.byteOffset,
    size,
    taps,
    radius,
    sigma.byteOffset,
    mscn.byteOffset,
    rows,
    moreRows,
    line,
  );
}

/** Gradient magnitude (Sobel / 8) and the 3 × 3 Laplacian. */
export function filterEdges(
  source: Float32Array,
  size: number,
  target: { gradient: Float32Array; laplacian: Float32Array },
): void {
  kernel.edges(source.byteOffset, size, target.gradient.byteOffset, target.laplacian.byteOffset, line);
}

/** ln(|x| + ½). */
export function logMagnitude(source: Float32Array, target: Float32Array): void {
  kernel.logMagnitude(source.byteOffset, source.length, target.byteOffset);
}

/** gradient² + laplacian². */
export function edgeEnergy(gradient: Float32Array, laplacian: Float32Array, target: Float32Array): void {
  kernel.energy(gradient.byteOffset, laplacian.byteOffset, target.length, target.byteOffset);
}

/** Power sums about `shift`. */
export function sumPowers(source: Float32Array, shift: number): PowerSums {
  kernel.sumPowers(source.byteOffset, source.length, shift, results);
  const [first, second, third, fourth] = doubles(4) as unknown as [number, number, number, number];
  return { count: source.length, shift, first, second, third, fourth };
}

/** Sums over the products p of neighbouring samples. */
export interface PairSums {
  count: number;
  /** How many p < 0. */
  negative: number;
  /** Σp² over p < 0. */
  negativeSquares: number;
  /** Σp² over p > 0. */
  positiveSquares: number;
  sum: number;
  absolute: number;
}

/** Sums over p = a · b, where b lies `right` samples beside and `down` rows below a; both inside the plane. */
export function sumPairs(source: Float32Array, size: number, right: number, down: number): PairSums {
  const a = source.byteOffset + 4 * Math.max(0, -right);
  const b = source.byteOffset + 4 * (down * size + Math.max(0, right));
  const columns = size - Math.abs(right);
  kernel.sumProducts(a, b, size, columns, size - down, results);
  const [sum, absolute, negativeSquares, squares, negative] = doubles(5) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  const count = columns * (size - down);
  return { count, negative, negativeSquares, positiveSquares: squares - negativeSquares, sum, absolute };
}

/** Σ|x| and Σx². */
export function sumMagnitudes(source: Float32Array): { absolute: number; squares: number } {
  kernel.sumMagnitudes(source.byteOffset, source.length, results);
  const [absolute, squares] = doubles(2) as unknown as [number, number];
  return { absolute, squares };
}

/** Means of x, |x| and x² in each cell of an 8 × 8 grid, row by row. */
export function averageCells(
  source: Float32Array,
  size: number,
): { mean: Float64Array; absolute: Float64Array; square: Float64Array } {
  kernel.sumCells(source.byteOffset, size, results);
  const area = (size / 8) ** 2;
  const means = doubles(192).map((sum) => sum / area);
  return { mean: means.slice(0, 64), absolute: means.slice(64, 128), square: means.slice(128) };
}

/**
 * Joint histogram, 10 × 10, of gradient and |laplacian| after both are divided by sqrt(energy + 0.04);
 * bins are ⅛ wide, the last one is open.
 */
export function countJointBins(
  gradient: Float32Array,
  laplacian: Float32Array,
  energy: Float32Array,
): Uint32Array {
  kernel.countJoint(gradient.byteOffset, laplacian.byteOffset, energy.byteOffset, energy.length, results);
  return counts(100);
}

/** Counts of the rotation-invariant uniform patterns: 0 … 8 set neighbours, and 9 for all others. */
export function countPatterns(source: Float32Array, size: number): Uint32Array {
  kernel.countPatterns(source.byteOffset, size, results);
  return counts(10);
}
