/** Taps of a truncated Gaussian window. */

const fround = Math.fround;

/** [centre, ±1, ±2, …] of a Gaussian of deviation `sigma` (samples), normalised; all in single precision. */
export function gaussianTaps(sigma: number, radius: number): Float32Array {
  const scale = fround(sigma);
  const weights = Float32Array.from({ length: radius + 1 }, (_, k) =>
    Math.exp(-fround(fround((k * k) / 2 / scale) / scale)),
  );
  let sum = 0;
  for (let k = -radius; k <= radius; k++) sum = fround(sum + weights[Math.abs(k)]!);
  return weights.map((weight) => weight / sum);
}
