/**
 * NIQE: A. Mittal, R. Soundararajan, A. C. Bovik, "Making a Completely Blind Image Quality Analyzer", IEEE SPL
 * 20(3), 2013, as its authors released it: at the picture's own size, without a sharpness threshold.
 * Rows stream through, so that memory grows with the width only.
 */
import type { RgbImage } from '../../images/decode.ts';
import { blockStatisticCount, measureBlock } from './block-statistics.ts';
import { meanStatistics, pristineDistance } from './distance.ts';
import { RowHalver } from './row-halver.ts';
import { RowNormaliser } from './row-normaliser.ts';

const blockSide = 96;

/** The mean of the 36 statistics, and the score (lower is better). */
export interface Niqe {
  means: Float32Array;
  score: number;
}

/**
 * NIQE of a picture, cropped at right and bottom to whole blocks of 96 × 96.
 * @returns the reason where a picture has no score: fewer than two whole blocks, or no structure in them
 */
export function measureNiqe(image: RgbImage): Niqe | { reason: string } {
  const across = Math.floor(image.width / blockSide);
  const down = Math.floor(image.height / blockSide);
  if (across * down < 2) {
    return {
      reason: `NIQE needs at least two whole blocks of ${blockSide} × ${blockSide} pixels; the image has ${image.width} × ${image.height}.`,
    };
  }
  const blocks = measureBlocks(image, across, down);
  const whole = blocks.filter((block) => !block.some(Number.isNaN));
  if (whole.length < 2) {
    return { reason: 'NIQE needs at least two blocks with structure; this image is flat nearly everywhere.' };
  }
  const means = meanStatistics(blocks);
  return { means: Float32Array.from(means), score: pristineDistance(means, whole) };
}

/** The 36 statistics of every block, row by row. */
function measureBlocks(image: RgbImage, across: number, down: number): Float64Array[] {
  const width = across * blockSide;
  const height = down * blockSide;
  const blocks = Array.from({ length: across * down }, () => new Float64Array(2 * blockStatisticCount));
  const full = new RowNormaliser(width, height, collectBlocks(blocks, across, 0));
  const half = new RowNormaliser(width / 2, height / 2, collectBlocks(blocks, across, 1));
  const halver = new RowHalver(width, height, (row) => half.push(row));
  const luma = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    readLuma(image, y, luma);
    full.push(luma);
    halver.push(luma);
  }
  return blocks;
}

/** Gathers rows until a strip of blocks is whole, then measures its blocks into the first or second 18 values. */
function collectBlocks(blocks: Float64Array[], across: number, scale: 0 | 1): (row: Float32Array) => void {
  const side = blockSide >> scale;
  const width = across * side;
  const samples = new Float32Array(side * width);
  let rows = 0;
  let strips = 0;
  return (row) => {
    samples.set(row, rows * width);
    rows++;
    if (rows < side) return;
    for (let column = 0; column < across; column++) {
      const from = scale * blockStatisticCount;
      const target = blocks[strips * across + column]!.subarray(from, from + blockStatisticCount);
      measureBlock({ samples, width, side }, column * side, target);
    }
    rows = 0;
    strips++;
  };
}

/** Luma 16 … 235 of ITU-R BT.601, rounded to whole numbers. */
function readLuma({ rgb, width }: RgbImage, y: number, target: Float32Array): void {
  for (let x = 0, at = 3 * y * width; x < target.length; x++, at += 3) {
    target[x] = Math.round(16 + (65.481 * rgb[at]! + 128.553 * rgb[at + 1]! + 24.966 * rgb[at + 2]!) / 255);
  }
}
