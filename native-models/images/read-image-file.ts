/** Reads an image file whole, within the byte limit, and says what is wrong with one that cannot be scored. */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { StudioError, systemCodeOf } from '../../contract/errors.ts';
import type { FilePath } from '../messages.ts';
import { describeOtherContent, detectFormat, type ImageFormat } from './file-format.ts';

export interface ImageFile {
  bytes: Buffer;
  format: ImageFormat;
}

/**
 * Memory that files were read into, for the next ones. V8 counts what buffers hold: a new one for each file made it collect its whole heap
 * once every eight files, a tenth of a scan's time.
 */
const spare: Buffer[] = [];
const leastSpareBytes = 1 << 20;
const mostSpareBytes = 1 << 24;

/**
 * Gives `use` the bytes of a file and what format they are, whatever the file is called. The memory is the next file's once `use` has ended:
 * nothing that it gives may lie in it, and no decoder may still be at work on it. The thread waits for the disk: it has nothing else to
 * do, and to be woken once for every step of reading takes longer than most files do.
 *
 * @throws StudioError `tooLarge` beyond the limit, `unsupported` for what is empty or no picture, `unreadable` for what cannot be read
 */
export async function withImageFile<Result>(
  path: FilePath,
  limits: { maxBytes: number },
  use: (file: ImageFile) => Promise<Result>,
): Promise<Result> {
  const bytes = readWithin(typeof path === 'string' ? path : Buffer.from(path), limits.maxBytes);
  try {
    return await use({ bytes, format: formatOf(bytes) });
  } finally {
    giveBack(bytes);
  }
}

/** The identity of a content: SHA-256 in hexadecimal. */
export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function formatOf(bytes: Buffer): ImageFormat {
  if (bytes.length === 0)
    throw new StudioError('unsupported', 'The file is empty (0 bytes).', { sizeBytes: 0 });
  const format = detectFormat(bytes);
  if (format !== null) return format;
  throw new StudioError(
    'unsupported',
    `The file is ${describeOtherContent(bytes)}, not a PNG, JPEG, WebP, AVIF, TIFF or GIF picture, whatever its name says.`,
  );
}

function readWithin(path: string | Buffer, maxBytes: number): Buffer {
  try {
    // What became a pipe since it was found must not keep the thread waiting for a writer (Windows has no such flag).
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return readOpen(file, maxBytes);
    } finally {
      closeSync(file);
    }
  } catch (thrown) {
    if (thrown instanceof StudioError) throw thrown;
    const code = systemCodeOf(thrown);
    const reason = reasons[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
    throw new StudioError('unreadable', `The file cannot be read: ${reason}.`, { system: code });
  }
}

/** All of a file, as it was during one moment: half of an old picture and half of a new one is none. */
function readOpen(file: number, maxBytes: number): Buffer {
  const before = fstatSync(file);
  if (!before.isFile()) throw new StudioError('unsupported', 'It is not a regular file.');
  if (before.size > maxBytes) {
    throw new StudioError(
      'tooLarge',
      `The file has ${before.size} bytes; the limit is ${maxBytes}. Raise the byte limit in the settings or shrink the file.`,
      { sizeBytes: before.size, maxBytes },
    );
  }
  const memory = takeMemory(before.size);
  let length = 0;
  for (let read = -1; read !== 0 && length < memory.length; length += read)
    read = readSync(file, memory, length, memory.length - length, null);
  const after = fstatSync(file);
  if (after.size === length && after.mtimeMs === before.mtimeMs) return memory;
  giveBack(memory);
  throw new StudioError(
    'unreadable',
    'The file was being written while it was read. It is looked at again when it has come to rest.',
  );
}

/** Memory of so many bytes: what a file left, where it is large enough. */
function takeMemory(bytes: number): Buffer {
  const left = spare.pop();
  if (left !== undefined && left.length >= bytes) return left.subarray(0, bytes);
  const room = Math.max(leastSpareBytes, 2 ** Math.ceil(Math.log2(bytes)));
  return Buffer.allocUnsafeSlow(bytes > mostSpareBytes ? bytes : room).subarray(0, bytes);
}

function giveBack({ buffer }: Buffer): void {
  if (buffer.byteLength <= mostSpareBytes) spare.push(Buffer.from(buffer));
}

const reasons: Record<string, string> = {
  ENOENT: 'it is not there any more',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
};
