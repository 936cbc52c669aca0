/** Walks a folder for image files: sizes and times only, nothing is opened. Loops and unreadable folders are reported, never fatal. */
import type { Dirent } from 'node:fs';
import { lstat, opendir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { systemCodeOf } from '../contract/errors.ts';
import type { FileFailure } from '../native-models/messages.ts';
import { sortInSlices } from './sort-in-slices.ts';

/** Endings of the formats the studio reads; what a file really is is decided by its bytes. */
const imageEndings = /\.(png|apng|jpe?g|jfif|webp|avif|tiff?|gif)$/i;

/** Entries of a folder that are read at once. */
const entriesAtOnce = 1000;
/** Files whose sizes and times are asked for at once: a disk, and a drive far away above all, answers many in little more than the time of one. */
const filesAtOnce = 64;

export interface FoundImageFile {
  /** Relative to the folder, with `/`; a readable form where the name is not UTF-8. */
  path: string;
  /** The absolute path's bytes, only where the name is not UTF-8. */
  rawPath: Buffer | null;
  sizeBytes: number;
  mtimeMs: number;
  /** A sidecar text file of the same stem lies beside it: its name. */
  sidecar: string | null;
}

export interface ProblemPath {
  path: string;
  failure: FileFailure;
}

/** `unseen`: a folder that could not be looked into, or a link that leads nowhere: nobody knows what is below it now. */
export type Found =
  | { file: FoundImageFile }
  | { problem: ProblemPath; unseen?: string }
  | { unseen: string; problem?: undefined };

/** What is walked. */
export interface Walked {
  folder: string;
  recursive: boolean;
  /** Folders that are passed over: the studio's own thumbnails are no images of the library, and some are looked through by themselves. */
  except?: readonly string[];
}

interface Walk extends Walked {
  /** Device and inode of the folders above and seen, against symbolic link loops and folders reached twice. */
  seen: Set<string>;
}

/**
 * The image files of a folder, in the order of names within each folder, files before sub-folders.
 * Hidden files and folders (leading dot) are passed over.
 *
 * @param below a folder in it, relative to it, that alone is looked through
 */
export async function* findImageFiles(walked: Walked, below = '.'): AsyncGenerator<Found> {
  yield* walk({ ...walked, seen: new Set() }, Buffer.from(join(walked.folder, below)));
}

/**
 * What is at some paths below a folder (relative to it, with `/`): an image file, or everything in a folder. Paths at which nothing
 * is, or nothing of ours, give nothing. Symbolic links to folders are not followed: only a walk over everything knows where they meet.
 */
export async function* findFilesAt(walked: Walked, paths: readonly string[]): AsyncGenerator<Found> {
  const { folder, recursive, except = [] } = walked;
  for (const path of paths) {
    const full = join(folder, path);
    if (isHidden(path) || except.some((other) => full.startsWith(join(other, sep)))) continue;
    const at = Buffer.from(full);
    const info = await lstat(at).catch(() => null);
    const on = { ...walked, seen: new Set<string>() };
    if (info?.isDirectory() === true) {
      if (recursive || path === '.') yield* walk(on, at);
    } else if (info !== null && isImageName(path) && (recursive || !path.includes('/'))) {
      yield await describeFile(on, at, await sidecarNames(at));
    }
  }
}

/** Whether a file of this name is looked at. */
export function isImageName(path: string): boolean {
  return imageEndings.test(path);
}

/** A name of the path begins with a dot. */
export function isHidden(path: string): boolean {
  return path !== '.' && path.split('/').some((name) => name.startsWith('.'));
}

/** The sidecars that lie beside a file, without reading its folder. */
async function sidecarNames(path: Buffer): Promise<Map<string, string>> {
  const at = path.toString('utf8');
  const candidates = [`${at.replace(imageEndings, '')}.txt`, `${at}.txt`];
  const there = await Promise.all(
    candidates.map(
      async (one) =>
        await stat(one).then(
          () => basename(one),
          () => null,
        ),
    ),
  );
  return new Map(there.flatMap((name) => (name === null ? [] : [[name.toLowerCase(), name]])));
}

async function* walk(on: Walk, at: Buffer): AsyncGenerator<Found> {
  if (on.except?.includes(at.toString('utf8')) === true) return;
  let entries: Dirent<Buffer>[];
  try {
    const info = await stat(at, { bigint: true });
    const identity = `${info.dev}:${info.ino}`;
    if (on.seen.has(identity)) return;
    on.seen.add(identity);
    entries = await readEntries(at);
  } catch (error) {
    const path = displayPath(on, at);
    yield { problem: { path, failure: folderFailure(error) }, unseen: path };
    return;
  }
  const names = new Map<string, string>();
  for (const { name } of entries) {
    if (endsInTxt(name)) names.set(name.toString('utf8').toLowerCase(), name.toString('utf8'));
  }
  const folders: Buffer[] = [];
  for (let from = 0; from < entries.length; from += filesAtOnce) {
    const some = entries.slice(from, from + filesAtOnce);
    for (const seen of await Promise.all(some.map((entry) => lookAtEntry(on, at, entry, names)))) {
      if (seen === null) continue;
      if ('folder' in seen) folders.push(seen.folder);
      else yield seen;
    }
  }
  if (on.recursive) for (const path of folders) yield* walk(on, path);
}

/** What an entry of a folder is; null where it is none of ours. */
async function lookAtEntry(
  on: Walk,
  at: Buffer,
  entry: Dirent<Buffer>,
  names: ReadonlyMap<string, string>,
): Promise<Found | { folder: Buffer } | null> {
  if (entry.name[0] === 0x2e) return null;
  const path = joinBytes(at, entry.name);
  const leadsTo = entry.isSymbolicLink() ? await followLink(path) : null;
  if (entry.isDirectory() || leadsTo === 'folder') return { folder: path };
  if (imageEndings.test(entry.name.toString('latin1'))) return await describeFile(on, path, names);
  return leadsTo === 'nowhere' ? { unseen: displayPath(on, path) } : null;
}

/** A folder of 50,000 files is read and sorted a part at a time: a vote is not kept waiting. */
async function readEntries(at: Buffer): Promise<Dirent<Buffer>[]> {
  const entries: Dirent<Buffer>[] = [];
  for await (const entry of await openBytes(at)) entries.push(entry);
  return await sortInSlices(entries, (a, b) => Buffer.compare(a.name, b.name));
}

/** Node gives names as bytes here as `readdir` does; its types know of texts alone. */
async function openBytes(at: Buffer): Promise<AsyncIterable<Dirent<Buffer>>> {
  return (await opendir(at, { encoding: 'buffer' as BufferEncoding, bufferSize: entriesAtOnce })) as never;
}

function endsInTxt(name: Buffer): boolean {
  return name.toString('latin1', name.length - 4).toLowerCase() === '.txt';
}

async function followLink(path: Buffer): Promise<'folder' | 'file' | 'nowhere'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'nowhere';
  }
}

async function describeFile(on: Walk, path: Buffer, names: ReadonlyMap<string, string>): Promise<Found> {
  const isUtf8 = Buffer.from(path.toString('utf8'), 'utf8').equals(path);
  const readable = displayPath(on, path);
  const display =
    isUtf8 || !(await isThere(join(on.folder, readable))) ? readable : displayPath(on, path, '%%');
  try {
    const info = await stat(path);
    if (!info.isFile()) {
      return {
        problem: { path: display, failure: { code: 'notAFile', message: 'It is not a regular file.' } },
      };
    }
    return {
      file: {
        path: display,
        rawPath: isUtf8 ? null : path,
        sizeBytes: info.size,
        mtimeMs: info.mtimeMs,
        sidecar: findSidecar(display, names),
      },
    };
  } catch (error) {
    const isLink = await lstat(path).then(
      (info) => info.isSymbolicLink(),
      () => false,
    );
    const reason = errorWords(error);
    const message = isLink ? `It is a link that leads nowhere (${reason}).` : `It cannot be read: ${reason}.`;
    return { problem: { path: display, failure: { code: 'unreadable', message } } };
  }
}

/** `fox.txt` or `fox.png.txt` beside `fox.png`, whichever is there. */
function findSidecar(display: string, names: ReadonlyMap<string, string>): string | null {
  const name = display.slice(display.lastIndexOf('/') + 1);
  const stem = name.replace(imageEndings, '');
  for (const candidate of [`${stem}.txt`, `${name}.txt`]) {
    const found = names.get(candidate.toLowerCase());
    if (found !== undefined) return found;
  }
  return null;
}

function joinBytes(folder: Buffer, name: Buffer): Buffer {
  const endsWithSeparator = folder.at(-1) === sep.charCodeAt(0);
  return Buffer.concat(endsWithSeparator ? [folder, name] : [folder, Buffer.from(sep), name]);
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

/** Relative path with `/`; bytes that are not UTF-8 are shown as `%XX`, or as `%%XX` where another file is called so. */
function displayPath(on: Walk, path: Buffer, mark = '%'): string {
  const text = path.toString('utf8');
  const isUtf8 = Buffer.from(text, 'utf8').equals(path);
  const readable = isUtf8 ? text : escapeInvalid(path, mark);
  return relative(on.folder, readable).split(sep).join('/') || '.';
}

/** UTF-8 where it is valid, `mark` and two digits for each byte where it is not. */
function escapeInvalid(bytes: Buffer, mark: string): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((n) => {
      const part = bytes.subarray(at, at + n);
      const decoded = part.toString('utf8');
      return part.length === n && [...decoded].length === 1 && Buffer.from(decoded, 'utf8').equals(part);
    });
    if (length === undefined) {
      text += `${mark}${bytes[at]!.toString(16).toUpperCase().padStart(2, '0')}`;
      at += 1;
    } else {
      text += bytes.toString('utf8', at, at + length);
      at += length;
    }
  }
  return text;
}

function folderFailure(error: unknown): FileFailure {
  return { code: 'unreadable', message: `The folder cannot be read: ${errorWords(error)}.` };
}

function errorWords(error: unknown): string {
  const code = systemCodeOf(error);
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOENT: 'it is not there',
    ELOOP: 'too many symbolic links',
    ENAMETOOLONG: 'the name is too long',
    EIO: 'the disk reports an error',
  };
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}

/** The absolute path of a found file for reading: bytes where the name is not UTF-8. */
export function absolutePath(
  root: string,
  file: { path: string; rawPath: Uint8Array | null },
): string | Uint8Array {
  return file.rawPath ?? join(root, file.path);
}
