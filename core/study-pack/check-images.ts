/** Holds the images of a study pack that is a folder against their hashes, and words what is wrong with one. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { hashFile } from '../hash-file.ts';
import type { JobContext } from '../jobs.ts';
import type { PackedFile } from './pack-format.ts';

export interface FileTime {
  sizeBytes: number;
  mtimeMs: number;
}

/** Size and time of every image file by its hash. @throws StudioError `unreadable` for one that is missing or has other bytes */
export async function checkImages(
  files: readonly PackedFile[],
  folder: string,
  { signal, report }: JobContext,
): Promise<Map<string, FileTime>> {
  report({ phase: 'checking images', total: files.length });
  const times = new Map<string, FileTime>();
  for (const [done, file] of files.entries()) {
    const path = join(folder, file.file);
    let found: string;
    try {
      const { size, mtimeMs } = await stat(path);
      times.set(file.sha256, { sizeBytes: size, mtimeMs });
      found = await hashFile(path, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw missing(file, path, error);
    }
    if (found !== file.sha256) throw damaged(file, path);
    report({ done: done + 1 });
  }
  return times;
}

export function missing({ name, file }: PackedFile, path: string, cause?: unknown): StudioError {
  return new StudioError('unreadable', `${name} (${file}) is missing from the pack.`, { path }, { cause });
}

export function damaged({ name, file }: PackedFile, path: string, cause?: unknown): StudioError {
  const message = `${name} (${file}) is damaged: it is not the image of the study.`;
  return new StudioError('unreadable', message, { path }, { cause });
}
