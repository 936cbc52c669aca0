/** Reads an image file whole, within the byte limit, and says what is wrong with one that cannot be scored. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { StudioError } from '../../contract/errors.ts';
import type { FilePath } from '../messages.ts';
import { describeOtherContent, detectFormat, type ImageFormat } from './file-format.ts';

export interface ImageFile {
  bytes: Buffer;
  format: ImageFormat;
}

/**
 * The bytes of a file and what format they are, whatever the file is called.
 *
 * @throws StudioError `tooLarge` beyond the limit, `unsupported` for what is empty or no picture, `unreadable` for what cannot be read
 */
export async function readImageFile(path: FilePath, limits: { maxBytes: number }): Promise<ImageFile> {
  const bytes = await readWithin(typeof path === 'string' ? path : Buffer.from(path), limits.maxBytes);
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

async function readWithin(path: string | Buffer, maxBytes: number): Promise<Buffer> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new StudioError('unsupported', 'It is not a regular file.');
    if (info.size > maxBytes) {
      throw new StudioError(
        'tooLarge',
        `The file has ${info.size} bytes; the limit is ${maxBytes}. Raise the byte limit in the settings or shrink the file.`,
        { sizeBytes: info.size, maxBytes },
      );
    }
    return await readFile(path);
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
