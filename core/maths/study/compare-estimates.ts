/** The same study's MOS under each method, side by side, and how much each changes. */
import { rootMeanSquareError, spearman } from '../correlation.ts';
import { removeBias } from './bias-removal.ts';
import { measureOpinion } from './opinion.ts';
import { recoverQuality } from './recover.ts';
import { screenBt500 } from './screen-bt500.ts';
import { keepRaters, listPresent, type Votes } from './votes.ts';

export type EstimateName = 'mos' | 'withoutFlagged' | 'withoutBt500' | 'biasRemoval' | 'recovered';

/** One method beside the plain MOS; changes are over the images that both have, in units of the scale. */
export interface EstimateRow {
  name: EstimateName;
  /** Raters that count. */
  raters: number;
  quality: Float64Array;
  /** Root mean square change. */
  rmsChange: number;
  /** The largest change, signed, and its image; null without images. */
  largest: { item: number; change: number } | null;
  srcc: number | null;
}

/**
 * The plain MOS, without the raters the caller names, without those that BT.500 rejects, without biases, and the default recovery
 * (`recoverQuality`), all from the same votes.
 */
export function compareEstimates(votes: Votes, flagged: ReadonlySet<number>): EstimateRow[] {
  const mos = measureOpinion(votes).mean;
  const rejected = screenBt500(votes).rejected;
  const unflagged = keepRaters(votes, (rater) => !flagged.has(rater));
  const passed = keepRaters(votes, (rater) => rejected[rater] === 0);
  const rows: [EstimateName, Votes, Float64Array][] = [
    ['mos', votes, mos],
    ['withoutFlagged', unflagged, measureOpinion(unflagged).mean],
    ['withoutBt500', passed, measureOpinion(passed).mean],
    ['biasRemoval', votes, removeBias(votes).scores.mean],
    ['recovered', votes, recoverQuality(votes).quality],
  ];
  return rows.map(([name, counted, quality]) => ({
    name,
    raters: listPresent(counted).length,
    quality,
    ...measureChange(mos, quality),
  }));
}

function measureChange(
  before: Float64Array,
  after: Float64Array,
): Pick<EstimateRow, 'rmsChange' | 'largest' | 'srcc'> {
  const items = [...before.keys()].filter((j) => !Number.isNaN(before[j]) && !Number.isNaN(after[j]));
  const x = Float64Array.from(items, (j) => before[j]!);
  const y = Float64Array.from(items, (j) => after[j]!);
  let largest: EstimateRow['largest'] = null;
  for (const item of items) {
    const change = after[item]! - before[item]!;
    if (largest === null || Math.abs(change) > Math.abs(largest.change)) largest = { item, change };
  }
  return { rmsChange: rootMeanSquareError(x, y) ?? 0, largest, srcc: spearman(x, y) };
}
