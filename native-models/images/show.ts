/** Makes what a page shows of an image: thumbnails, and whole images in a format that browsers know. */
import sharp, { type Sharp } from 'sharp';
import { StudioError } from '../../contract/errors.ts';
import type { FilePath, Limits } from '../messages.ts';
import { readImageFile } from './read-image-file.ts';

/** Longest side a WebP file can have. */
const largestWebpPx = 16_383;

/** Writes a WebP whose longer side is at most `sizePx` to `to`, turned upright and in sRGB, as browsers show the image itself. */
export async function writeThumbnail(
  path: FilePath,
  limits: Limits,
  { sizePx, to }: { sizePx: number; to: string },
): Promise<{ width: number; height: number }> {
  const image = await openUpright(path, limits);
  const { width, height } = await image
    .resize(sizePx, sizePx, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 82, effort: 2 })
    .toFile(to)
    .catch(blameFile);
  return { width, height };
}

/** Writes the image to `to` without loss and at full size (at most 16,383 pixels a side, WebP's bound). */
export async function writeShown(path: FilePath, limits: Limits, to: string): Promise<{ mediaType: string }> {
  const image = await openUpright(path, limits);
  await image
    .resize(largestWebpPx, largestWebpPx, { fit: 'inside', withoutEnlargement: true })
    .webp({ lossless: true, effort: 1 })
    .toFile(to)
    .catch(blameFile);
  return { mediaType: 'image/webp' };
}

async function openUpright(path: FilePath, limits: Limits): Promise<Sharp> {
  const { bytes } = await readImageFile(path, limits);
  return sharp(bytes, { limitInputPixels: limits.maxPixels }).autoOrient();
}

function blameFile(thrown: unknown): never {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  throw new StudioError('unreadable', `The image cannot be shown: ${reason}`, {}, { cause: thrown });
}
