/** From 8-bit samples to the numbers a network takes: x / 255, less the mean, over the standard deviation of its channel. */

/** One number each for red, green and blue. */
export type PerChannel = readonly [number, number, number];

/**
 * The normalised value of byte v of channel c at 256 · c + v: (v / 255 − mean) / std with every step rounded to single
 * precision, as torchvision's `ToTensor` and `Normalize` and the image processor of `transformers` do (which multiplies by
 * 1 / 255 in double precision before it rounds: for all 256 bytes the same number).
 */
export function tabulateNormalised(mean: PerChannel, std: PerChannel): Float32Array {
  const table = new Float32Array(3 * 256);
  for (let c = 0; c < 3; c++) {
    for (let v = 0; v < 256; v++) {
      const centred = Math.fround(Math.fround(v / 255) - Math.fround(mean[c]!));
      table[256 * c + v] = centred / Math.fround(std[c]!);
    }
  }
  return table;
}
