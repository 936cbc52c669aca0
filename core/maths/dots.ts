/** Vectors in a block of memory that threads share, and their dot products with one vector by the SIMD kernel. */
import { readFileSync } from 'node:fs';

/** Rows of `length` floats; posted to a thread it is the same memory. */
export interface VectorBlock {
  memory: WebAssembly.Memory;
  rows: number;
  length: number;
}

interface Kernel {
  multiplyRows(values: number, vector: number, products: number, rows: number, stride: number): void;
}

const pageBytes = 65_536;
/** Below lies what the compiler may use. */
const vectorAt = 1024;
/** The kernel takes so many numbers a step: rows end with zeros. */
const stepFloats = 16;
/** What one memory holds at most. */
export const mostBlockBytes = 2 ** 30;

const compiled = new WebAssembly.Module(readFileSync(new URL('./kernels/dots.wasm', import.meta.url)));

/** How many floats lie from one row to the next. */
export function strideOf(length: number): number {
  return Math.ceil(length / stepFloats) * stepFloats;
}

function layOut({ rows, length }: Omit<VectorBlock, 'memory'>) {
  const stride = strideOf(length);
  const valuesAt = vectorAt + stride * 4;
  const productsAt = valuesAt + rows * stride * 4;
  return { stride, valuesAt, productsAt, end: productsAt + rows * 4 };
}

/** A block of zeros. */
export function makeBlock(rows: number, length: number): VectorBlock {
  const pages = Math.ceil(layOut({ rows, length }).end / pageBytes);
  return { memory: new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }), rows, length };
}

/** The numbers of a block, row by row, `strideOf(length)` apart. */
export function valuesOf(block: VectorBlock): Float32Array {
  const { stride, valuesAt } = layOut(block);
  return new Float32Array(block.memory.buffer, valuesAt, block.rows * stride);
}

/**
 * Dot products of a block's rows with a vector, in the order of rows. Summed in single precision: within 2 · 10⁻⁷ of a product of
 * vectors of length 1. Two vectors at a time would write over each other.
 */
export function dotProducts(block: VectorBlock, vector: Float32Array): Float32Array<ArrayBuffer> {
  const { stride, valuesAt, productsAt } = layOut(block);
  const { memory, rows } = block;
  const kernel = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernel;
  new Float32Array(memory.buffer, vectorAt, stride).fill(0).set(vector);
  kernel.multiplyRows(valuesAt, vectorAt, productsAt, rows, stride);
  return new Float32Array(new Float32Array(memory.buffer, productsAt, rows));
}
