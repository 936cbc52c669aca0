/** Power spectrum of a 512 × 512 plane under a Hann window. */

const size = 512;
const half = size / 2;

/** Frequency of a bin, in cycles a sample: across 0 … ½, down −½ … ½. */
export interface SpectrumBin {
  across: number;
  down: number;
}

/** The bins of the half plane in the order of `powerSpectrum`. */
export const spectrumBins: readonly SpectrumBin[] = Array.from({ length: (half + 1) * size }, (_, i) => {
  const down = i % size;
  return { across: Math.floor(i / size) / size, down: (down < half ? down : down - size) / size };
});

const hann = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));

/** |F|² + 0.001 of the plane less its mean, times a Hann window (periodic) in both directions. */
export function powerSpectrum(source: Float32Array): Float32Array {
  let mean = 0;
  for (const sample of source) mean += sample / source.length;
  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  for (let i = 0; i < re.length; i++) re[i] = (source[i]! - mean) * hann[i >> 9]! * hann[i & 511]!;
  for (let row = 0; row < size; row++) transform(re, im, row * size, 1);
  for (let column = 0; column <= half; column++) transform(re, im, column, size);
  return Float32Array.from(spectrumBins, (_, i) => {
    const at = (i % size) * size + Math.floor(i / size);
    return re[at]! ** 2 + im[at]! ** 2 + 1e-3;
  });
}

/** In-place radix-2 transform of 512 samples, `stride` apart. */
function transform(re: Float64Array, im: Float64Array, from: number, stride: number): void {
  for (let i = 1, j = 0; i < size; i++) {
    let bit = half;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      swap(re, from + i * stride, from + j * stride);
      swap(im, from + i * stride, from + j * stride);
    }
  }
  for (let length = 2; length <= size; length *= 2) {
    for (let k = 0; k < length / 2; k++) {
      const cos = Math.cos((2 * Math.PI * k) / length);
      const sin = -Math.sin((2 * Math.PI * k) / length);
      for (let start = k; start < size; start += length) {
        const a = from + start * stride;
        const b = a + (length / 2) * stride;
        const real = re[b]! * cos - im[b]! * sin;
        const imaginary = re[b]! * sin + im[b]! * cos;
        re[b] = re[a]! - real;
        im[b] = im[a]! - imaginary;
        re[a]! += real;
        im[a]! += imaginary;
      }
    }
  }
}

function swap(values: Float64Array, a: number, b: number): void {
  const kept = values[a]!;
  values[a] = values[b]!;
  values[b] = kept;
}
