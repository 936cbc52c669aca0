/** From 8-bit samples to the numbers a network takes: x / 255, less the mean, over the standard deviation of its channel. */

/** Mean and standard deviation of the pixels, from 0 to 1, that a network was trained with: red, green and blue. */
export interface PixelStatistics {
  mean: readonly number[];
  std: readonly number[];
}

/** ImageNet's, which backbones and SF-IQA's quality branch were trained with. */
export const imageNetPixels = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** CLIP's (Radford et al. 2021, the official code). */
export const clipPixels = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
};

/**
 * The normalised value of byte v of channel c at 256 · c + v: (v / 255 − mean) / std with every step rounded to single
 * precision, as torchvision's `ToTensor` and `Normalize` and the image processor of `transformers` do (which multiplies by
 * 1 / 255 in double precision before it rounds: for all 256 bytes the same number).
 */
export function tabulateNormalised({ mean, std }: PixelStatistics): Float32Array {
  const table = new Float32Array(3 * 256);
  for (let c = 0; c < 3; c++) {
    for (let v = 0; v < 256; v++) {
      const centred = Math.fround(Math.fround(v / 255) - Math.fround(mean[c]!));
      table[256 * c + v] = centred / Math.fround(std[c]!);
    }
  }
  return table;
}
