/** Power spectrum of a 512 × 512 plane under a Hann window. */

const size = 512;
const half = size / 2;

/** Bins of the half plane. */
export const binCount = (half + 1) * size;

/** The frequency of a bin in the order of `powerSpectrum`, in cycles a sample: across 0 … ½, down −½ … ½. */
export function frequencyOf(bin: number): { across: number; down: number } {
  const down = bin % size;
  return { across: Math.floor(bin / size) / size, down: (down < half ? down : down - size) / size };
}

const hann = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
const cosines = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
const sines = Float64Array.from({ length: half }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
const reversed = Uint16Array.from({ length: size }, (_, i) => {
  let bits = 0;
  for (let k = 0; k < 9; k++) bits |= ((i >> k) & 1) << (8 - k);
  return bits;
});

/** Scratch of `powerSpectrum`; every number of it is written anew each time. */
const plane = { re: new Float64Array(binCount), im: new Float64Array(binCount) };

/**
 * |F|² + 0.001 of the plane less its mean, times a Hann window (periodic) in both directions. Two rows go through one complex
 * transform; the half plane is kept column by column, so that the second direction runs along memory.
 */
export function powerSpectrum(source: Float32Array): Float32Array {
  let mean = 0;
  for (const sample of source) mean += sample / source.length;
  const { re, im } = plane;
  transformRows(source, mean, re, im);
  const power = new Float32Array(re.length);
  for (let column = 0; column <= half; column++) {
    const from = column * size;
    transform(re.subarray(from, from + size), im.subarray(from, from + size));
  }
  for (let i = 0; i < power.length; i++) power[i] = re[i]! * re[i]! + im[i]! * im[i]! + 1e-3;
  return power;
}

function transformRows(source: Float32Array, mean: number, re: Float64Array, im: Float64Array): void {
  const a = new Float64Array(size);
  const b = new Float64Array(size);
  for (let row = 0; row < size; row += 2) {
    const first = row * size;
    for (let x = 0; x < size; x++) {
      a[x] = (source[first + x]! - mean) * hann[row]! * hann[x]!;
      b[x] = (source[first + size + x]! - mean) * hann[row + 1]! * hann[x]!;
    }
    transform(a, b);
    // The transform of a real row is Hermitian: sum and difference of mirrored bins part the two rows.
    for (let k = 0; k <= half; k++) {
      const mirror = (size - k) % size;
      const to = k * size + row;
      re[to] = (a[k]! + a[mirror]!) / 2;
      im[to] = (b[k]! - b[mirror]!) / 2;
      re[to + 1] = (b[k]! + b[mirror]!) / 2;
      im[to + 1] = (a[mirror]! - a[k]!) / 2;
    }
  }
}

/** In-place radix-2 transform of 512 samples. */
function transform(re: Float64Array, im: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const j = reversed[i]!;
    if (i >= j) continue;
    const real = re[i]!;
    const imaginary = im[i]!;
    re[i] = re[j]!;
    im[i] = im[j]!;
    re[j] = real;
    im[j] = imaginary;
  }
  for (let span = 1; span < size; span *= 2) {
    const step = half / span;
    for (let start = 0; start < size; start += 2 * span) {
      for (let k = 0, a = start; k < half; k += step, a++) {
        const b = a + span;
        const real = re[b]! * cosines[k]! - im[b]! * sines[k]!;
        const imaginary = re[b]! * sines[k]! + im[b]! * cosines[k]!;
        re[b] = re[a]! - real;
        im[b] = im[a]! - imaginary;
        re[a]! += real;
        im[a]! += imaginary;
      }
    }
  }
}
