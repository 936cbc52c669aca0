/** An image as CLIP's vision tower takes it: shorter side resized to the tower's size, centre cut out, normalised. */
import type { RgbImage } from '../images/decode.ts';
import { clipPixels, type PixelStatistics, tabulateNormalised } from './normalise.ts';
import { resizeLikePillow } from './pillow-resize.ts';

/**
 * The tensor [3, sizePx, sizePx] (channel, row, column) that the `CLIPImageProcessor` of `transformers` 4.38 makes,
 * equal to it bit for bit. SF-IQA gives it the decoded image at its own size (`SAMA.py` hands the image on untouched).
 *
 * Unlike that processor, images 1 or 3 pixels high are pictures like any other; there they are taken for channel-first arrays.
 */
export function prepareClip(
  image: RgbImage,
  sizePx = 224,
  pixels: PixelStatistics = clipPixels,
): Float32Array {
  const { rgb } = cutSquare(image, sizePx);
  const table = tabulateNormalised(pixels);
  const area = sizePx * sizePx;
  const tensor = new Float32Array(3 * area);
  for (let i = 0, from = 0; i < area; i++, from += 3) {
    tensor[i] = table[rgb[from]!]!;
    tensor[area + i] = table[256 + rgb[from + 1]!]!;
    tensor[2 * area + i] = table[512 + rgb[from + 2]!]!;
  }
  return tensor;
}

/**
 * The sizePx × sizePx pixels before normalisation: bicubic so that the shorter side is `sizePx` and the longer one
 * sizePx · long / short, truncated; of it the centre, half a pixel up and left where it does not divide.
 */
export function cutSquare(image: RgbImage, sizePx: number): RgbImage {
  const { width, height } = sizeForClip(image, sizePx);
  const columns = stretch(Math.floor((width - sizePx) / 2), sizePx);
  const rows = stretch(Math.floor((height - sizePx) / 2), sizePx);
  return resizeLikePillow(image, { filter: 'bicubic', width, height, columns, rows });
}

/** Size of the whole image after the resize and before the cut. */
export function sizeForClip(
  { width, height }: { width: number; height: number },
  sizePx: number,
): { width: number; height: number } {
  const short = Math.min(width, height);
  const long = Math.trunc((sizePx * Math.max(width, height)) / short);
  return width <= height ? { width: sizePx, height: long } : { width: long, height: sizePx };
}

function stretch(from: number, length: number): Int32Array {
  return Int32Array.from({ length }, (_, k) => from + k);
}
