/** Screening of raters by their correlation with the MOS (ITU-T P.913 Annex A), as published tools do it. */
import { pearson } from '../correlation.ts';
import { measureOpinion } from './opinion.ts';
import { keepRaters, listPresent, placesOf, type Votes, valuesOf } from './votes.ts';

/**
 * Every rater's Pearson correlation with the MOS of all raters, this one included (P.913 Annex A, r1), over the images that the rater
 * rated; of repeats each counts. NaN where the rater or the MOS does not vary.
 */
export function correlateRaters(votes: Votes): Float64Array {
  const { mean } = measureOpinion(votes);
  return Float64Array.from({ length: votes.raters }, (_, i) => {
    const all = Float64Array.from(placesOf(votes, i), (at) => mean[votes.item[at]!]!);
    return pearson(valuesOf(votes, i), all) ?? Number.NaN;
  });
}

/** P.913 Annex A leaves the threshold to the experiment; this is the usual one. */
export const leastCorrelation = 0.75;

/**
 * Takes away the rater of lowest self-included Pearson's r while that is below the threshold, with the MOS of those who are left each
 * time; an undefined r counts as lowest, ties go to the lower number, two raters always stay.
 *
 * @returns raters in the order in which they went, each with the r at that time (NaN: undefined)
 */
export function removeByCorrelation(
  votes: Votes,
  threshold: number,
): { rater: number; correlation: number }[] {
  const removed: { rater: number; correlation: number }[] = [];
  let left = votes;
  for (;;) {
    const present = listPresent(left);
    if (present.length <= 2) return removed;
    const correlations = correlateRaters(left);
    const rank = (i: number) => (Number.isNaN(correlations[i]) ? Number.NEGATIVE_INFINITY : correlations[i]!);
    const lowest = present.reduce((a, b) => (rank(b) < rank(a) ? b : a));
    if (rank(lowest) >= threshold) return removed;
    removed.push({ rater: lowest, correlation: correlations[lowest]! });
    left = keepRaters(left, (i) => i !== lowest);
  }
}
