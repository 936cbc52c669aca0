/** Which source positions Pillow's resize sums for an output position, and with which whole-number weights. */

/** Both filters are widened where they shrink (antialiased). Bicubic is Keys' with a = −½. */
export type PillowFilter = 'bilinear' | 'bicubic';

/** One axis of a resize, evaluated at chosen output positions only, in the layout that the kernel reads. */
export interface Taps {
  /** Stretches of source positions that are read, [from, to) each; laid end to end they are what `starts` counts in. */
  runs: [from: number, to: number][];
  /** Sum of the lengths of the runs. */
  length: number;
  /** First tap of every output position. */
  starts: Int32Array;
  /** Four taps at a time: their 16-bit low parts, then their high parts (weight = 4096 · high + low, in units of 2⁻²²). */
  weights: Int16Array;
  /** How often four taps an output position has; what is missing weighs 0. */
  groups: number;
}

/**
 * Taps of Pillow's `resize` from `size.from` to `size.to` pixels at the ascending output positions `at`, bit for bit
 * (Resample.c: weights in double precision, normalised, rounded half away from zero to multiples of 2⁻²²).
 */
export function planTaps(
  filter: PillowFilter,
  size: { from: number; to: number },
  at: ArrayLike<number>,
): Taps {
  const scale = size.from / size.to;
  const stretch = Math.max(1, scale);
  const support = (filter === 'bilinear' ? 1 : 2) * stretch;
  const centres = Float64Array.from(at, (x) => (x + 0.5) * scale);
  const firsts = Int32Array.from(centres, (centre) => Math.max(0, Math.trunc(centre - support + 0.5)));
  const counts = Int32Array.from(centres, (centre, i) => {
    return Math.min(size.from, Math.trunc(centre + support + 0.5)) - firsts[i]!;
  });
  const groups = Math.ceil(counts.reduce((most, count) => Math.max(most, count), 1) / 4);
  const weights = new Int16Array(at.length * groups * 8);
  const shares = new Float64Array(groups * 4);
  for (let i = 0; i < at.length; i++) {
    const taps = shares.subarray(0, counts[i]!);
    for (let k = 0; k < taps.length; k++) {
      taps[k] = weigh(filter, (firsts[i]! + k - centres[i]! + 0.5) * (1 / stretch));
    }
    putWeights(taps, weights, i * groups * 8);
  }
  return { ...layEndToEnd(firsts, counts), weights, groups };
}

function weigh(filter: PillowFilter, distance: number): number {
  const x = Math.abs(distance);
  if (filter === 'bilinear') return x < 1 ? 1 - x : 0;
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
}

function putWeights(taps: Float64Array, weights: Int16Array, at: number): void {
  let total = 0;
  for (let k = 0; k < taps.length; k++) total += taps[k]!;
  for (let k = 0; k < taps.length; k++) {
    const share = (taps[k]! / total) * 2 ** 22;
    const weight = Math.trunc(share < 0 ? share - 0.5 : share + 0.5);
    const low = ((weight + 2048) & 4095) - 2048;
    const slot = at + 8 * (k >> 2) + (k & 3);
    weights[slot] = low;
    weights[slot + 4] = (weight - low) >> 12;
  }
}

function layEndToEnd(firsts: Int32Array, counts: Int32Array): Pick<Taps, 'runs' | 'length' | 'starts'> {
  const runs: Taps['runs'] = [];
  let length = 0;
  const starts = firsts.map((first, i) => {
    const end = first + counts[i]!;
    const run = runs.at(-1);
    if (run === undefined || first > run[1]) {
      runs.push([first, end]);
      length += counts[i]!;
    } else {
      length += end - run[1];
      run[1] = end;
    }
    return length - counts[i]!;
  });
  return { runs, length, starts };
}
