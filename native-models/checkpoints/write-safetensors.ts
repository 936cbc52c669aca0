/** Writes a safetensors file tensor by tensor, in bounded memory, so that it is there whole or not at all. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { toFileError } from './byte-source.ts';
import { type Dtype, itemBytes } from './checkpoint.ts';
import { safetensorsTypes } from './safetensors.ts';
import { countElements } from './tensor-layout.ts';

/** A tensor to write; its bytes are asked for when their turn comes. */
export interface TensorSource {
  name: string;
  dtype: Dtype;
  shape: readonly number[];
  /** Row-major, little-endian, in pieces of any size; exactly the tensor's bytes. */
  chunks: () => AsyncIterable<ArrayBufferView> | Iterable<ArrayBufferView>;
}

/** The data begin at a multiple of this, and so does every tensor whose predecessors' sizes are. */
const alignmentBytes = 64;

/**
 * Writes the tensors to a temporary file beside `path`, syncs it and puts it in place; on any failure nothing is left.
 * Wider types come first, as the format's own writer has it, so that each tensor is aligned to its type; else the given order is kept.
 *
 * @returns the size of the file in bytes
 * @throws StudioError `badInput` for a name twice or chunks of another size than the shape's, `diskFull`, `unreadable`, `cancelled`
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly TensorSource[],
  metadata: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<number> {
  const sorted = [...tensors].sort((a, b) => itemBytes[b.dtype] - itemBytes[a.dtype]);
  const header = encodeHeader(sorted, metadata);
  const temporary = `${path}.${process.pid}.partial`;
  try {
    const handle = await open(temporary, 'w');
    let position = 0;
    try {
      position = await writeAll(handle, header, position);
      for (const tensor of sorted) {
        const end = position + sizeOf(tensor);
        for await (const chunk of tensor.chunks()) {
          signal?.throwIfAborted();
          if (position + chunk.byteLength > end) throw wrongSize(tensor);
          position = await writeAll(handle, chunk, position);
        }
        if (position !== end) throw wrongSize(tensor);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return position;
  } catch (thrown) {
    await rm(temporary, { force: true });
    const isSystem = thrown instanceof Error && 'syscall' in thrown;
    throw isSystem ? toFileError(thrown, path) : thrown;
  }
}

function encodeHeader(tensors: readonly TensorSource[], metadata: Record<string, string>): Buffer {
  const names = Object.entries(safetensorsTypes);
  const entries: [string, unknown][] = [['__metadata__', metadata]];
  let offset = 0;
  for (const tensor of tensors) {
    const end = offset + sizeOf(tensor);
    const [dtype] = names.find(([, type]) => type === tensor.dtype)!;
    entries.push([tensor.name, { dtype, shape: tensor.shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  if (new Set(entries.map(([name]) => name)).size < entries.length) {
    throw new StudioError('badInput', 'Two of the tensors to write have one name.');
  }
  const json = JSON.stringify(Object.fromEntries(entries));
  const length = Buffer.byteLength(json) + 8;
  const padded = Math.ceil(length / alignmentBytes) * alignmentBytes;
  const header = Buffer.alloc(padded, ' ');
  header.writeBigUInt64LE(BigInt(padded - 8), 0);
  header.write(json, 8);
  return header;
}

function sizeOf({ shape, dtype }: TensorSource): number {
  return countElements(shape) * itemBytes[dtype];
}

function wrongSize({ name, shape, dtype }: TensorSource): StudioError {
  return new StudioError(
    'badInput',
    `The chunks of tensor ${JSON.stringify(name)} are not the ${sizeOf({ name, shape, dtype, chunks: () => [] })} bytes of its shape [${shape}].`,
    { tensor: name },
  );
}

/** Writes all of a view at a position, however many calls the system takes; gives the position behind it. */
export async function writeAll(handle: FileHandle, view: ArrayBufferView, position: number): Promise<number> {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
  return position + done;
}

/** Makes the new name last; Windows has no such call for folders, and none is needed there. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
