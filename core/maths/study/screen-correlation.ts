/** Screening of raters by their correlation with the MOS (ITU-T P.913 Annex A), as published tools do it. */
import { pearson, spearman } from '../correlation.ts';
import { measureOpinion } from './opinion.ts';
import { keepRaters, listPresent, placesOf, type Votes, valuesOf } from './votes.ts';

/** One entry a rater; NaN where the rater or the MOS does not vary over the rater's images. */
export interface RaterCorrelations {
  /** With the MOS of all raters, this one included (P.913 Annex A, r1). */
  pearson: Float64Array;
  spearman: Float64Array;
  /** With the MOS of the others. */
  leaveOneOut: Float64Array;
}

/** Every rater's correlations, over the images that the rater rated; of repeats each counts. */
export function correlateRaters(votes: Votes): RaterCorrelations {
  const { mean } = measureOpinion(votes);
  const result: RaterCorrelations = {
    pearson: new Float64Array(votes.raters).fill(Number.NaN),
    spearman: new Float64Array(votes.raters).fill(Number.NaN),
    leaveOneOut: new Float64Array(votes.raters).fill(Number.NaN),
  };
  for (let i = 0; i < votes.raters; i += 1) {
    const places = placesOf(votes, i);
    const own = valuesOf(votes, i);
    const all = Float64Array.from(places, (at) => mean[votes.item[at]!]!);
    result.pearson[i] = pearson(own, all) ?? Number.NaN;
    result.spearman[i] = spearman(own, all.map(roundOff)) ?? Number.NaN;
    const rest = Float64Array.from(places, (at) => meanOfOthers(votes, at));
    const shared = places.keys().filter((to) => !Number.isNaN(rest[to]));
    const common = Int32Array.from(shared);
    result.leaveOneOut[i] =
      pearson(
        Float64Array.from(common, (to) => own[to]!),
        Float64Array.from(common, (to) => rest[to]!),
      ) ?? Number.NaN;
  }
  return result;
}

/** MOS that are equal but for the rounding of their sums shall share a rank. */
function roundOff(mos: number): number {
  return Math.round(mos * 1e9) / 1e9;
}

/** The mean of the other raters' votes on the image of one vote; NaN where there are none. */
function meanOfOthers({ item, rater, value, itemStarts }: Votes, at: number): number {
  const origin = value[at]!;
  let sum = 0;
  let count = 0;
  for (let other = itemStarts[item[at]!]!; other < itemStarts[item[at]! + 1]!; other += 1) {
    if (rater[other] === rater[at]) continue;
    sum += value[other]! - origin;
    count += 1;
  }
  return origin + sum / count;
}

/**
 * Takes away the rater of lowest self-included Pearson's r while that is below the threshold, with the MOS of those who are left each
 * time; an undefined r counts as lowest, ties go to the lower number, two raters always stay.
 *
 * @returns raters in the order in which they went
 */
export function removeByCorrelation(votes: Votes, threshold: number): number[] {
  const removed: number[] = [];
  let left = votes;
  for (;;) {
    const present = listPresent(left);
    if (present.length <= 2) return removed;
    const correlations = correlateRaters(left).pearson;
    const rank = (i: number) => (Number.isNaN(correlations[i]) ? Number.NEGATIVE_INFINITY : correlations[i]!);
    const lowest = present.reduce((a, b) => (rank(b) < rank(a) ? b : a));
    if (rank(lowest) >= threshold) return removed;
    removed.push(lowest);
    left = keepRaters(left, (i) => i !== lowest);
  }
}

/**
 * The threshold of Netflix's sureal: 0.7 where mean − SD (divisor n) of the correlations is above that, else mean − SD; raters at or
 * below it are rejected. NaN where a correlation is undefined.
 */
export function adaptiveThreshold(correlations: Float64Array): number {
  const n = correlations.length;
  const mean = correlations.reduce((a, b) => a + b, 0) / n;
  const sd = Math.sqrt(correlations.reduce((sum, r) => sum + (r - mean) ** 2, 0) / n);
  return Math.min(0.7, mean - sd);
}
