/** Dropout (Srivastava et al., 2014): a share of numbers becomes 0, the rest are scaled up so that the sum stays what it was. */
import type { Random } from './random.ts';

/**
 * Fills `factors` with 0 or 1 / (1 − share) and multiplies `values` by them. A byte of randomness decides each, so the share is rounded
 * to 1/256; bytes come from xorshift32 (Marsaglia, 2003), started anew from `random`: this runs for every number of every step.
 *
 * @param share of numbers that become 0, in [0, 1)
 */
export function dropOut(values: Float32Array, factors: Float32Array, share: number, random: Random): void {
  const threshold = Math.round(share * 256);
  const scale = 256 / (256 - threshold);
  const factorOf = Float32Array.from({ length: 256 }, (_, byte) => (byte < threshold ? 0 : scale));
  let state = random.below(0xffff_ffff) + 1;
  for (let at = 0; at < values.length; at++) {
    if ((at & 3) === 0) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
    }
    const factor = factorOf[(state >>> ((at & 3) * 8)) & 0xff]!;
    factors[at] = factor;
    values[at]! *= factor;
  }
}
