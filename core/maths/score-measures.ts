/** Every coefficient of one score against MOS, prepared so that a resample of groups costs next to nothing. */
import { indexGroups } from './bootstrap.ts';
import { createGroupSpearman, isConstant, meanOf, pearson, rootMeanSquareError } from './correlation.ts';
import { correlateSums, createGroupSums } from './group-sums.ts';
import { kendallSlopes, kendallTauB } from './kendall.ts';
import { fitLogistic, fitLogistic5, type Mapping } from './logistic.ts';

/** Pairs in columns, one entry an image. */
export interface ScorePairs {
  predicted: Float64Array;
  mos: Float64Array;
  /** Images of one group (prompt) are drawn together. */
  groups: ArrayLike<number | string>;
  /** Half the 95 % interval of each MOS, NaN where it has none; null where the set has none at all. */
  halfWidths: Float64Array | null;
}

export const measureNames = [
  'srcc',
  'plcc',
  'krcc',
  'rmse',
  'mae',
  'mainScore',
  'plccMapped',
  'rmseMapped',
  'plccMapped5',
  'rmseMapped5',
  'outlierRatio',
] as const;
export type MeasureName = (typeof measureNames)[number];
export type Measured = Record<MeasureName, number | null>;

export interface ScoreMeasures {
  /** How many groups are drawn. */
  groups: number;
  /** The coefficients of all pairs. */
  values: Measured;
  /** Those of a resample; `krcc` by its slopes, the mappings held as fitted to all pairs. */
  measure: (drawn: Uint32Array) => Measured;
}

/**
 * Measures pairs of finite numbers. Without a mapping (too few pairs, constant predictions) what depends on it is null.
 *
 * @param withFive false leaves the 5-parameter mapping out, which takes long to fit
 */
export function createMeasures(
  { predicted, mos, groups, halfWidths }: ScorePairs,
  { withFive = true }: { withFive?: boolean } = {},
): ScoreMeasures {
  const map4 = fitLogistic(predicted, mos);
  const map5 = withFive ? fitLogistic5(predicted, mos) : null;
  const four = applyMap(map4, predicted);
  const five = applyMap(map5, predicted);
  const misses = predicted.map((value, at) => Math.abs(value - mos[at]!));
  const tau = kendallTauB(predicted, mos);
  // Where all votes of every image are the same, rounding alone would say who is an outlier.
  const isSpread = halfWidths?.some((half) => half > 0) === true;
  const outliers = four && isSpread ? findOutliers(four, mos, halfWidths!) : null;
  const nothing = new Float64Array(predicted.length);
  const { groupOf, count } = indexGroups(groups);
  const spearman = createGroupSpearman(predicted, mos, groupOf);
  const middle = meanOf(mos);
  const y = mos.map((value) => value - middle);
  const sumsOf = createGroupSums(
    {
      n: nothing.map(() => 1),
      y,
      yy: y.map((value) => value * value),
      miss: misses,
      slope: kendallSlopes(predicted, mos) ?? nothing,
      outlier: outliers?.isOutlier ?? nothing,
      judged: outliers?.isJudged ?? nothing,
      ...prefix('raw', describePairs(predicted, mos, y)),
      ...prefix('four', describePairs(four ?? nothing, mos, y)),
      ...prefix('five', describePairs(five ?? nothing, mos, y)),
    },
    groupOf,
    count,
  );
  function measure(drawn: Uint32Array): Measured {
    const s = sumsOf(drawn);
    const correlate = (name: 'raw' | 'four' | 'five') =>
      correlateSums(s.n, { x: s[`${name}X`], y: s.y, xx: s[`${name}XX`], yy: s.yy, xy: s[`${name}XY`] });
    const srcc = spearman(drawn);
    const plcc = correlate('raw');
    return {
      srcc,
      plcc,
      krcc: tau === null ? null : moveTau(tau, s.slope),
      rmse: Math.sqrt(s.rawSquare / s.n),
      mae: s.miss / s.n,
      mainScore: mean(srcc, plcc),
      plccMapped: four && correlate('four'),
      rmseMapped: four && Math.sqrt(s.fourSquare / s.n),
      plccMapped5: five && correlate('five'),
      rmseMapped5: five && Math.sqrt(s.fiveSquare / s.n),
      outlierRatio: s.judged === 0 ? null : s.outlier / s.judged,
    };
  }
  const once = new Uint32Array(count).fill(1);
  const values = measureAll({ predicted, mos, misses, four, five, tau, outliers }, spearman(once));
  return { groups: count, values, measure };
}

interface Prepared {
  predicted: Float64Array;
  mos: Float64Array;
  misses: Float64Array;
  four: Float64Array | null;
  five: Float64Array | null;
  tau: number | null;
  outliers: Outliers | null;
}

/** The same of all pairs, by the functions that keep every digit. */
function measureAll(
  { predicted, mos, misses, four, five, tau, outliers }: Prepared,
  srcc: number | null,
): Measured {
  const plcc = pearson(predicted, mos);
  const judged = outliers === null ? 0 : outliers.isJudged.reduce((sum, one) => sum + one, 0);
  return {
    srcc,
    plcc,
    krcc: tau,
    rmse: rootMeanSquareError(predicted, mos),
    mae: misses.length === 0 ? null : meanOf(misses),
    mainScore: mean(srcc, plcc),
    plccMapped: four && pearson(four, mos),
    rmseMapped: four && rootMeanSquareError(four, mos),
    plccMapped5: five && pearson(five, mos),
    rmseMapped5: five && rootMeanSquareError(five, mos),
    outlierRatio: judged === 0 ? null : outliers!.isOutlier.reduce((sum, one) => sum + one, 0) / judged,
  };
}

/** Centred values, their squares and products, and the squared misses. */
function describePairs(x: Float64Array, mos: Float64Array, y: Float64Array) {
  const middle = meanOf(x);
  const centred = x.map((value) => value - middle);
  return {
    X: centred,
    XX: centred.map((value) => value * value),
    XY: centred.map((value, at) => value * y[at]!),
    Square: x.map((value, at) => (value - mos[at]!) ** 2),
  };
}

function prefix<Prefix extends string, Columns extends Record<string, Float64Array>>(
  name: Prefix,
  columns: Columns,
) {
  const entries = Object.entries(columns).map(([key, values]) => [`${name}${key}`, values]);
  return Object.fromEntries(entries) as {
    [Key in keyof Columns & string as `${Prefix}${Key}`]: Float64Array;
  };
}

export interface Outliers {
  /** 1 where the prediction lies outside the interval. */
  isOutlier: Float64Array;
  /** 1 where the MOS has an interval. */
  isJudged: Float64Array;
}

/** An outlier misses its MOS by more than half the 95 % interval; exactly that much is none (ITU-T P.1401 clause 7.7). */
export function findOutliers(mapped: Float64Array, mos: Float64Array, halfWidths: Float64Array): Outliers {
  return {
    isOutlier: mapped.map((value, at) => (Math.abs(value - mos[at]!) > halfWidths[at]! ? 1 : 0)),
    isJudged: halfWidths.map((half) => (Number.isFinite(half) ? 1 : 0)),
  };
}

function applyMap(map: Mapping | null, values: Float64Array): Float64Array | null {
  const mapped = map === null ? null : values.map(map);
  return mapped === null || isConstant(mapped) || !mapped.every(Number.isFinite) ? null : mapped;
}

/** Moved on the scale of Fisher's z, so that it stays a correlation. */
function moveTau(tau: number, change: number): number {
  if (Math.abs(tau) > 1 - 1e-12) return tau;
  return Math.tanh(Math.atanh(tau) + change / (1 - tau * tau));
}

function mean(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : (a + b) / 2;
}
