/**
 * Square roots of the shares of 4 × 4 × 4 colour cells (the Hellinger map of a histogram: Arandjelović &
 * Zisserman, CVPR 2012).
 */

const cells = 64;

/** Names of the 64 values; a cell is named by the quarter of red, green and blue. */
export const rgbHistogramNames = Array.from(
  { length: cells },
  (_, cell) => `red ${cell >> 4} green ${(cell >> 2) & 3} blue ${cell & 3}`,
);

/** The 64 values, from interleaved RGB. */
export function measureRgbHistogram(rgb: Uint8Array): number[] {
  const counts = new Uint32Array(cells);
  for (let at = 0; at < rgb.length; at += 3) {
    counts[((rgb[at]! >> 6) << 4) | ((rgb[at + 1]! >> 6) << 2) | (rgb[at + 2]! >> 6)]!++;
  }
  return Array.from(counts, (count) => Math.sqrt((3 * count) / rgb.length));
}
