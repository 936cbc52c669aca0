/** Makes what a page shows of an image: thumbnails, and whole images in a format that browsers know. */
import { mkdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import sharp, { type Raw, type Sharp } from 'sharp';
import { StudioError } from '../../contract/errors.ts';
import { largestThumbnailPx, thumbnailSizes } from '../../contract/thumbnails.ts';
import type { FilePath, Limits } from '../messages.ts';
import { fingerprintOf } from './fingerprint.ts';
import { withImageFile } from './read-image-file.ts';

/** Longest side a WebP file can have. */
const largestWebpPx = 16_383;
const webp = { quality: 82, effort: 2 };

/** Writes a WebP whose longer side is at most `sizePx` to `to`, turned upright and in sRGB, as browsers show the image itself. */
export async function writeThumbnail(
  path: FilePath,
  limits: Limits,
  { sizePx, to }: { sizePx: number; to: string },
): Promise<{ width: number; height: number }> {
  return await withImageFile(path, limits, async ({ bytes }) => {
    const image = shrink(openUpright(bytes, limits), sizePx);
    const { width, height } = await image.webp(webp).toFile(to).catch(blameFile);
    return { width, height };
  });
}

/**
 * Thumbnails of all sizes from bytes that were read already, each whole or not at all; and the picture's fingerprint, of the pixels that
 * were decoded anyway.
 *
 * @param placeOf where the thumbnail of a size lies
 */
export async function writeThumbnails(
  bytes: Buffer,
  limits: Limits,
  placeOf: (sizePx: number) => string,
): Promise<Float32Array<ArrayBuffer>> {
  return await withPixels(bytes, limits, async (pixels, raw) => {
    for (const sizePx of thumbnailSizes) {
      await writeOwn(shrink(sharp(pixels, { raw }), sizePx).webp(webp), placeOf(sizePx));
    }
    return fingerprintOf(pixels, raw);
  });
}

/** The fingerprint alone, of an image or of its thumbnail. */
export async function readFingerprint(path: FilePath, limits: Limits): Promise<Float32Array<ArrayBuffer>> {
  return await withImageFile(path, limits, ({ bytes }) => withPixels(bytes, limits, fingerprintOf));
}

/**
 * Gives `use` an image as 8-bit pixels, upright, in sRGB and no larger than the largest thumbnail. Their memory is given back at once: left to V8
 * it would make it collect its whole heap for every few pictures.
 */
async function withPixels<Result>(
  bytes: Buffer,
  limits: Limits,
  use: (pixels: Buffer<ArrayBuffer>, layout: Raw) => Result | Promise<Result>,
): Promise<Result> {
  try {
    const { data, info } = await shrink(openUpright(bytes, limits), largestThumbnailPx)
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const result = await use(data, { width, height, channels });
    data.buffer.transfer(0);
    return result;
  } catch (thrown) {
    return blameFile(thrown);
  }
}

/** Writes the image to `to` without loss and at full size (at most 16,383 pixels a side, WebP's bound). */
export async function writeShown(path: FilePath, limits: Limits, to: string): Promise<{ mediaType: string }> {
  await withImageFile(path, limits, ({ bytes }) =>
    shrink(openUpright(bytes, limits), largestWebpPx)
      .webp({ lossless: true, effort: 1 })
      .toFile(to)
      .catch(blameFile),
  );
  return { mediaType: 'image/webp' };
}

/** What draws a mere warning is shown; what scoring would refuse is refused here, too. */
function openUpright(bytes: Buffer, limits: Limits): Sharp {
  return sharp(bytes, { limitInputPixels: limits.maxPixels, failOn: 'error' }).autoOrient();
}

function shrink(image: Sharp, sizePx: number): Sharp {
  return image.resize(sizePx, sizePx, { fit: 'inside', withoutEnlargement: true });
}

/** Whole or not at all, and at once: to be woken after each step takes longer than the disk does. What goes wrong is no fault of the picture. */
async function writeOwn(thumbnail: Sharp, to: string): Promise<void> {
  const folder = dirname(to);
  const temporary = `${to}.${process.pid}.${crypto.randomUUID()}`;
  try {
    mkdirSync(folder, { recursive: true });
    await thumbnail.toFile(temporary);
    renameSync(temporary, to);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const isFull = isDiskFull(folder);
    removeQuietly(temporary);
    const message = isFull
      ? `The disk of ${folder} is full. Make room, then go on.`
      : `Thumbnails cannot be written to ${folder}: ${reason}.`;
    throw new StudioError(isFull ? 'diskFull' : 'unreadable', message, { written: to });
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was never there.
  }
}

function isDiskFull(folder: string): boolean {
  try {
    return statfsSync(folder).bavail === 0;
  } catch {
    return false;
  }
}

function blameFile(thrown: unknown): never {
  if (thrown instanceof StudioError) throw thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  throw new StudioError('unreadable', `The image cannot be shown: ${reason}`, {}, { cause: thrown });
}
