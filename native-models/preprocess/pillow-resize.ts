/** Pillow's `resize`, byte for byte, of the output pixels that are asked for: first across with 8-bit results, then down. */
import { readFileSync } from 'node:fs';
import type { RgbImage } from '../images/decode.ts';
import { type PillowFilter, planTaps, type Taps } from './pillow-taps.ts';

interface Kernel {
  memory: WebAssembly.Memory;
  sumAcross(
    source: number,
    sourceStep: number,
    starts: number,
    weights: number,
    groups: number,
    columns: number,
    target: number,
    targetStep: number,
  ): void;
  sumDown(rows: number, step: number, weights: number, groups: number, target: number): void;
}

/** What to make of an image. */
export interface Resize {
  filter: PillowFilter;
  /** Size of the whole result in pixels. */
  width: number;
  height: number;
  /** The columns and rows of it that are wanted, ascending. */
  columns: ArrayLike<number>;
  rows: ArrayLike<number>;
}

const pageBytes = 65_536;
/** Where the compiler's static data ends. */
const heapStart = 1024;

const compiled = new WebAssembly.Module(readFileSync(new URL('./kernels/resample.wasm', import.meta.url)));
const kernel = new WebAssembly.Instance(compiled).exports as unknown as Kernel;

/**
 * The wanted columns and rows of `image` resized by Pillow to width × height, equal to Pillow's own bytes.
 * Only source pixels that they depend on are read: time and memory follow the wanted part, not the whole result.
 */
export function resizeLikePillow(image: RgbImage, resize: Resize): RgbImage {
  const across = planTaps(resize.filter, { from: image.width, to: resize.width }, resize.columns);
  const down = planTaps(resize.filter, { from: image.height, to: resize.height }, resize.rows);
  const [width, height] = [resize.columns.length, resize.rows.length];
  // Vectors of four pixels and groups of four rows may reach beyond the end, where weights are 0.
  const sourceStep = roundUp(3 * across.length + 12 * across.groups + 16, 16);
  const step = roundUp(3 * width + 1, 8);
  const [acrossTaps, downTaps, source, rows, target] = allocate([
    tapBytes(across),
    tapBytes(down),
    2 * sourceStep,
    step * (down.length + 4 * down.groups),
    step,
  ]);
  putTaps(across, acrossTaps);
  putTaps(down, downTaps);
  const memory = new Uint8Array(kernel.memory.buffer);
  const sourceRows = down.runs.flatMap(([from, to]) => Array.from({ length: to - from }, (_, k) => from + k));
  for (let row = 0; row < sourceRows.length; row += 2) {
    copyRow(image, sourceRows[row]!, across.runs, memory.subarray(source));
    // An odd last row has the one of the pair before beside it; that result is not used.
    const next = sourceRows[row + 1];
    if (next !== undefined) copyRow(image, next, across.runs, memory.subarray(source + sourceStep));
    const weights = acrossTaps + 4 * width;
    const to = rows + row * step;
    kernel.sumAcross(source, sourceStep, acrossTaps, weights, across.groups, width, to, step);
  }
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const weights = downTaps + 4 * height + 16 * down.groups * y;
    kernel.sumDown(rows + down.starts[y]! * step, step, weights, down.groups, target);
    rgb.set(memory.subarray(target, target + 3 * width), 3 * width * y);
  }
  return { rgb, width, height };
}

function copyRow(image: RgbImage, row: number, runs: Taps['runs'], to: Uint8Array): void {
  let end = 0;
  for (const [from, until] of runs) {
    const at = row * image.width;
    to.set(image.rgb.subarray(3 * (at + from), 3 * (at + until)), end);
    end += 3 * (until - from);
  }
}

function tapBytes({ starts, weights }: Taps): number {
  return starts.byteLength + weights.byteLength;
}

function putTaps({ starts, weights }: Taps, at: number): void {
  new Int32Array(kernel.memory.buffer, at, starts.length).set(starts);
  new Int16Array(kernel.memory.buffer, at + starts.byteLength, weights.length).set(weights);
}

/** Addresses of blocks of these sizes; the blocks of the call before are given up. */
function allocate<const Sizes extends number[]>(sizes: Sizes): { [index in keyof Sizes]: number } {
  let end = heapStart;
  const addresses = sizes.map((size) => {
    const at = end;
    end += roundUp(size, 16);
    return at;
  });
  const missing = end - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / pageBytes));
  return addresses as { [index in keyof Sizes]: number };
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}
