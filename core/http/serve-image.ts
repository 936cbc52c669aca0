/** Serves images and thumbnails by id: the page never learns a path. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { StudioError } from '../../contract/errors.ts';
import { largestThumbnailPx, thumbnailFile, thumbnailSizes } from '../../contract/thumbnails.ts';
import { filesOfImage } from '../../db/files.ts';
import { imageById } from '../../db/images.ts';
import type { ImageRow } from '../../db/schema.ts';
import type { FilePath } from '../../native-models/messages.ts';
import { asFsPath, findUnchanged } from '../find-unchanged.ts';
import { limitsOf } from '../settings.ts';
import type { Studio } from '../studio.ts';
import { isThere, withMade } from './make-once.ts';

/** Formats that every browser shows as they are. */
const shownAsIs: Record<string, string> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
};

/** The image itself, at full size; formats that browsers do not show are converted once and kept. */
export async function serveImage(studio: Studio, id: number, request: Request): Promise<Response> {
  const image = getImage(studio, id);
  const mediaType = shownAsIs[image.format ?? ''];
  if (request.headers.get('if-none-match') === etagOf(image)) return notModified(image);
  const source = await findSource(studio, image);
  if (mediaType !== undefined) return await respond(source, mediaType, image);
  const to = join(studio.folder, 'cache', 'shown', `${image.hash}.webp`);
  async function make(at: string): Promise<void> {
    await studio.models.ask({ kind: 'render', path: source, limits: limitsOf(studio), to: at });
  }
  return await withMade({ to, make }, (path, isPassing) =>
    isPassing ? respondWhole(path, image) : respond(path, 'image/webp', image),
  );
}

/**
 * A WebP thumbnail, made on first use and kept.
 *
 * @param size its longer side in pixels, as the address says it; null: 448
 * @throws StudioError `badInput` for a size that thumbnails do not come in
 */
export async function serveThumbnail(
  studio: Studio,
  { id, size }: { id: number; size: string | null },
  request: Request,
): Promise<Response> {
  const sizePx = size === null ? largestThumbnailPx : Number(size);
  if (!thumbnailSizes.includes(sizePx)) {
    throw new StudioError('badInput', `Thumbnails come in ${thumbnailSizes.join(' and ')} pixels.`);
  }
  const image = getImage(studio, id);
  if (request.headers.get('if-none-match') === etagOf(image)) return notModified(image);
  const folder = thumbnailFolder(studio);
  const hash = image.hash ?? '';
  const to = join(folder, thumbnailFile(hash, sizePx));
  async function make(at: string): Promise<void> {
    // A smaller one is made of the large one, which is there also while a drive is off.
    const large = join(folder, thumbnailFile(hash));
    const path = large !== to && (await isThere(large)) ? large : await findSource(studio, image);
    const limits = limitsOf(studio);
    await studio.models.ask({ kind: 'thumbnail', path, limits, sizePx, to: at });
  }
  return await withMade({ to, make }, (path) => respondWhole(path, image));
}

/** Where the library keeps its thumbnails. */
export function thumbnailFolder(studio: Pick<Studio, 'folder'>): string {
  return join(studio.folder, 'cache', 'thumbnails');
}

function getImage(studio: Studio, id: number): ImageRow {
  const image = imageById(studio.db, id);
  if (image === undefined) throw new StudioError('notFound', `There is no image ${id}.`, { imageId: id });
  if (image.hash === null) {
    throw new StudioError('notFound', `${image.name} has no file in this library yet.`, { imageId: id });
  }
  return image;
}

/**
 * A file that still holds this content: size and time are as they were when it was hashed. Raters must never be shown other
 * pixels than those their votes are stored for.
 */
export async function findSource(studio: Studio, image: ImageRow): Promise<FilePath> {
  const found = await findUnchanged(filesOfImage(studio.db, image.id, { andMissing: true }));
  if ('path' in found) return found.path;
  throw new StudioError('notFound', `${image.name} cannot be shown: ${found.why}.`, { imageId: image.id });
}

function etagOf(image: ImageRow): string {
  return `"${image.hash}"`;
}

function imageHeaders(image: ImageRow): Record<string, string> {
  return {
    etag: etagOf(image),
    'cache-control': 'private, no-cache',
    'content-security-policy': "default-src 'none'; sandbox",
  };
}

function notModified(image: ImageRow): Response {
  return new Response(null, { status: 304, headers: imageHeaders(image) });
}

/** A thumbnail in one piece: a stream of so little takes longer to open and close than to read. */
async function respondWhole(path: string, image: ImageRow): Promise<Response> {
  const headers = { ...imageHeaders(image), 'content-type': 'image/webp' };
  return new Response(await readFile(path), { headers });
}

async function respond(path: FilePath, mediaType: string, image: ImageRow): Promise<Response> {
  const { size } = await stat(asFsPath(path));
  const body = Readable.toWeb(createReadStream(asFsPath(path))) as ReadableStream<Uint8Array>;
  const headers = { ...imageHeaders(image), 'content-type': mediaType, 'content-length': String(size) };
  return new Response(body, { headers });
}
