/** Unpacks a study pack that is one zip file: only what its design names, each image held against its hash before it gets its name. */
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { StudioError } from '../../contract/errors.ts';
import { explainWriting, partialOf } from '../export/write-whole.ts';
import { copyHashing } from '../hash-file.ts';
import type { JobContext } from '../jobs.ts';
import { makeFolder } from '../make-folder.ts';
import { damaged, type FileTime, missing } from './check-images.ts';
import type { PackedFile } from './pack-format.ts';

/** An open pack file whose directory was looked through. */
export interface PackFile {
  readonly path: string;
  readonly zip: ZipFile;
  readonly entries: ReadonlyMap<string, Entry>;
}

/**
 * Opens a pack file and reads its directory; nothing is written. Refused are names outside the pack, links, entries that are encrypted,
 * there twice, with comments, or compressed (images are not), and sizes that together are more than the file: what is unpacked is never more than it.
 *
 * @throws StudioError `badInput`
 */
export async function openPackFile(path: string): Promise<PackFile> {
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(path, { autoClose: false, lazyEntries: true });
    const entries = new Map<string, Entry>();
    let imageBytes = 0;
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName === 'images/') continue;
      const problem = findProblem(entry) ?? (entries.has(entry.fileName) ? 'is there twice' : null);
      if (problem !== null) throw new Error(`“${entry.fileName.slice(0, 100)}” in it ${problem}`);
      entries.set(entry.fileName, entry);
      if (entry.fileName !== designName) imageBytes += entry.uncompressedSize;
    }
    if (!entries.has(designName)) throw new Error(`there is no ${designName} in it`);
    if (imageBytes > (await stat(path)).size) throw new Error('its images claim to be larger than it is');
    return { path, zip, entries };
  } catch (error) {
    zip?.close();
    throw refused(path, error);
  }
}

function refused(path: string, error: unknown): StudioError {
  const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  const message = `${path} is no study pack that can be taken in: ${reason}. Was it copied whole, and written by the studio?`;
  return new StudioError('badInput', message, { path }, { cause: error });
}

const designName = 'study.json';
/** It is read whole. That of 20,000 images for 50 raters is about 150 MB. */
const mostDesignBytes = 400 * 2 ** 20;
/** Zip programs note times and owners in some 50 bytes. Megabytes of entries would be memory before any is read. */
const mostExtraBytes = 256;
const imageName = /^images\/[0-9a-f]{64}\.[a-z0-9]{1,5}$/;
const fileTypeMask = 0o170000;
const plainFile = 0o100000;

/** yauzl itself refuses absolute names and those with `..`. */
function findProblem(entry: Entry): string | null {
  const isDesign = entry.fileName === designName;
  if (!isDesign && !imageName.test(entry.fileName)) return 'does not belong to a study pack';
  const type = (entry.externalFileAttributes >>> 16) & fileTypeMask;
  if (type !== 0 && type !== plainFile) return 'is a link or no plain file';
  if (entry.isEncrypted()) return 'is encrypted';
  const { fileCommentLength, extraFieldLength } = entry;
  if (fileCommentLength + extraFieldLength > mostExtraBytes) return 'carries more than a zip program notes';
  if (!isDesign && entry.compressionMethod !== 0)
    return 'is compressed: images of a pack are stored as they are';
  if (isDesign && entry.uncompressedSize > mostDesignBytes) return 'is too large';
  return null;
}

/** The text of `study.json`. @throws StudioError `badInput` */
export async function readDesign({ path, zip, entries }: PackFile): Promise<string> {
  try {
    return await text(await zip.openReadStreamPromise(entries.get(designName)!));
  } catch (error) {
    throw refused(path, error);
  }
}

/**
 * Unpacks the images into `folder`. One is there under its name only when its bytes are the study's, so what an earlier pack of the study
 * left there stays good whatever this file holds.
 *
 * @throws StudioError `unreadable` for an image that lacks or has other bytes, `diskFull`
 */
export async function unpackImages(
  pack: PackFile,
  { files, folder }: { files: readonly PackedFile[]; folder: string },
  { signal, report }: JobContext,
): Promise<Map<string, FileTime>> {
  makeFolder(folder);
  report({ phase: 'unpacking images', total: files.length });
  const times = new Map<string, FileTime>();
  for (const [done, file] of files.entries()) {
    const to = join(folder, file.file);
    const partial = partialOf(to);
    try {
      const found = await unpackOne(pack, file, { to: partial, signal });
      if (found !== file.sha256) throw damaged(file, pack.path);
      await rename(partial, to);
    } catch (error) {
      await rm(partial, { force: true });
      throw explainWriting(error, to, signal);
    }
    const { size: sizeBytes, mtimeMs } = await stat(to);
    times.set(file.sha256, { sizeBytes, mtimeMs });
    report({ done: done + 1 });
  }
  return times;
}

/** @return the hash of what was written */
async function unpackOne(
  { path, zip, entries }: PackFile,
  file: PackedFile,
  { to, signal }: { to: string; signal: AbortSignal },
): Promise<string> {
  const entry = entries.get(`images/${file.file}`);
  if (entry === undefined) throw missing(file, path);
  const stream = await zip.openReadStreamPromise(entry).catch((error) => {
    throw damaged(file, path, error);
  });
  return await copyHashing(stream, to, { signal });
}
