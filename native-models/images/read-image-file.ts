/** Reads an image file whole, within the byte limit, and says what is wrong with one that cannot be scored. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { StudioError } from '../../contract/errors.ts';
import type { FilePath } from '../messages.ts';
import { describeOtherContent, detectFormat, type ImageFormat } from './file-format.ts';

export interface ImageFile {
  bytes: Buffer;
  format: ImageFormat;
}

/**
 * The bytes of a file and what format they are, whatever the file is called. The thread waits for the disk: it has nothing else to do, and
 * to be woken once for every step of reading takes longer than most files do.
 *
 * @throws StudioError `tooLarge` beyond the limit, `unsupported` for what is empty or no picture, `unreadable` for what cannot be read
 */
export function readImageFile(path: FilePath, limits: { maxBytes: number }): ImageFile {
  const bytes = readWithin(typeof path === 'string' ? path : Buffer.from(path), limits.maxBytes);
  if (bytes.length === 0)
    throw new StudioError('unsupported', 'The file is empty (0 bytes).', { sizeBytes: 0 });
  const format = detectFormat(bytes);
  if (format === null) {
    throw new StudioError(
      'unsupported',
      `The file is ${describeOtherContent(bytes)}, not a PNG, JPEG, WebP, AVIF, TIFF or GIF picture, whatever its name says.`,
    );
  }
  return { bytes, format };
}

/** The identity of a content: SHA-256 in hexadecimal. */
export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function readWithin(path: string | Buffer, maxBytes: number): Buffer {
  try {
    const info = statSync(path);
    if (!info.isFile()) throw new StudioError('unsupported', 'It is not a regular file.');
    if (info.size > maxBytes) {
      throw new StudioError(
        'tooLarge',
        `The file has ${info.size} bytes; the limit is ${maxBytes}. Raise the byte limit in the settings or shrink the file.`,
        { sizeBytes: info.size, maxBytes },
      );
    }
    return readFileSync(path);
  } catch (thrown) {
    if (thrown instanceof StudioError) throw thrown;
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    const reason = reasons[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
    throw new StudioError('unreadable', `The file cannot be read: ${reason}.`, { system: code });
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'it is not there any more',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
};
