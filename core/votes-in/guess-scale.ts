/** Guesses the scale that votes were given on from the values alone. */
import type { Scale } from '../../contract/studies.ts';
import { scalePresets } from '../../contract/studies.ts';

/** The smallest usual scale that has all values; else a continuous one from the lowest to the highest. At least one value. */
export function guessScale(values: readonly number[]): Scale {
  let [low, high, decimals] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    decimals = Math.max(decimals, decimalsOf(value));
  }
  if (decimals === 0 && low >= 1 && high <= 5) return scalePresets.acr5;
  if (decimals === 0 && low >= 1 && high <= 9) return scalePresets.acr9;
  if (decimals <= 1 && low >= 0 && high <= 5) return scalePresets.continuous5;
  if (decimals === 0 && low >= 0 && high <= 100) return scalePresets.continuous100;
  const max = high > low ? high : low + 1;
  return { kind: 'continuous', min: low, max, step: Math.max(10 ** -decimals, (max - low) / 10_000) };
}

function decimalsOf(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (mantissa.split('.')[1] ?? '').length - Number(exponent));
}
