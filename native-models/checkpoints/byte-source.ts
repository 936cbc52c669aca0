/** Random access to the bytes of a checkpoint file, each read checked to be inside it. */
import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StudioError, systemCodeOf } from '../../contract/errors.ts';
import type { CheckpointFile } from './checkpoint.ts';

/** Something with bytes; `read` gives exactly what was asked for or throws. */
export interface ByteSource {
  /** Absolute path, for messages and entries. */
  path: string;
  sizeBytes: number;
  read(offset: number, length: number): Promise<Buffer<ArrayBuffer>>;
}

export interface FileSource extends ByteSource, CheckpointFile {
  close(): Promise<void>;
}

/**
 * Opens a file for reading; the caller closes it.
 *
 * @throws StudioError `notFound`, or `unreadable` with the system's reason
 */
export async function openFileSource(path: string): Promise<FileSource> {
  const absolute = resolve(path);
  let handle: FileHandle | undefined;
  try {
    handle = await open(absolute, 'r');
    const info = await handle.stat();
    if (!info.isFile()) throw new StudioError('badInput', `${absolute} is not a file.`, { path: absolute });
    return sourceOf(handle, { path: absolute, sizeBytes: info.size, mtimeMs: info.mtimeMs });
  } catch (thrown) {
    await handle?.close();
    throw toFileError(thrown, absolute);
  }
}

function sourceOf(handle: FileHandle, file: CheckpointFile): FileSource {
  return {
    ...file,
    async read(offset, length) {
      if (!isInside(offset, length, file.sizeBytes)) {
        throw new StudioError(
          'checkpointInvalid',
          `${file.path}: bytes ${offset} to ${offset + length} are asked for, but the file has ${file.sizeBytes}.`,
          { path: file.path, offset },
        );
      }
      const bytes = Buffer.from(new ArrayBuffer(length));
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle
          .read(bytes, filled, Math.min(length - filled, 1 << 30), offset + filled)
          .catch((thrown) => {
            throw toFileError(thrown, file.path);
          });
        if (bytesRead === 0)
          throw new StudioError('conflict', changedMessage(file.path), { path: file.path });
        filled += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

/** True for a range of whole, safe numbers that ends within `sizeBytes`. */
export function isInside(offset: number, length: number, sizeBytes: number): boolean {
  return (
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= sizeBytes
  );
}

/** The sentence for a file that is not what it was when it was opened. */
export function changedMessage(path: string): string {
  return `${path} has changed since the checkpoint was opened. Add the checkpoint again.`;
}

/** A system error about a file as a StudioError: `notFound`, `diskFull` or `unreadable`; a StudioError stays as it is. */
export function toFileError(thrown: unknown, path: string): StudioError {
  if (thrown instanceof StudioError) return thrown;
  const system = systemCodeOf(thrown);
  const details = { path, system };
  const options = { cause: thrown };
  if (system === 'ENOENT' || system === 'ENOTDIR') {
    return new StudioError(
      'notFound',
      `There is no file ${path}: choose it again where it is now.`,
      details,
      options,
    );
  }
  if (system === 'ENOSPC' || system === 'EDQUOT') {
    return new StudioError(
      'diskFull',
      `The disk is full: ${path} was not written. Make room there, then do it again.`,
      details,
      options,
    );
  }
  return new StudioError(
    'unreadable',
    `${path} cannot be read or written: ${explainSystem(thrown)}.`,
    details,
    options,
  );
}

/** Why the system refuses a file, in words where they are known. */
export function explainSystem(thrown: unknown): string {
  const system = systemCodeOf(thrown);
  if (system === 'EACCES' || system === 'EPERM') return 'the system gives this account no permission';
  if (system === 'EROFS') return 'its disk can only be read';
  if (system === 'EISDIR') return 'it is a folder';
  return thrown instanceof Error ? thrown.message : String(thrown);
}
