/** Writes the tensors that a pack needs in another form than the checkpoint's, one after another, in bounded memory. */
import { open } from 'node:fs/promises';
import { toFileError } from '../checkpoints/byte-source.ts';
import type { TensorEntry } from '../checkpoints/checkpoint.ts';
import { readTensorChunks } from '../checkpoints/read-tensor.ts';
import { countElements } from '../checkpoints/tensor-layout.ts';
import { writeAll } from '../checkpoints/write-safetensors.ts';
import type { PlannedTensor } from './weight-plan.ts';

/** Numbers are read in pieces of this size. */
const chunkBytes = 4 * 2 ** 20;
/**
 * Seven bits: x86 processors without VNNI add up two products of an unsigned and a signed byte in sixteen bits, and cut off what is beyond
 * them. 2 · 255 · 63 is not. See docs/decisions/0007-one-image-a-core.md.
 */
const largestInt8 = 63;

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

/** Rows that are turned together: what they are written to lies side by side. */
const rowsTogether = 64;

/** Symmetric int8, one scale a row of [out, in]: w ≈ scale · q with q in −63 … 63, the largest magnitude of a row being 63. */
async function quantise(entry: TensorEntry): Promise<Quantised> {
  const outputs = entry.shape[0]!;
  const inputs = countElements(entry.shape) / outputs;
  const quantised = { entry, matrix: new Int8Array(outputs * inputs), scales: new Float32Array(outputs) };
  const block = new Float32Array(rowsTogether * inputs);
  let output = 0;
  let filled = 0;
  for await (const chunk of readTensorChunks(entry, chunkBytes)) {
    for (let at = 0; at < chunk.length; ) {
      const wanted = Math.min(rowsTogether, outputs - output) * inputs;
      const taken = Math.min(wanted - filled, chunk.length - at);
      block.set(chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < wanted) break;
      quantiseRows(block.subarray(0, wanted), output, quantised);
      output += wanted / inputs;
      filled = 0;
    }
  }
  return quantised;
}

/** A row of zeros has the scale 1. @param rows the rows from `output` on */
function quantiseRows(rows: Float32Array, output: number, { matrix, scales }: Quantised): void {
  const outputs = scales.length;
  const inputs = matrix.length / outputs;
  const count = rows.length / inputs;
  for (let row = 0; row < count; row++) {
    let largest = 0;
    for (let at = row * inputs, end = at + inputs; at < end; at++) {
      const size = Math.abs(rows[at]!);
      if (size > largest) largest = size;
    }
    scales[output + row] = largest > 0 ? largest / largestInt8 : 1;
  }
  for (let input = 0; input < inputs; input++) {
    const to = input * outputs + output;
    for (let row = 0; row < count; row++) {
      matrix[to + row] = Math.round(rows[row * inputs + input]! / scales[output + row]!);
    }
  }
}

async function openFile(path: string): Promise<Target> {
  const handle = await open(path, 'wx');
  return {
    async write(bytes, position) {
      await writeAll(handle, bytes, position);
    },
    async close() {
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}
