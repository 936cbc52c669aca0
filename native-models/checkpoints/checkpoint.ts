/**
 * What a checkpoint is to the rest of the studio: named tensors, each a byte range of a file.
 * `open-checkpoint.ts` gives one, `read-tensor.ts` reads its numbers, `verify-checkpoint.ts` checks every byte.
 */

export type Dtype =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint8'
  | 'bool';

/** Bytes of one element. */
export const itemBytes: Record<Dtype, number> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** One tensor: what it is called, what it holds and where its bytes lie. Every range is inside its file: `openCheckpoint` has checked it. */
export interface TensorEntry {
  /** Nested dictionaries are joined by `.`: `{base: {'fc.weight': …}}` gives `base.fc.weight`. */
  name: string;
  dtype: Dtype;
  shape: readonly number[];
  /** In elements. */
  strides: readonly number[];
  /** Row-major without gaps: can be mapped where it lies. */
  isContiguous: boolean;
  /** Absolute path of the file with the bytes. */
  file: string;
  /** Byte offset in `file` of the first element. */
  offset: number;
  /** Bytes of the logical tensor: number of elements × bytes of one. */
  byteLength: number;
  /** The storage the tensor views, as a byte range of `file`; equal ranges are shared storages. */
  storageStart: number;
  storageByteLength: number;
  /** CRC-32 of the storage's bytes as the archive states it; null where the format states none. Equal CRC, length, offset within the storage, shape and strides: equal content. */
  storageCrc32: number | null;
}

export interface CheckpointFile {
  path: string;
  sizeBytes: number;
  mtimeMs: number;
}

export interface Checkpoint {
  /** Absolute: the file, or the folder of a sharded one. */
  path: string;
  format: 'safetensors' | 'torch' | 'torchLegacy';
  /** By name, in the file's order. */
  tensors: ReadonlyMap<string, TensorEntry>;
  /** Every file that holds bytes of it. */
  files: readonly CheckpointFile[];
  /** Text the format carries beside the tensors (safetensors' `__metadata__`). */
  metadata: Record<string, string>;
  /**
   * SHA-256 (hex) over names, dtypes, shapes and a cheap sample of the content (the archive's CRC-32s, or a few bytes of each tensor):
   * tells tensor sets apart without reading gigabytes. It is no proof against tampering: that is `verifyCheckpoint`'s.
   */
  fingerprint: string;
}
