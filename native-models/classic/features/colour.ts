/**
 * Colour: moments and quantiles of R, G, B, Cb, Cr and of saturation, quantiles of the brightest channel,
 * colourfulness (Hasler & Süsstrunk, SPIE 2003), and the entropy and clipping of Y, Cb and Cr.
 */
import { countLevels, countTruncated, saturate, sumOpponents } from '../kernels/pixels.ts';
import { momentsOf } from '../maths/moments.ts';
import { quantileRank, quantileStride, quantiles } from '../maths/quantiles.ts';
import { colourfulnessOf } from '../signals/colourfulness.ts';
import { describeSamples, descriptionNames } from './describe.ts';

const levels = 256;
const clippedLevels = 4;

/** Names of the 69 values. */
export const colourNames = [
  ...['red', 'green', 'blue', 'cb', 'cr', 'saturation'].flatMap((channel) =>
    descriptionNames.map((value) => `${channel} ${value}`),
  ),
  ...descriptionNames.slice(4).map((value) => `brightest channel ${value}`),
  'colourfulness',
  ...['y', 'cb', 'cr'].flatMap((channel) =>
    ['entropy', 'share near 0', 'share near 255'].map((value) => `${channel} ${value}`),
  ),
];

/**
 * The 69 values.
 * @param rgb interleaved pixels
 * @param planes their Y, Cb, Cr
 * @param scratch a plane that is overwritten
 */
export function measureColour(
  rgb: Uint8Array,
  planes: { y: Float32Array; cb: Float32Array; cr: Float32Array },
  scratch: Float32Array,
): number[] {
  const every = countLevels(rgb, 1);
  const some = countLevels(rgb, quantileStride);
  saturate(rgb, scratch);
  return [
    ...describeLevels(every.red, some.red),
    ...describeLevels(every.green, some.green),
    ...describeLevels(every.blue, some.blue),
    ...describeSamples(planes.cb),
    ...describeSamples(planes.cr),
    ...describeSamples(scratch),
    ...quantilesOfLevels(some.brightest),
    colourfulnessOf(sumOpponents(rgb)),
    ...spreadOfLevels(countTruncated(planes.y, 0)),
    ...spreadOfLevels(countTruncated(planes.cb, 128)),
    ...spreadOfLevels(countTruncated(planes.cr, 128)),
  ];
}

/** Moments over all pixels and quantiles over some, both from histograms of 8-bit levels. */
function describeLevels(every: Uint32Array, some: Uint32Array): number[] {
  const sums = { count: 0, shift: levels / 2, first: 0, second: 0, third: 0, fourth: 0 };
  every.forEach((count, level) => {
    const d = level - sums.shift;
    sums.count += count;
    sums.first += count * d;
    sums.second += count * d ** 2;
    sums.third += count * d ** 3;
    sums.fourth += count * d ** 4;
  });
  const { mean, deviation, skewness, kurtosis } = momentsOf(sums);
  return [mean, deviation, skewness, kurtosis, ...quantilesOfLevels(some)];
}

function quantilesOfLevels(counts: Uint32Array): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return quantiles.map((p) => {
    let left = quantileRank(p, total);
    return counts.findIndex((count) => {
      left -= count;
      return left < 0;
    });
  });
}

/** Entropy in nats, and the shares of the lowest and highest four levels. */
function spreadOfLevels(counts: Uint32Array): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = Array.from(counts, (count) => count / total);
  const entropy = -shares.reduce((sum, share) => sum + share * Math.log(share + 1e-9), 0);
  const sum = (part: number[]): number => part.reduce((total, share) => total + share, 0);
  return [entropy, sum(shares.slice(0, clippedLevels)), sum(shares.slice(-clippedLevels))];
}
