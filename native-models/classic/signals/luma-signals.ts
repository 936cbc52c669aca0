/** Sharpness and contrast of a picture at its own size, from one pass over its luma. */
import type { RgbImage } from '../../images/decode.ts';

/** Both signals; sharpness is null where the picture has no inner pixel. */
export interface LumaSignals {
  /**
   * Standard deviation of the 4-neighbour Laplacian of luma 0 … 255: the square root of the variance of Laplacian
   * (Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000, LAPV). 0 is flat; border
   * pixels have no Laplacian.
   */
  sharpness: number | null;
  /** RMS contrast: standard deviation of luma 0 … 1 (Peli, "Contrast in complex images", JOSA A 7(10), 1990). 0 … 0.5. */
  contrast: number;
}

/** Measures both, with luma Y = 0.299 R + 0.587 G + 0.114 B. */
export function measureLumaSignals(image: RgbImage): LumaSignals {
  const { width, height } = image;
  const luma = new Spread();
  const laplacian = new Spread();
  // Three rows are enough, whatever the height.
  const rows = [0, 1, 2].map(() => new Float64Array(width)) as [Float64Array, Float64Array, Float64Array];
  const inner = new Float64Array(Math.max(0, width - 2));
  for (let y = 0; y < height; y++) {
    const below = rows[y % 3]!;
    readLuma(image, y, below);
    luma.addRow(below);
    if (y < 2) continue;
    takeLaplacian([rows[(y - 2) % 3]!, rows[(y - 1) % 3]!, below], inner);
    laplacian.addRow(inner);
  }
  return {
    sharpness: width < 3 || height < 3 ? null : laplacian.deviation(),
    contrast: luma.deviation() / 255,
  };
}

function readLuma({ rgb, width }: RgbImage, y: number, target: Float64Array): void {
  for (let x = 0, at = 3 * y * width; x < width; x++, at += 3) {
    target[x] = 0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]!;
  }
}

function takeLaplacian(
  [above, middle, below]: readonly [Float64Array, Float64Array, Float64Array],
  inner: Float64Array,
): void {
  for (let x = 0; x < inner.length; x++) {
    inner[x] = above[x + 1]! + below[x + 1]! + middle[x]! + middle[x + 2]! - 4 * middle[x + 1]!;
  }
}

/** Running deviation of values of moderate size, about the first of them, which keeps the sums small. */
class Spread {
  #shift: number | null = null;
  #count = 0;
  #sum = 0;
  #squares = 0;

  addRow(values: Float64Array): void {
    const shift = this.#shift ?? values[0] ?? 0;
    this.#shift = shift;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < values.length; i++) {
      const d = values[i]! - shift;
      sum += d;
      squares += d * d;
    }
    this.#count += values.length;
    this.#sum += sum;
    this.#squares += squares;
  }

  deviation(): number {
    const mean = this.#sum / this.#count;
    return Math.sqrt(Math.max(0, this.#squares / this.#count - mean * mean));
  }
}
