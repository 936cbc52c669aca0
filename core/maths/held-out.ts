/** How good a new head is on rows it was not trained on, beside its parent on the same rows. */
import type { EstimateOrReason } from '../../contract/common.ts';
import type { HeadComparison, HeldOutMetrics } from '../../contract/heads.ts';
import { bootstrapIntervals, countResamples } from './bootstrap.ts';
import { createSpearman, pearson, rootMeanSquareError } from './correlation.ts';
import { comparePaired } from './paired-difference.ts';

export interface HeldOutRows {
  labels: Float64Array;
  groups: readonly string[];
  predicted: Float64Array;
  /** The parent's predictions as they are, on its own scale; null where there is no parent. */
  parent: Float64Array | null;
  /** The mean of Q and S of the same rows, NaN where it is not known; null where there is none at all. */
  baseline?: Float64Array | null;
}

const method = '95 % percentile bootstrap over prompts';
const noParent = 'There is no parent head.';

/** The figures with paired intervals: new head and parent are measured on the same resamples. */
export function measureHeldOut(rows: HeldOutRows, seed: number): HeldOutMetrics {
  const { labels, groups, predicted, parent } = rows;
  const n = labels.length;
  const own = createMeasures(predicted, labels);
  const parents = parent && createMeasures(parent, labels);
  const measure = (weights?: Uint32Array) => {
    const ofOwn = own(weights);
    const ofParent = parents?.(weights) ?? { srcc: null, plcc: null, rmse: null };
    return {
      ...ofOwn,
      parentSrcc: ofParent.srcc,
      parentPlcc: ofParent.plcc,
      parentRmse: ofParent.rmse,
      rmseDifference: ofOwn.rmse === null || ofParent.rmse === null ? null : ofOwn.rmse - ofParent.rmse,
    };
  };
  const values = measure();
  const intervals = bootstrapIntervals(groups, measure, { seed, resamples: countResamples(n) });
  function estimate(name: keyof typeof values): EstimateOrReason {
    const value = values[name];
    if (value === null) {
      const reason =
        (name.startsWith('parent') || name === 'rmseDifference') && parent === null
          ? noParent
          : 'All values on one side are the same.';
      return { reason, n };
    }
    if (!Number.isFinite(value)) return { reason: 'The values are too large to be measured.', n };
    const interval = intervals[name];
    return { value, low: interval?.low ?? null, high: interval?.high ?? null, n, method };
  }
  const withParent = parent === null ? null : compareWith('parent', parent, rows);
  return {
    rows: n,
    groups: new Set(groups).size,
    srcc: estimate('srcc'),
    plcc: estimate('plcc'),
    rmse: estimate('rmse'),
    parentSrcc: estimate('parentSrcc'),
    parentPlcc: estimate('parentPlcc'),
    parentRmse: estimate('parentRmse'),
    // One difference, one interval: that of the comparison.
    srccDifference: withParent?.srcc ?? { reason: noParent, n },
    rmseDifference: estimate('rmseDifference'),
    comparisons: [
      ...(withParent === null ? [] : [withParent]),
      ...(rows.baseline?.some(Number.isFinite) === true
        ? [compareWith('meanOfSignals', rows.baseline, rows)]
        : []),
    ],
  };
}

const namesOf = { parent: 'its parent', meanOfSignals: 'the mean of Q and S' } as const;

function compareWith(
  against: HeadComparison['against'],
  other: Float64Array,
  { predicted, labels, groups }: HeldOutRows,
): HeadComparison {
  const compared = comparePaired({
    a: predicted,
    b: other,
    mos: labels,
    groups,
    names: ['this head', namesOf[against]],
  });
  const { tests, srcc, plcc, verdict, imagesToTell, sentence } = compared;
  return {
    against,
    srcc,
    plcc,
    williamsP: 'williams' in tests.srcc ? tests.srcc.williams.p : null,
    steigerP: 'steiger' in tests.srcc ? tests.srcc.steiger.p : null,
    verdict,
    labelsToTell: imagesToTell,
    sentence,
  };
}

interface Measures {
  srcc: number | null;
  plcc: number | null;
  rmse: number | null;
}

function createMeasures(predicted: Float64Array, labels: Float64Array): (weights?: Uint32Array) => Measures {
  const spearman = createSpearman(predicted, labels);
  return (weights) => ({
    srcc: spearman(weights),
    plcc: pearson(predicted, labels, weights),
    rmse: rootMeanSquareError(predicted, labels, weights),
  });
}

/** The same shape where nothing could be held out. */
export function withoutHeldOut(reason: string, rows: number, groups: number): HeldOutMetrics {
  const none = { reason, n: 0 };
  return {
    rows,
    groups,
    srcc: none,
    plcc: none,
    rmse: none,
    parentSrcc: none,
    parentPlcc: none,
    parentRmse: none,
    srccDifference: none,
    rmseDifference: none,
    comparisons: [],
  };
}
