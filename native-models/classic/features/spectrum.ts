/**
 * Radial log power spectrum of the luma: level and slope of the amplitude falloff of natural images (Field,
 * JOSA A 1987) in 21 rings, and how much more power lies along the axes than between them.
 */
import { binCount, frequencyOf, powerSpectrum } from '../kernels/fourier.ts';
import { meanOf } from '../maths/moments.ts';

const size = 512;
const ringCount = 21;
const bands = [
  { from: 0.02, to: 0.1 },
  { from: 0.1, to: 0.25 },
  { from: 0.25, to: 0.5 },
];

/** Names of the 28 values. Frequencies are in cycles a pixel. */
export const spectrumNames = [
  ...Array.from({ length: ringCount }, (_, ring) => `ring ${ring} against mean`),
  'mean log power',
  ...bands.flatMap(({ from, to }) =>
    ['vertical', 'diagonal'].map((direction) => `${from}–${to}: horizontal against ${direction}`),
  ),
];

const classCount = ringCount + 3 * bands.length;
const noClass = 255;

/** Ring edges: 20 geometric steps from 2/512 to ½; the last ring is what lies beyond. */
const ringEdges = Array.from(
  { length: ringCount },
  (_, i) => (2 / size) * (size / 4) ** (i / (ringCount - 1)),
);

// For each bin, in the order of `powerSpectrum`, its ring and its class by band and orientation.
const rings = new Uint8Array(binCount);
const orientations = new Uint8Array(binCount);
const counts = new Uint32Array(256);
for (let bin = 0; bin < binCount; bin++) {
  const { across, down } = frequencyOf(bin);
  const radius = Math.hypot(across, down);
  rings[bin] = ringOf(radius);
  orientations[bin] = orientationOf(across, Math.abs(down), radius);
  counts[rings[bin]!]!++;
  counts[orientations[bin]!]!++;
}

/** The 28 values of the 512 × 512 luma plane. */
export function measureSpectrum(luma: Float32Array): number[] {
  const power = powerSpectrum(luma);
  const sums = new Float64Array(256);
  for (let bin = 0; bin < power.length; bin++) {
    sums[rings[bin]!]! += power[bin]!;
    sums[orientations[bin]!]! += power[bin]!;
  }
  const logs = Array.from({ length: classCount }, (_, i) => Math.log(sums[i]! / counts[i]!));
  const ringLogs = logs.slice(0, ringCount);
  const level = meanOf(ringLogs);
  const anisotropy = bands.flatMap((_, band) => {
    const [horizontal, vertical, diagonal] = logs.slice(ringCount + 3 * band);
    return [horizontal! - vertical!, horizontal! - diagonal!];
  });
  return [...ringLogs.map((log) => log - level), level, ...anisotropy];
}

function ringOf(radius: number): number {
  if (radius < ringEdges[0]!) return noClass;
  let ring = ringCount - 1;
  while (radius < ringEdges[ring]!) ring--;
  return ring;
}

function orientationOf(across: number, down: number, radius: number): number {
  let band = 0;
  while (band < bands.length && !(radius >= bands[band]!.from && radius < bands[band]!.to)) band++;
  if (band === bands.length) return noClass;
  let orientation = 2;
  if (across > 2 * down) orientation = 0;
  else if (down > 2 * across) orientation = 1;
  return ringCount + 3 * band + orientation;
}
