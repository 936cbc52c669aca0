/** Where the page gets pixels: by id, never by path. */

/** The image itself, at full size. */
export function imageUrl(imageId: number): string {
  return `/image/${imageId}`;
}

/** A WebP thumbnail, longer side 448 px. */
export function thumbnailUrl(imageId: number): string {
  return `/thumb/${imageId}`;
}

/** The sizes a thumbnail comes in, for `srcset`: the browser takes the smallest that is sharp on its screen. */
export function thumbnailSet(imageId: number): string {
  return `/thumb/${imageId}?px=224 224w, /thumb/${imageId} 448w`;
}
