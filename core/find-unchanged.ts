/** Finds a file that still holds the content it was known by. */
import { stat } from 'node:fs/promises';
import type { FilePath } from '../native-models/messages.ts';
import { absolutePath } from './find-files.ts';

/** A file as it was when its content was hashed. */
export interface KnownFile {
  root: string;
  path: string;
  raw_path: Buffer | null;
  size_bytes: number;
  mtime_ms: number;
}

/** A path as the file system takes it. */
export function asFsPath(path: FilePath): string | Buffer {
  return typeof path === 'string' ? path : Buffer.from(path);
}

/** The first of an image's files whose size and time are as they were when it was hashed, or why there is none. */
export async function findUnchanged(
  files: readonly KnownFile[],
): Promise<{ path: FilePath; file: KnownFile } | { why: string }> {
  let why = 'no file of it is left';
  for (const file of files) {
    const path = absolutePath(file.root, { path: file.path, rawPath: file.raw_path });
    try {
      const info = await stat(asFsPath(path));
      if (info.size === file.size_bytes && info.mtimeMs === file.mtime_ms) return { path, file };
      why = 'its file has changed since it was scored: score its folder again';
    } catch {
      why = 'its file is not there any more, or its drive is not connected';
    }
  }
  return { why };
}
