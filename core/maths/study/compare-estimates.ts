/** The same study's MOS under each method, side by side, and how much each changes. */
import { isConstant, rootMeanSquareError, spearman } from '../correlation.ts';
import { removeBias } from './bias-removal.ts';
import { measureOpinion, measureRaters, measureZScores, type OpinionScores } from './opinion.ts';
import type { Recovery } from './recover.ts';
import { type Bt500Options, screenBt500 } from './screen-bt500.ts';
import { leastCorrelation, removeByCorrelation } from './screen-correlation.ts';
import { keepRaters, listPresent, type Votes } from './votes.ts';

export type EstimateName =
  | 'mos'
  | 'decided'
  | 'withoutFlagged'
  | 'withoutBt500'
  | 'withoutP913'
  | 'zScores'
  | 'biasRemoval'
  | 'biasRemovalBt500'
  | 'recovered';

/** One method beside the plain MOS; changes are over the images that both have, in units of the scale. */
export interface EstimateRow {
  name: EstimateName;
  /** Raters that count. */
  raters: number;
  /** One entry an image, in units of the scale; NaN without votes. */
  quality: Float64Array;
  /** Half of the 95 % interval; NaN where there is none. */
  half: Float64Array;
  /** Root mean square change. */
  rmsChange: number;
  /** The largest change, signed, and its image; null without images. */
  largest: { item: number; change: number } | null;
  srcc: number | null;
}

export interface EstimateTask {
  /** Of all raters. */
  votes: Votes;
  /** Raters in doubt by the default screening, and raters whom the owner left out. */
  flagged: ReadonlySet<number>;
  excluded: ReadonlySet<number>;
  bt500: Bt500Options;
  /** The default recovery of `votes`. */
  recovery: Recovery;
}

/**
 * All from the same votes: the plain MOS; without the raters whom the owner left out, whom screening doubts, whom BT.500-14 rejects, whom
 * correlation with the MOS removes (P.913 Annex A); z-MOS on the scale of the study; without biases (P.913 §12.4), the same with BT.500
 * after it, which is that clause in full; and the default recovery.
 */
export function compareEstimates(task: EstimateTask): EstimateRow[] {
  const { votes, flagged, excluded, bt500, recovery } = task;
  const without = (from: Votes, isOut: (rater: number) => boolean): [Votes, OpinionScores] => {
    const kept = listPresent(from).some(isOut) ? keepRaters(from, (rater) => !isOut(rater)) : from;
    return [kept, measureOpinion(kept)];
  };
  const rejectedBy = (judged: Votes) => {
    const { rejected } = screenBt500(judged, bt500);
    return (rater: number) => rejected[rater] === 1;
  };
  const unrelated = new Set(removeByCorrelation(votes, leastCorrelation).map(({ rater }) => rater));
  const unbiased = removeBias(votes);
  const plain = measureOpinion(votes);
  const rows: [EstimateName, [Votes, Pick<OpinionScores, 'mean' | 'half'>]][] = [
    ['mos', [votes, plain]],
    ['decided', without(votes, (rater) => excluded.has(rater))],
    ['withoutFlagged', without(votes, (rater) => flagged.has(rater))],
    ['withoutBt500', without(votes, rejectedBy(votes))],
    ['withoutP913', without(votes, (rater) => unrelated.has(rater))],
    ['zScores', scaleZScores(votes)],
    ['biasRemoval', [votes, unbiased.scores]],
    ['biasRemovalBt500', without(unbiased.votes, rejectedBy(unbiased.votes))],
    ['recovered', [votes, { mean: recovery.quality, half: recovery.half }]],
  ];
  return rows.map(([name, [counted, { mean, half }]]) => ({
    ...{ name, raters: listPresent(counted).length, quality: mean, half },
    ...measureChange(plain.mean, mean),
  }));
}

/** z-MOS times the raters' root mean square SD plus the mean of their means: the scale's units, so that changes can be told. */
function scaleZScores(votes: Votes): [Votes, Pick<OpinionScores, 'mean' | 'half'>] {
  const { scores, excluded } = measureZScores(votes);
  const { mean, sd } = measureRaters(votes);
  const raters = listPresent(votes).filter((i) => excluded[i] === 0);
  const middle = raters.reduce((sum, i) => sum + mean[i]!, 0) / raters.length;
  const spread = Math.sqrt(raters.reduce((sum, i) => sum + sd[i]! ** 2, 0) / raters.length);
  const counted = keepRaters(votes, (i) => excluded[i] === 0);
  return [
    counted,
    { mean: scores.mean.map((z) => middle + spread * z), half: scores.half.map((z) => spread * z) },
  ];
}

function measureChange(
  before: Float64Array,
  after: Float64Array,
): Pick<EstimateRow, 'rmsChange' | 'largest' | 'srcc'> {
  const items = [...before.keys()].filter((j) => !Number.isNaN(before[j]) && !Number.isNaN(after[j]));
  const x = Float64Array.from(items, (j) => before[j]!);
  const y = Float64Array.from(items, (j) => after[j]!);
  // A method that changes nothing is common, and ranking twenty thousand images for it takes long.
  if (x.every((value, at) => value === y[at])) {
    const [item] = items;
    const same = item === undefined ? null : { item, change: 0 };
    return { rmsChange: 0, largest: same, srcc: isConstant(x) ? null : 1 };
  }
  let largest: EstimateRow['largest'] = null;
  for (const item of items) {
    const change = after[item]! - before[item]!;
    if (largest === null || Math.abs(change) > Math.abs(largest.change)) largest = { item, change };
  }
  return { rmsChange: rootMeanSquareError(x, y) ?? 0, largest, srcc: spearman(x, y) };
}
