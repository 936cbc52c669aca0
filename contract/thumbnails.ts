/** Where thumbnails lie and how large they are: the models process writes them, the doors serve them. */

/** The longer sides that thumbnails come in, in px; a small one is shown at a quarter of a large one's cost. */
export const thumbnailSizes: readonly number[] = [224, 448];
export const largestThumbnailPx = 448;

/** The file of a content's thumbnail below the folder of thumbnails. */
export function thumbnailFile(hash: string, sizePx = largestThumbnailPx): string {
  return `${hash.slice(0, 2)}/${sizePx === largestThumbnailPx ? hash : `${hash}-${sizePx}`}.webp`;
}
