/** Reads the numbers of a tensor as float32 in row-major order, whole or in chunks, checking what its archive states about them. */
import { crc32 } from 'node:zlib';
import { StudioError } from '../../contract/errors.ts';
import { type ByteSource, openFileSource } from './byte-source.ts';
import { itemBytes, type TensorEntry } from './checkpoint.ts';
import { elementsWithin, toFloat32 } from './dtype-floats.ts';
import { invalid, quote } from './invalid.ts';
import { limits } from './limits.ts';
import { countElements, spanElements } from './tensor-layout.ts';

/** Storages up to this size are read whole, so that their CRC-32 can be checked even for a part of them. */
const checkedStorageBytes = 4 * 2 ** 20;
const readBytes = 16 * 2 ** 20;

/**
 * All numbers of a tensor, strides applied.
 *
 * @throws StudioError `tooLarge` beyond 2^29 elements (take `readTensorChunks`), `checkpointInvalid` for bytes that fail their CRC-32,
 *   `conflict` when the file has shrunk, `notFound`, `unreadable`
 */
export async function readTensor(entry: TensorEntry): Promise<Float32Array<ArrayBuffer>> {
  const elements = countElements(entry.shape);
  if (elements > limits.wholeTensorElements) {
    throw new StudioError(
      'tooLarge',
      `Tensor ${quote(entry.name)} has ${elements} elements: read it in chunks.`,
      {
        tensor: entry.name,
      },
    );
  }
  const numbers = new Float32Array(elements);
  let filled = 0;
  for await (const chunk of readTensorChunks(entry, readBytes)) {
    numbers.set(chunk, filled);
    filled += chunk.length;
  }
  return numbers;
}

/**
 * The numbers of a tensor in row-major order, in chunks of at most `maxBytes` of float32 and of stored bytes. Memory: a few times that;
 * for a tensor with strides (at most 2^26 elements) or a part of a small storage, that storage's span besides.
 * The last chunk comes only when the CRC-32 of a storage that the tensor covers whole has been found right.
 *
 * @throws StudioError as `readTensor`
 */
export async function* readTensorChunks(
  entry: TensorEntry,
  maxBytes: number,
): AsyncGenerator<Float32Array<ArrayBuffer>, void, undefined> {
  const source = await openFileSource(entry.file);
  try {
    const step = elementsWithin(entry.dtype, maxBytes);
    const isSmall = entry.storageCrc32 !== null && entry.storageByteLength <= checkedStorageBytes;
    if (!entry.isContiguous || (isSmall && entry.byteLength < entry.storageByteLength)) {
      yield* gatherChunks(entry, await readWindow(entry, source, isSmall), step);
    } else {
      yield* streamChunks(entry, source, step);
    }
  } finally {
    await source.close();
  }
}

async function* streamChunks(
  entry: TensorEntry,
  source: ByteSource,
  step: number,
): AsyncGenerator<Float32Array<ArrayBuffer>> {
  const isWhole = entry.storageCrc32 !== null && entry.byteLength === entry.storageByteLength;
  const stepBytes = step * itemBytes[entry.dtype];
  let checksum = 0;
  for (let at = 0; at < entry.byteLength; at += stepBytes) {
    const bytes = await source.read(entry.offset + at, Math.min(stepBytes, entry.byteLength - at));
    if (isWhole) {
      checksum = crc32(bytes, checksum);
      if (at + stepBytes >= entry.byteLength) checkCrc(entry, checksum);
    }
    yield toFloat32(entry.dtype, bytes.buffer);
  }
}

function checkCrc(entry: TensorEntry, found: number): void {
  if (found === entry.storageCrc32) return;
  throw invalid(
    `${entry.file}: the numbers of tensor ${quote(entry.name)} are damaged: their CRC-32 does not match the archive's. Download the file again.`,
    { path: entry.file, tensor: entry.name, offset: entry.storageStart },
  );
}

interface Window {
  numbers: Float32Array;
  /** Index in `numbers` of the tensor's first element. */
  first: number;
}

/** All elements between the tensor's first and last, or its whole storage where that can be checked. */
async function readWindow(entry: TensorEntry, source: ByteSource, isWhole: boolean): Promise<Window> {
  const bytesEach = itemBytes[entry.dtype];
  if (!isWhole) {
    const bytes = await source.read(entry.offset, spanElements(entry.shape, entry.strides) * bytesEach);
    return { numbers: toFloat32(entry.dtype, bytes.buffer), first: 0 };
  }
  const bytes = await source.read(entry.storageStart, entry.storageByteLength);
  checkCrc(entry, crc32(bytes));
  const first = (entry.offset - entry.storageStart) / bytesEach;
  return { numbers: toFloat32(entry.dtype, bytes.buffer), first };
}

function* gatherChunks(
  { shape, strides }: TensorEntry,
  { numbers, first }: Window,
  step: number,
): Generator<Float32Array<ArrayBuffer>> {
  const elements = countElements(shape);
  const index = new Array<number>(shape.length).fill(0);
  let place = first;
  for (let start = 0; start < elements; start += step) {
    const chunk = new Float32Array(Math.min(step, elements - start));
    for (let at = 0; at < chunk.length; at++) {
      chunk[at] = numbers[place]!;
      // The next index in row-major order: the last axis runs fastest.
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        place += strides[axis]!;
        index[axis] = index[axis]! + 1;
        if (index[axis]! < shape[axis]!) break;
        place -= strides[axis]! * shape[axis]!;
        index[axis] = 0;
      }
    }
    yield chunk;
  }
}
