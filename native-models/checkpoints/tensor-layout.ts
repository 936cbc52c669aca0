/** Shapes, strides and byte ranges: the arithmetic that decides whether a tensor lies within its storage. */
import { type Dtype, itemBytes, type TensorEntry } from './checkpoint.ts';
import { invalid, quote } from './invalid.ts';
import { limits } from './limits.ts';

/** Number of elements; 1 for a scalar. Not a safe integer where the shape is absurd. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Strides, in elements, of a row-major tensor without gaps. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= Math.max(1, shape[axis]!);
  }
  return strides;
}

/** Elements from the first to one past the last that the tensor touches; 0 for an empty one. */
export function spanElements(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((last, size, axis) => last + (size - 1) * strides[axis]!, 1);
}

/** A storage's place in a file. */
export interface StorageRange {
  file: string;
  start: number;
  byteLength: number;
  crc32: number | null;
}

/** What a tensor sees of its storage; `storageOffset` and `strides` in elements. */
export interface TensorView {
  name: string;
  dtype: Dtype;
  shape: readonly number[];
  strides: readonly number[];
  storageOffset: number;
}

/**
 * The entry of a tensor in its storage.
 *
 * @throws StudioError `checkpointInvalid` when the view reaches beyond the storage or is beyond the limits
 */
export function placeTensor(view: TensorView, storage: StorageRange): TensorEntry {
  const { name, dtype, shape, strides, storageOffset } = view;
  const details = { path: storage.file, tensor: name };
  const isWhole = [...shape, ...strides, storageOffset].every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!isWhole || shape.length !== strides.length || shape.length > limits.rank) {
    throw invalid(
      `${storage.file}: tensor ${quote(name)} has no possible shape: [${shape}], strides [${strides}], offset ${storageOffset}.`,
      details,
    );
  }
  const elements = countElements(shape);
  const span = spanElements(shape, strides);
  const isContiguous = hasRowMajorLayout(shape, strides);
  const isInStorage = (storageOffset + span) * itemBytes[dtype] <= storage.byteLength;
  if (!Number.isSafeInteger(elements * itemBytes[dtype]) || !isInStorage) {
    throw invalid(
      `${storage.file}: tensor ${quote(name)} of shape [${shape}] reaches to element ${storageOffset + span} of a storage of ${storage.byteLength / itemBytes[dtype]}. The file is damaged or was made to mislead: get it again from its source.`,
      details,
    );
  }
  if (!isContiguous && Math.max(elements, span) > limits.stridedElements) {
    throw invalid(
      `${storage.file}: tensor ${quote(name)} has ${elements} elements with strides [${strides}]; such tensors may have ${limits.stridedElements}. Save it with .contiguous().`,
      details,
    );
  }
  return {
    name,
    dtype,
    shape,
    strides,
    isContiguous,
    file: storage.file,
    offset: storage.start + storageOffset * itemBytes[dtype],
    byteLength: elements * itemBytes[dtype],
    storageStart: storage.start,
    storageByteLength: storage.byteLength,
    storageCrc32: storage.crc32,
  };
}

/** The rows `from` up to `to` of a tensor, and their name after it, e.g. `in_proj_weight[0:64]`. No byte moves. */
export function takeRows(entry: TensorEntry, from: number, to: number): TensorEntry {
  const shape = [to - from, ...entry.shape.slice(1)];
  const elementBytes = itemBytes[entry.dtype];
  return {
    ...entry,
    name: `${entry.name}[${from}:${to}]`,
    shape,
    offset: entry.offset + from * entry.strides[0]! * elementBytes,
    byteLength: countElements(shape) * elementBytes,
  };
}

function hasRowMajorLayout(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  const expected = rowMajorStrides(shape);
  return shape.every((size, axis) => size === 1 || strides[axis] === expected[axis]);
}
