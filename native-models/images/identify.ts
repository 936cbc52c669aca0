/** Who an image is: its content hash, what its header says, and what its metadata says of how it was generated. No pixel is decoded. */
import sharp from 'sharp';
import { StudioError } from '../../contract/errors.ts';
import type { FilePath, Identity, Limits } from '../messages.ts';
import { readMetadata } from './metadata/metadata.ts';
import { hashOf, readImageFile } from './read-image-file.ts';

/**
 * @throws StudioError `tooLarge` for more pixels or bytes than the limits allow, `unsupported`, `unreadable`
 */
export async function identifyFile(path: FilePath, limits: Limits): Promise<Identity> {
  const { bytes, format } = await readImageFile(path, limits);
  const { width, height, hasAlpha } = await readHeader(bytes);
  if (width * height > limits.maxPixels) {
    throw new StudioError(
      'tooLarge',
      `The image has ${width} × ${height} pixels; the limit is ${limits.maxPixels} pixels. Raise the pixel limit in the settings or shrink the image.`,
      { width, height, maxPixels: limits.maxPixels },
    );
  }
  return {
    hash: hashOf(bytes),
    sizeBytes: bytes.length,
    format,
    width,
    height,
    metadata: await readMetadata(bytes, hasAlpha),
  };
}

async function readHeader(bytes: Buffer): Promise<{ width: number; height: number; hasAlpha: boolean }> {
  try {
    return await sharp(bytes, { ignoreIcc: true, failOn: 'error', limitInputPixels: false }).metadata();
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new StudioError('unreadable', `The image header cannot be read: ${reason}`, {}, { cause: thrown });
  }
}
