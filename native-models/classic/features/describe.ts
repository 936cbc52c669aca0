/** Nine numbers for a plane of samples: four moments and five quantiles. */
import { findQuantiles } from '../kernels/pixels.ts';
import { sumPowers } from '../kernels/planes.ts';
import { momentsOf } from '../maths/moments.ts';

/** Names of what `describeSamples` and `describeLogs` give, in order. */
export const descriptionNames = [
  ...['mean', 'deviation', 'skewness', 'kurtosis'],
  ...['q05', 'q25', 'q50', 'q75', 'q95'],
];

/** Moments and quantiles of the samples. */
export function describeSamples(samples: Float32Array): number[] {
  const quantiles = findQuantiles(samples, 'signed');
  return [...fourMoments(samples, quantiles[2]!), ...quantiles];
}

/**
 * Moments and quantiles of `logs` = ln(|samples| + ½). The quantiles are taken before the logarithm, which
 * keeps their order.
 */
export function describeLogs(samples: Float32Array, logs: Float32Array): number[] {
  const quantiles = findQuantiles(samples, 'magnitude').map((quantile) => Math.log(quantile + 0.5));
  return [...fourMoments(logs, quantiles[2]!), ...quantiles];
}

/** The median is a cheap shift near the mean, which keeps the power sums small. */
function fourMoments(samples: Float32Array, median: number): number[] {
  const { mean, deviation, skewness, kurtosis } = momentsOf(sumPowers(samples, median));
  return [mean, deviation, skewness, kurtosis];
}
