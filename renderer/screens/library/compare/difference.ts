/** The absolute difference of two pictures, painted onto a canvas, and its figures; the second is drawn at the first one's size. */
import { imageUrl } from '../../../shared/image-url.ts';
import type { Size } from '../viewer/zoom.ts';

/** Levels of 0 to 255 a channel. */
export interface DifferenceFigures {
  /** Over all pixels and the three channels. */
  mean: number;
  largest: number;
  /** Share of the pixels that are equal in all three channels, from 0 to 1. */
  equalShare: number;
}

/** Rows of pixels are counted in strips of about so many pixels, between which the page is free to answer a key. */
const stripPixels = 250_000;

/** Chromium draws nothing on larger canvases, without a word. */
const mostSidePx = 32_767;
const mostPixels = 2 ** 28;

/**
 * Paints |A − B| a channel, alpha over black, by the browser's own blending.
 *
 * @throws DOMException `EncodingError` where a picture cannot be decoded, Error where a picture is larger than a canvas can be
 */
export async function paintDifference(
  canvas: HTMLCanvasElement,
  [idA, idB]: readonly [number, number],
  { width, height }: Size,
): Promise<void> {
  if (Math.max(width, height) > mostSidePx || width * height > mostPixels)
    throw new Error(`${width} × ${height} px are more than this browser can compare.`);
  const [a, b] = await Promise.all([idA, idB].map(load));
  const other = new OffscreenCanvas(width, height);
  Object.assign(canvas, { width, height });
  const paint = paintWhole(canvas.getContext('2d', { willReadFrequently: true }), a!);
  paintWhole(other.getContext('2d'), b!);
  paint.globalCompositeOperation = 'difference';
  paint.drawImage(other, 0, 0);
}

/** The picture over all of a canvas, on black. */
function paintWhole<Paint extends CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D>(
  paint: Paint | null,
  picture: HTMLImageElement,
): Paint {
  if (paint === null) throw new Error('This browser has no room for another canvas.');
  const { width, height } = paint.canvas;
  paint.imageSmoothingQuality = 'high';
  paint.fillStyle = '#000';
  paint.fillRect(0, 0, width, height);
  paint.drawImage(picture, 0, 0, width, height);
  return paint;
}

/** Counts over a painted difference; null where it was no longer wanted. */
export async function measureDifference(
  canvas: HTMLCanvasElement,
  isWanted: () => boolean,
): Promise<DifferenceFigures | null> {
  const { width, height } = canvas;
  const paint = canvas.getContext('2d', { willReadFrequently: true });
  if (paint === null) return null;
  const stripRows = Math.max(1, Math.floor(stripPixels / width));
  const sums = { sum: 0, largest: 0, equal: 0 };
  for (let top = 0; top < height; top += stripRows) {
    if (!isWanted()) return null;
    addStrip(sums, paint.getImageData(0, top, width, Math.min(stripRows, height - top)).data);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const pixels = width * height;
  return { mean: sums.sum / (pixels * 3), largest: sums.largest, equalShare: sums.equal / pixels };
}

function addStrip(sums: { sum: number; largest: number; equal: number }, data: Uint8ClampedArray): void {
  for (let k = 0; k < data.length; k += 4) {
    const sum = data[k]! + data[k + 1]! + data[k + 2]!;
    sums.sum += sum;
    sums.largest = Math.max(sums.largest, data[k]!, data[k + 1]!, data[k + 2]!);
    if (sum === 0) sums.equal += 1;
  }
}

async function load(id: number): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = imageUrl(id);
  await image.decode();
  return image;
}
