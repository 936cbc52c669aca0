/** An image as SF-IQA's quality branch takes it: SAMA's 256 × 256 sampling of crops at two scales, normalised as for ImageNet. */
import type { Sampling } from '../../contract/sampling.ts';
import type { RgbImage } from '../images/decode.ts';
import { imageNetPixels, tabulateNormalised } from './normalise.ts';
import { resizeLikePillow } from './pillow-resize.ts';
import { type AxisSamples, planSama, type SamaAxis, type SamaGeometry, samaSidePx } from './sama-geometry.ts';

const normalised = tabulateNormalised(imageNetPixels);

/** Side of the squares that take turns, in pixels: SAMA's windows, or the patches of the network. */
const squarePx = { sama: 32, 'sama-spm': 4, fragment: samaSidePx };

/**
 * The tensor [3, 256, 256] (channel, row, column) that `SAMA.py` of SF-IQA makes when it is not training.
 *
 * An image whose shorter side has less than 256 pixels is enlarged first (Pillow, bilinear). Then the image as it is and the
 * image scaled to a shorter side of 256 (torch, bilinear, two taps an axis whatever the reduction) are each cut
 * into 8 × 8 cells, of each the middle 32 × 32 pixels are kept, and the two results are combined:
 * - `sama` (what SF-IQA uses; SF-IQA §4.2, Liu et al., “Scaling and Masking”, AAAI 2024): windows of 32 × 32 take turns
 *   like the fields of a chessboard, the image as it is first;
 * - `sama-spm`: patches of 4 × 4 take turns;
 * - `fragment` (Wu et al., FAST-VQA, ECCV 2022): the image as it is everywhere.
 *
 * `sama` equals the official float32 tensor of torch 2.13 bit for bit on all golden samples; other builds of torch differ from
 * that by up to 1.6e-4. There are no official numbers of the other two: the steps of `SAMA.py` in torch and numpy give the same bits of
 * `fragment`, and `sama-spm` within 4e-7, at all sizes that were tried.
 */
export function prepareSama(image: RgbImage, mode: Sampling = 'sama'): Float32Array {
  const { pixels, across, down } = enlarge(image, planSama(image, mode));
  const side = squarePx[mode];
  const tensor = new Float32Array(3 * samaSidePx ** 2);
  for (let y = 0; y < samaSidePx; y++) {
    for (let x = 0; x < samaSidePx; x += side) {
      const version = (Math.floor(y / side) + Math.floor(x / side)) % 2 === 0 ? 'own' : 'scaled';
      sampleStretch(
        pixels,
        { across: across[version], down: down[version], y, from: x, to: x + side },
        tensor,
      );
    }
  }
  return tensor;
}

/** The image enlarged where it is small: only those columns and rows that are sampled, with the samplings counting in them. */
function enlarge(
  image: RgbImage,
  { width, height, across, down }: SamaGeometry,
): { pixels: RgbImage; across: SamaAxis; down: SamaAxis } {
  if (width === image.width && height === image.height) return { pixels: image, across, down };
  const columns = listSampled(across);
  const rows = listSampled(down);
  return {
    pixels: resizeLikePillow(image, { filter: 'bilinear', width, height, columns, rows }),
    across: recount(across, columns),
    down: recount(down, rows),
  };
}

function listSampled({ own, scaled }: SamaAxis): Int32Array {
  return Int32Array.from(new Set([...own.low, ...own.high, ...scaled.low, ...scaled.high])).sort();
}

function recount(axis: SamaAxis, sampled: Int32Array): SamaAxis {
  const places = new Map(Array.from(sampled, (position, place) => [position, place]));
  function inPlaces(samples: AxisSamples): AxisSamples {
    const low = samples.low.map((position) => places.get(position)!);
    return { ...samples, low, high: samples.high.map((position) => places.get(position)!) };
  }
  return { own: inPlaces(axis.own), scaled: inPlaces(axis.scaled) };
}

interface Stretch {
  across: AxisSamples;
  down: AxisSamples;
  /** Row of the result, and columns [from, to). */
  y: number;
  from: number;
  to: number;
}

/**
 * Columns are mixed first, then rows, each as torch does it: the product of the second pixel is rounded, that of the first is
 * added to it under one rounding (a fused multiply-add). Double precision gives the same bits on every machine: it
 * holds the product of two single-precision numbers exactly.
 */
function sampleStretch({ rgb, width }: RgbImage, stretch: Stretch, tensor: Float32Array): void {
  const { across, down, y, from, to } = stretch;
  const upper = 3 * width * down.low[y]!;
  const lower = 3 * width * down.high[y]!;
  const upperWeight = down.lowWeight[y]!;
  const lowerWeight = down.highWeight[y]!;
  for (let x = from; x < to; x++) {
    const left = 3 * across.low[x]!;
    const right = 3 * across.high[x]!;
    const leftWeight = across.lowWeight[x]!;
    const rightWeight = across.highWeight[x]!;
    for (let c = 0; c < 3; c++) {
      const table = 256 * c;
      const a = normalised[table + rgb[upper + left + c]!]!;
      const b = normalised[table + rgb[upper + right + c]!]!;
      const top = Math.fround(a * leftWeight + Math.fround(b * rightWeight));
      const d = normalised[table + rgb[lower + left + c]!]!;
      const e = normalised[table + rgb[lower + right + c]!]!;
      const bottom = Math.fround(d * leftWeight + Math.fround(e * rightWeight));
      tensor[(c * samaSidePx + y) * samaSidePx + x] = top * upperWeight + Math.fround(bottom * lowerWeight);
    }
  }
}
