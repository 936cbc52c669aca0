/** Files that are there whole or not at all: written beside their place under a temporary name, brought to disk, then renamed. */
import { randomBytes } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { access, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StudioError, systemCodeOf } from '../../contract/errors.ts';
import { makeFolder } from '../make-folder.ts';
import { cutToBytes } from './file-stem.ts';
import type { OutFile } from './table.ts';

/** A name beside `path` for what is not whole yet; nobody else has it. */
export function partialOf(path: string): string {
  return join(dirname(path), `.${cutToBytes(basename(path), 80)}.${randomBytes(4).toString('hex')}.partial`);
}

interface WriteOptions {
  signal?: AbortSignal | undefined;
  /** Its name until it is whole. */
  partial?: string;
  /** Its permissions; as usual for a new file where absent. */
  mode?: number;
  /** False: what came there while it was written is not replaced. */
  mayReplace?: boolean;
  /** The path that errors tell of, where it is a part of something. */
  shownPath?: string;
}

/**
 * Writes a file to `path`. A failure, a full disk or a cancelled `signal` leaves nothing there, or what was there before.
 *
 * @throws StudioError `unreadable`, `diskFull`, `cancelled`
 */
export async function writeWhole(
  content: OutFile['content'],
  path: string,
  options: WriteOptions = {},
): Promise<void> {
  const { signal, partial = partialOf(path), mode, mayReplace = true, shownPath = path } = options;
  try {
    const from = Readable.from(content, { objectMode: false });
    const to = createWriteStream(partial, { flags: 'wx', ...(mode === undefined ? {} : { mode }) });
    await pipeline(from, to, signal === undefined ? {} : { signal });
    if (!mayReplace && (await isThere(path))) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' });
    await putInPlace(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw explainWriting(error, shownPath, signal);
  }
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

/** Gives what is whole its name, once its bytes are on disk. */
export async function putInPlace(partial: string, path: string): Promise<void> {
  await bringToDisk(partial);
  await rename(partial, path);
  await bringToDisk(dirname(path)).catch(() => undefined);
}

/** Windows cannot do it for folders. */
async function bringToDisk(path: string): Promise<void> {
  const file = await open(path, (await stat(path)).isDirectory() ? 'r' : 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the folder of `path` and sees that it can be written in. @throws StudioError `unreadable` */
export async function prepareFolderOf(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    makeFolder(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    throw explainWriting(error, path);
  }
}

const cameMeanwhile = 'something of that name has come there meanwhile, and stays: export under another name';
const reasons: Record<string, string> = {
  EACCES: 'the folder cannot be written in: choose another one',
  EPERM: 'the folder cannot be written in: choose another one',
  EROFS: 'its disk can only be read: choose another folder',
  EISDIR: 'a folder of that name is there',
  EEXIST: cameMeanwhile,
  ENOTEMPTY: cameMeanwhile,
  ENOTDIR: 'a part of the path is a file',
  ENOENT: 'its folder is not there any more, or its drive is not connected',
  ENAMETOOLONG: 'the name is too long for that disk',
};

/** What went wrong with writing, as a StudioError that says what to do. */
export function explainWriting(error: unknown, path: string, signal?: AbortSignal): StudioError {
  if (error instanceof StudioError) return error;
  if (signal?.aborted === true) return new StudioError('cancelled', 'Cancelled.', {}, { cause: error });
  const code = systemCodeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const message = `The disk of ${path} is full. Nothing was written: make room or choose another folder.`;
    return new StudioError('diskFull', message, { path }, { cause: error });
  }
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return new StudioError(
    'unreadable',
    `${path} could not be written: ${reason}.`,
    { path },
    { cause: error },
  );
}
