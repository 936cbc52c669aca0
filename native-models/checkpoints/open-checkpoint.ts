/** Opens a checkpoint whatever it is called: says what it is by its bytes, lists its tensors and leaves its weights unread. */

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import {
  type ByteSource,
  changedMessage,
  type FileSource,
  openFileSource,
  toFileError,
} from './byte-source.ts';
import type { Checkpoint, CheckpointFile, TensorEntry } from './checkpoint.ts';
import { fingerprintTensors } from './fingerprint.ts';
import { invalid, quote } from './invalid.ts';
import { readSafetensors } from './safetensors.ts';
import { findCheckpointFile, readShardIndex } from './shards.ts';
import { readTorchArchive } from './torch-archive.ts';
import { isTorchLegacy, readTorchLegacy } from './torch-legacy.ts';

/**
 * Reads the header or pickle of a checkpoint: a file, the `*.index.json` of a sharded one, or a folder with either.
 * Every byte range it gives lies within its file. Takes at most about 0.5 GB of memory, whatever the file says, and runs nothing of it.
 *
 * @throws StudioError `checkpointInvalid` with what is wrong and where; `notFound`, `unreadable`, `badInput` (a folder without one)
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  const absolute = resolve(path);
  const isFolder = await isDirectory(absolute);
  const sources: FileSource[] = [];
  async function openSource(file: string): Promise<FileSource> {
    const source = await openFileSource(file);
    sources.push(source);
    return source;
  }
  try {
    const first = await openSource(isFolder ? await findCheckpointFile(absolute) : absolute);
    const content = await readContent(first, openSource);
    const tensors = new Map(content.tensors.map((entry) => [entry.name, entry]));
    if (tensors.size === 0) throw invalid(`${first.path} has no tensors.`, { path: first.path });
    const byPath = new Map(sources.map((source) => [source.path, source]));
    return {
      path: absolute,
      format: content.format,
      tensors,
      files: sources.map(({ path: file, sizeBytes, mtimeMs }) => ({ path: file, sizeBytes, mtimeMs })),
      metadata: content.metadata,
      fingerprint: await fingerprintTensors(content.tensors, byPath),
    };
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
}

/**
 * Throws unless every file is still there with the size and time it had.
 *
 * @throws StudioError `notFound` for a moved file, `conflict` for an edited one
 */
export async function checkUnchanged(files: readonly CheckpointFile[]): Promise<void> {
  for (const { path, sizeBytes, mtimeMs } of files) {
    const info = await stat(path).catch((thrown) => {
      throw toFileError(thrown, path);
    });
    if (info.size !== sizeBytes || info.mtimeMs !== mtimeMs) {
      throw new StudioError('conflict', changedMessage(path), { path });
    }
  }
}

export interface Content {
  format: Checkpoint['format'];
  tensors: TensorEntry[];
  metadata: Record<string, string>;
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (thrown) {
    throw toFileError(thrown, path);
  }
}

/** The tensors of a file, or of all the files its index names. */
async function readContent(
  source: ByteSource,
  openSource: (path: string) => Promise<ByteSource>,
): Promise<Content> {
  const head = await source.read(0, Math.min(source.sizeBytes, 16));
  // The length of a safetensors header may begin with a brace's byte, too; its last byte is 0, which no JSON text has.
  if (head[0] !== 0x7b || head[7] === 0) return readCheckpointFile(source);
  const index = await readShardIndex(source);
  const parts: Content[] = [];
  for (const [file, names] of index) {
    const part = await readCheckpointFile(await openSource(file));
    const found = new Set(part.tensors.map(({ name }) => name));
    const missing = [...names, ...found].find((name) => !names.has(name) || !found.has(name));
    if (missing !== undefined) {
      throw invalid(
        `${file} and the index ${source.path} disagree about tensor ${quote(missing)}: they are not of one checkpoint, or one is damaged. Download both again.`,
        { path: file, tensor: missing },
      );
    }
    parts.push(part);
  }
  const formats = new Set(parts.map(({ format }) => format));
  if (formats.size > 1)
    throw invalid(`${source.path}: its parts are of different formats.`, { path: source.path });
  return {
    format: parts[0]!.format,
    tensors: parts.flatMap(({ tensors }) => tensors),
    metadata: Object.assign({}, ...parts.map(({ metadata }) => metadata)),
  };
}

/**
 * The tensors of one checkpoint file, by whichever reader its first bytes ask for.
 *
 * @throws StudioError `checkpointInvalid`
 */
export async function readCheckpointFile(source: ByteSource): Promise<Content> {
  const head = await source.read(0, Math.min(source.sizeBytes, 512));
  if (head.length >= 4 && head.readUInt32LE(0) === 0x0403_4b50) {
    return { format: 'torch', tensors: await readTorchArchive(source), metadata: {} };
  }
  if (isTorchLegacy(head)) {
    return { format: 'torchLegacy', tensors: await readTorchLegacy(source), metadata: {} };
  }
  if (head.length >= 9 && head[8] === 0x7b) {
    return { format: 'safetensors', ...(await readSafetensors(source)) };
  }
  throw invalid(`${source.path} is ${describeOther(head)}, not a safetensors file or PyTorch checkpoint.`, {
    path: source.path,
  });
}

/** What people most often have instead of a checkpoint. */
function describeOther(head: Buffer): string {
  const text = head.toString('latin1');
  if (head.length === 0) return 'empty (0 bytes; download it again)';
  if (text.startsWith('version https://git-lfs')) {
    return 'a Git LFS pointer of a few lines (fetch the file itself: `git lfs pull`, or download it from the page)';
  }
  if (/^\s*<(!doctype|html)/i.test(text)) return 'a web page (the link led to a page, not to the file)';
  if (text.startsWith('\x80')) return 'a plain pickle (which could run anything when loaded, so it is not)';
  if (text.startsWith('\x89HDF')) return 'an HDF5 file';
  if (text.startsWith('\x1f\x8b')) return 'a gzip archive (unpack it first)';
  if (/^(\x89PNG|\xff\xd8\xff|RIFF....WEBP)/s.test(text)) return 'a picture';
  if (text.startsWith('GGUF')) return 'a GGUF file of quantised weights (choose the original ones)';
  if (/^(Rar!|7z\xbc\xaf)/.test(text)) return 'an archive (unpack it first)';
  if (text.startsWith('ustar', 257)) {
    return 'a tar archive (PyTorch’s own format before 0.1.10 was one: load it there and save it again)';
  }
  return `something that begins with the bytes ${head.subarray(0, 8).toString('hex')}`;
}
