/** Writes the tensors that a pack needs in another form than the checkpoint's, one after another, in bounded memory. */
import { type FileHandle, open } from 'node:fs/promises';
import { toFileError } from '../checkpoints/byte-source.ts';
import type { TensorEntry } from '../checkpoints/checkpoint.ts';
import { readTensorChunks } from '../checkpoints/read-tensor.ts';
import { countElements } from '../checkpoints/tensor-layout.ts';
import type { PlannedTensor } from './weight-plan.ts';

/** Numbers are read in pieces of this size. */
const chunkBytes = 4 * 2 ** 20;
/** The largest magnitude of int8 that has a counterpart of the other sign. */
const largestInt8 = 127;

/** What the tensors go to: a file, or a test's stand-in for a full disk. */
export interface Target {
  write(bytes: Uint8Array, position: number): Promise<void>;
  close(): Promise<void>;
}

export interface WriteOptions {
  /** Bytes written so far, and in all. */
  onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
  signal?: AbortSignal | undefined;
  openTarget?: ((path: string) => Promise<Target>) | undefined;
}

/**
 * Writes `planned` to the new file `path` and syncs it. Memory: some pieces of 4 MiB, and the int8 form of one matrix at a time.
 * What is there after an error is the caller's to remove.
 *
 * @throws StudioError `diskFull`, `checkpointInvalid`, `conflict` where the checkpoint has changed, `cancelled`
 */
export async function writeConverted(
  path: string,
  planned: readonly PlannedTensor[],
  { onProgress, signal, openTarget = openFile }: WriteOptions = {},
): Promise<void> {
  const totalBytes = planned.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const target = await openTarget(path).catch((thrown) => {
    throw toFileError(thrown, path);
  });
  let doneBytes = 0;
  let quantised: Quantised | null = null;
  try {
    for (const { entry, conversion, offset } of planned) {
      let position = offset;
      const write = async (view: ArrayBufferView) => {
        signal?.throwIfAborted();
        const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
        await target.write(bytes, position).catch((thrown) => {
          throw toFileError(thrown, path);
        });
        position += bytes.length;
        doneBytes += bytes.length;
        onProgress?.(doneBytes, totalBytes);
      };
      if (conversion === 'int8' || conversion === 'int8Scales') {
        // A matrix and its scales are asked for one after the other: it is read once.
        if (quantised?.entry !== entry) quantised = await quantise(entry);
        await write(conversion === 'int8' ? quantised.matrix : quantised.scales);
      } else {
        for await (const chunk of readTensorChunks(entry, chunkBytes)) {
          await write(conversion === 'float16' ? new Float16Array(chunk) : chunk);
        }
      }
    }
  } finally {
    await target.close();
  }
}

interface Quantised {
  entry: TensorEntry;
  /** [in, out] */
  matrix: Int8Array;
  /** [out] */
  scales: Float32Array;
}

/** Symmetric int8, one scale a row of [out, in]: w ≈ scale · q with q in −127 … 127, the largest magnitude of a row being 127. */
async function quantise(entry: TensorEntry): Promise<Quantised> {
  const outputs = entry.shape[0]!;
  const inputs = countElements(entry.shape) / outputs;
  const matrix = new Int8Array(outputs * inputs);
  const scales = new Float32Array(outputs);
  const row = new Float32Array(inputs);
  let output = 0;
  let filled = 0;
  for await (const chunk of readTensorChunks(entry, chunkBytes)) {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(inputs - filled, chunk.length - at);
      row.set(chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < inputs) break;
      scales[output] = quantiseRow(row, matrix, output, outputs);
      output += 1;
      filled = 0;
    }
  }
  return { entry, matrix, scales };
}

/** @returns the row's scale; 1 for a row of zeros */
function quantiseRow(row: Float32Array, matrix: Int8Array, output: number, outputs: number): number {
  let largest = 0;
  for (let at = 0; at < row.length; at++) largest = Math.max(largest, Math.abs(row[at]!));
  const scale = largest > 0 ? Math.fround(largest / largestInt8) : 1;
  for (let at = 0, to = output; at < row.length; at++, to += outputs) {
    const rounded = Math.round(row[at]! / scale);
    matrix[to] = Math.max(-largestInt8, Math.min(largestInt8, rounded));
  }
  return scale;
}

async function openFile(path: string): Promise<Target> {
  const handle = await open(path, 'wx');
  return {
    write: (bytes, position) => writeAll(handle, bytes, position),
    async close() {
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
