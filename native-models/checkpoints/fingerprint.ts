/** A cheap identity of a set of tensors: their descriptions and a sample of their bytes. */
import { createHash } from 'node:crypto';
import type { ByteSource } from './byte-source.ts';
import { itemBytes, type TensorEntry } from './checkpoint.ts';

/** Bytes taken at the start, in the middle and at the end of what has no CRC-32; below four times that all of it. */
const sampleBytes = 64;

/**
 * A key that is equal for tensors of equal content as far as an archive's CRC-32 tells (and so for the tensors that several trained sets
 * share); null where the format states none. Different contents have one key by chance once in 4 × 10⁹ pairs: compare the bytes before
 * trusting it with more.
 */
export function tensorContentKey(entry: TensorEntry): string | null {
  if (entry.storageCrc32 === null) return null;
  const { dtype, shape, strides, storageByteLength } = entry;
  const storageOffset = (entry.offset - entry.storageStart) / itemBytes[dtype];
  return JSON.stringify([dtype, shape, strides, storageOffset, storageByteLength, entry.storageCrc32]);
}

/**
 * SHA-256 (hex) over the tensors sorted by name, whatever files they lie in.
 *
 * @param sources the open files by path
 */
export async function fingerprintTensors(
  entries: readonly TensorEntry[],
  sources: ReadonlyMap<string, ByteSource>,
): Promise<string> {
  const hash = createHash('sha256');
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of sorted) {
    const key = tensorContentKey(entry);
    hash.update(JSON.stringify([entry.name, key ?? [entry.dtype, entry.shape, entry.strides]]));
    if (key === null) {
      for (const bytes of await readSamples(entry, sources.get(entry.file)!)) hash.update(bytes);
    }
  }
  return hash.digest('hex');
}

function readSamples(entry: TensorEntry, source: ByteSource): Promise<Buffer[]> {
  const { isContiguous, offset, byteLength, storageStart, storageByteLength } = entry;
  const start = isContiguous ? offset : storageStart;
  const length = isContiguous ? byteLength : storageByteLength;
  if (length <= 4 * sampleBytes) return Promise.all([source.read(start, length)]);
  const middle = start + Math.floor((length - sampleBytes) / 2);
  return Promise.all([start, middle, start + length - sampleBytes].map((at) => source.read(at, sampleBytes)));
}
