/** Weighted kappa: agreement of two raters beyond chance (Cohen 1968). */
import type { EstimateOrReason } from '../../../contract/common.ts';
import type { Votes } from './votes.ts';

export interface KappaScale {
  /** The values of the scale in order; distances between categories are counted in places, as scikit-learn does. */
  levels: readonly number[];
  weights: 'linear' | 'quadratic';
}

/** κ_w = 1 − Σ w·observed / Σ w·expected, at most 1; values that are no level go to the nearest one. */
export function weightedKappa(
  first: Float64Array,
  second: Float64Array,
  scale: KappaScale,
): EstimateOrReason {
  const n = first.length;
  if (n === 0) return { reason: 'The two have no image in common.', n };
  const a = Array.from(first, (value) => nearestLevel(value, scale.levels));
  const b = Array.from(second, (value) => nearestLevel(value, scale.levels));
  const weigh = (distance: number) => (scale.weights === 'linear' ? Math.abs(distance) : distance * distance);
  let observed = 0;
  for (const [at, level] of a.entries()) observed += weigh(level - b[at]!);
  const countA = countLevels(a, scale.levels.length);
  const countB = countLevels(b, scale.levels.length);
  let expected = 0;
  for (const [levelA, timesA] of countA.entries()) {
    for (const [levelB, timesB] of countB.entries()) expected += timesA * timesB * weigh(levelA - levelB);
  }
  expected /= n;
  if (expected === 0) return { reason: 'Both give one and the same value only.', n };
  // One side constant: κ is 0 whatever the votes, so it says nothing.
  if (countA.includes(n) || countB.includes(n)) return { reason: 'One of the two gives one value only.', n };
  return {
    value: 1 - observed / expected,
    low: null,
    high: null,
    n,
    method: `Cohen's κ, ${scale.weights} weights`,
  };
}

function nearestLevel(value: number, levels: readonly number[]): number {
  let nearest = 0;
  for (const [at, level] of levels.entries()) {
    if (Math.abs(level - value) < Math.abs(levels[nearest]! - value)) nearest = at;
  }
  return nearest;
}

function countLevels(places: readonly number[], levels: number): number[] {
  const counts = new Array<number>(levels).fill(0);
  for (const place of places) counts[place]! += 1;
  return counts;
}

/** Mean of the weighted kappas of all pairs of raters with at least three common images (Light 1971); of repeats the first vote counts. */
export function meanPairwiseKappa(votes: Votes, scale: KappaScale): EstimateOrReason {
  const byRater = Array.from({ length: votes.raters }, () => new Map<number, number>());
  for (let at = votes.value.length - 1; at >= 0; at -= 1) {
    byRater[votes.rater[at]!]!.set(votes.item[at]!, votes.value[at]!);
  }
  const kappas: number[] = [];
  for (const [i, own] of byRater.entries()) {
    for (const other of byRater.slice(i + 1)) {
      const common = [...own.keys()].filter((item) => other.has(item));
      if (common.length < 3) continue;
      const kappa = weightedKappa(
        Float64Array.from(common, (item) => own.get(item)!),
        Float64Array.from(common, (item) => other.get(item)!),
        scale,
      );
      if ('value' in kappa) kappas.push(kappa.value);
    }
  }
  if (kappas.length === 0)
    return { reason: 'No two raters have three images in common that both vary on.', n: 0 };
  return {
    value: kappas.reduce((a, b) => a + b, 0) / kappas.length,
    low: null,
    high: null,
    n: kappas.length,
    method: `mean of the pairs' κ, ${scale.weights} weights (Light 1971)`,
  };
}
