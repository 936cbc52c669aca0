/** Who an image is: its content hash, what its header says, what its metadata says of how it was generated; and its thumbnail where one is wanted. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { StudioError } from '../../contract/errors.ts';
import { thumbnailFile } from '../../contract/thumbnails.ts';
import type { FilePath, Identity, Limits } from '../messages.ts';
import { readMetadata } from './metadata/metadata.ts';
import { type ImageHeader, readPlainHeader } from './plain-header.ts';
import { hashOf, type ImageFile, withImageFile } from './read-image-file.ts';
import { writeThumbnails } from './show.ts';

/**
 * No pixel is decoded unless `thumbnails` names a folder that lacks this content's.
 *
 * @throws StudioError `tooLarge` for more pixels or bytes than the limits allow, `unsupported`, `unreadable`
 */
export function identifyFile(path: FilePath, limits: Limits, thumbnails?: string): Promise<Identity> {
  return withImageFile(path, limits, (file) => identify(file, limits, thumbnails));
}

async function identify(
  { bytes, format }: ImageFile,
  limits: Limits,
  thumbnails?: string,
): Promise<Identity> {
  const hash = hashOf(bytes);
  const lacking = thumbnails !== undefined && !existsSync(join(thumbnails, thumbnailFile(hash)));
  const folder = lacking ? thumbnails : null;
  // Where the pixels are decoded anyway, the decoder need not be asked for the header first.
  const plain = folder === null ? null : readPlainHeader(bytes, format);
  const isWithin = plain !== null && plain.width * plain.height <= limits.maxPixels;
  const { width, height, hasAlpha } = isWithin ? plain : await readHeader(bytes);
  if (width * height > limits.maxPixels) {
    throw new StudioError(
      'tooLarge',
      `The image has ${width} × ${height} pixels; the limit is ${limits.maxPixels} pixels. Raise the pixel limit in the settings or shrink the image.`,
      { width, height, maxPixels: limits.maxPixels },
    );
  }
  return {
    hash,
    ...(folder === null
      ? {}
      : {
          fingerprint: await makeThumbnails(bytes, limits, (px) => join(folder, thumbnailFile(hash, px))),
        }),
    sizeBytes: bytes.length,
    format,
    width,
    height,
    metadata: await readMetadata(bytes, { width, height, hasAlpha }),
  };
}

/** Of a file whose header is broken that is said, as where nothing of it is decoded. */
async function makeThumbnails(
  bytes: Buffer,
  limits: Limits,
  placeOf: (sizePx: number) => string,
): Promise<Float32Array<ArrayBuffer>> {
  try {
    return await writeThumbnails(bytes, limits, placeOf);
  } catch (thrown) {
    await readHeader(bytes);
    throw thrown;
  }
}

async function readHeader(bytes: Buffer): Promise<ImageHeader> {
  try {
    return await sharp(bytes, { ignoreIcc: true, failOn: 'error', limitInputPixels: false }).metadata();
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new StudioError('unreadable', `The image header cannot be read: ${reason}`, {}, { cause: thrown });
  }
}
