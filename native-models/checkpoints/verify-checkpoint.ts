/** Reads every byte of a checkpoint once: checks what the format states about them and gives the files' hashes. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type FileSource, openFileSource } from './byte-source.ts';
import type { Checkpoint, TensorEntry } from './checkpoint.ts';
import { invalid, quote } from './invalid.ts';
import { checkUnchanged } from './open-checkpoint.ts';

export interface VerifiedFile {
  path: string;
  /** Hexadecimal; what the hub states for each of its large files. */
  sha256: string;
}

const blockBytes = 4 * 2 ** 20;

/**
 * Checks a checkpoint whole; meant to run in the background, it reads in blocks of 4 MiB.
 *
 * @param onProgress bytes read so far and in all
 * @throws StudioError `checkpointInvalid` naming the first tensor whose storage fails its CRC-32; `conflict` when a file has changed since
 *   it was opened; `cancelled`
 */
export async function verifyCheckpoint(
  checkpoint: Checkpoint,
  onProgress?: (doneBytes: number, totalBytes: number) => void,
  signal?: AbortSignal,
): Promise<VerifiedFile[]> {
  const totalBytes = checkpoint.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  await checkUnchanged(checkpoint.files);
  const verified: VerifiedFile[] = [];
  let doneBytes = 0;
  for (const { path } of checkpoint.files) {
    const source = await openFileSource(path);
    try {
      const sha256 = await readThrough(source, storagesOf(checkpoint, path), (bytes) => {
        signal?.throwIfAborted();
        doneBytes += bytes;
        onProgress?.(doneBytes, totalBytes);
      });
      verified.push({ path, sha256 });
    } finally {
      await source.close();
    }
  }
  await checkUnchanged(checkpoint.files);
  return verified;
}

/** One tensor for each storage with a CRC-32, in the order in which they lie in the file; they do not overlap. */
function storagesOf(checkpoint: Checkpoint, path: string): TensorEntry[] {
  const storages = new Map<number, TensorEntry>();
  for (const entry of checkpoint.tensors.values()) {
    const isChecked = entry.file === path && entry.storageCrc32 !== null && entry.storageByteLength > 0;
    if (isChecked && !storages.has(entry.storageStart)) storages.set(entry.storageStart, entry);
  }
  return [...storages.values()].sort((a, b) => a.storageStart - b.storageStart);
}

async function readThrough(
  source: FileSource,
  storages: readonly TensorEntry[],
  onBlock: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  let current = 0;
  let checksum = 0;
  for (let start = 0; start < source.sizeBytes; start += blockBytes) {
    const block = await source.read(start, Math.min(blockBytes, source.sizeBytes - start));
    hash.update(block);
    for (; current < storages.length; current++, checksum = 0) {
      const entry = storages[current]!;
      const end = entry.storageStart + entry.storageByteLength;
      if (entry.storageStart >= start + block.length) break;
      const part = block.subarray(Math.max(0, entry.storageStart - start), Math.max(0, end - start));
      checksum = crc32(part, checksum);
      if (end > start + block.length) break;
      if (checksum !== entry.storageCrc32) throw damaged(entry);
    }
    onBlock(block.length);
  }
  return hash.digest('hex');
}

function damaged(entry: TensorEntry): Error {
  return invalid(
    `${entry.file}: the storage of tensor ${quote(entry.name)} is damaged: its CRC-32 does not match the archive's. Download the file again.`,
    { path: entry.file, tensor: entry.name, offset: entry.storageStart },
  );
}
