/** Sharpness and contrast of the luma of a picture, at its own size. */
import type { RgbImage } from '../../images/decode.ts';

export interface LumaSignals {
  /** Variance of the Laplacian of the luma (levels²); 0 for a flat picture, or one too small to have neighbours. */
  sharpness: number;
  /** RMS contrast: standard deviation of the luma over its range, 0 … 0.5. */
  contrast: number;
}

/**
 * Sharpness: variance of the 3 × 3 Laplacian (Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000).
 * Contrast: RMS contrast (E. Peli, "Contrast in complex images", JOSA A 1990), population SD of luma / 255. Luma by ITU-R BT.601.
 */
export function measureLuma({ rgb, width, height }: RgbImage): LumaSignals {
  const luma = new Float32Array(width * height);
  let sum = 0;
  let squares = 0;
  for (let i = 0, at = 0; i < luma.length; i++, at += 3) {
    const value = 0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]!;
    luma[i] = value;
    sum += value;
    squares += value * value;
  }
  return {
    sharpness: laplacianVariance(luma, width, height),
    contrast: Math.sqrt(varianceOf(luma.length, sum, squares)) / 255,
  };
}

function laplacianVariance(luma: Float32Array, width: number, height: number): number {
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * width + 1; at < (y + 1) * width - 1; at++) {
      const value = luma[at - width]! + luma[at - 1]! + luma[at + 1]! + luma[at + width]! - 4 * luma[at]!;
      sum += value;
      squares += value * value;
    }
  }
  return varianceOf(Math.max(0, width - 2) * Math.max(0, height - 2), sum, squares);
}

function varianceOf(count: number, sum: number, squares: number): number {
  if (count === 0) return 0;
  const mean = sum / count;
  return Math.max(0, squares / count - mean * mean);
}
