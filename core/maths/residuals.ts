/** Where a model errs: residuals by group, calibration by bins of the prediction, and images ordered oppositely by model and raters. */
import type { EstimateOrReason } from '../../contract/common.ts';
import { agreementSeed } from './agreement.ts';
import { bootstrapIntervals, countResamples, indexGroups, percentile } from './bootstrap.ts';
import { fitMapping, mapToMos } from './map-to-mos.ts';

const method = 'mean; percentile bootstrap over prompts';

export interface ResidualGroup {
  n: number;
  mean: EstimateOrReason;
  sd: number | null;
  mae: number;
  quartiles: [number, number, number];
}

/** Mean (with its interval over groups of images), spread and size of the gaps of some images; at least one. */
export function summariseResiduals(gaps: Float64Array, groups: ArrayLike<number>): ResidualGroup {
  const n = gaps.length;
  const middle = gaps.reduce((sum, gap) => sum + gap, 0) / n;
  const squares = gaps.reduce((sum, gap) => sum + (gap - middle) ** 2, 0);
  const sorted = gaps.slice().sort();
  return {
    n,
    mean: meanWithInterval(gaps, groups),
    sd: n < 2 ? null : Math.sqrt(squares / (n - 1)),
    mae: gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / n,
    quartiles: [percentile(sorted, 0.25), percentile(sorted, 0.5), percentile(sorted, 0.75)],
  };
}

function meanWithInterval(values: Float64Array, groups: ArrayLike<number>): EstimateOrReason {
  const n = values.length;
  const measure = (weights: Uint32Array) => {
    let sum = 0;
    let count = 0;
    for (let at = 0; at < n; at += 1) {
      sum += weights[at]! * values[at]!;
      count += weights[at]!;
    }
    return { mean: sum / count };
  };
  const { mean: interval } = bootstrapIntervals(groups, measure, {
    seed: agreementSeed,
    resamples: countResamples(n),
  });
  return {
    value: values.reduce((sum, one) => sum + one, 0) / n,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    n,
    method: interval === null ? 'mean; too few prompts for an interval' : method,
  };
}

export interface ResidualTask {
  predicted: Float64Array;
  mos: Float64Array;
  groups: ArrayLike<number>;
  /** The group of the field that each image belongs to, from 0; −1 for none. */
  fieldOf: readonly number[] | Int32Array;
  fieldGroups: number;
}

/** Residuals of the mapped predictions by a field; null for a group without images. */
export function measureResiduals({ predicted, mos, groups, fieldOf, fieldGroups }: ResidualTask): {
  groups: (ResidualGroup | null)[];
} {
  const { mapped } = mapToMos({ predicted, mos });
  const places = Array.from({ length: fieldGroups }, (): number[] => []);
  for (const [at, field] of fieldOf.entries()) if (field >= 0) places[field]!.push(at);
  return {
    groups: places.map((some) =>
      some.length === 0
        ? null
        : summariseResiduals(
            Float64Array.from(some, (at) => mapped[at]! - mos[at]!),
            some.map((at) => groups[at]!),
          ),
    ),
  };
}

/** Two halves that a curve of four parameters can be fitted to. */
const fewestToCalibrate = 10;

export interface CalibrationResult {
  bins: { n: number; predicted: number; mos: EstimateOrReason }[];
  slope: EstimateOrReason;
  intercept: EstimateOrReason;
  error: number | null;
}

/**
 * Calibration of the mapped predictions: each half of the groups is mapped by the curve fitted to the other half, because a curve is
 * always calibrated on what it was fitted to.
 */
export function measureCalibration(task: Omit<ResidualTask, 'fieldOf' | 'fieldGroups'>): CalibrationResult {
  const { mos, groups } = task;
  const n = mos.length;
  if (n < fewestToCalibrate) {
    const reason =
      'Calibration takes ten images or more: each half is mapped by a curve fitted to the other half.';
    return { bins: [], slope: { reason, n }, intercept: { reason, n }, error: null };
  }
  const mapped = mapCrosswise(task);
  const order = Uint32Array.from(mos, (_, at) => at).sort((a, b) => mapped[a]! - mapped[b]!);
  const count = Math.max(1, Math.min(10, Math.floor(n / 10)));
  const bins = Array.from({ length: count }, (_, bin) => {
    const places = [...order.slice(Math.floor((bin * n) / count), Math.floor(((bin + 1) * n) / count))];
    const predicted = places.reduce((sum, at) => sum + mapped[at]!, 0) / places.length;
    const own = Float64Array.from(places, (at) => mos[at]!);
    return {
      n: places.length,
      predicted,
      mos: meanWithInterval(
        own,
        places.map((at) => groups[at]!),
      ),
    };
  });
  const missed = bins.map(({ predicted, mos: one, n: size }) =>
    'value' in one ? size * Math.abs(one.value - predicted) : 0,
  );
  return {
    bins,
    ...fitLineWithIntervals(mapped, mos, groups),
    error: missed.reduce((sum, one) => sum + one, 0) / n,
  };
}

function mapCrosswise({
  predicted,
  mos,
  groups,
}: Omit<ResidualTask, 'fieldOf' | 'fieldGroups'>): Float64Array {
  const { groupOf, count } = indexGroups(groups);
  if (count < 2) return mapToMos({ predicted, mos }).mapped;
  const mapped = new Float64Array(mos.length);
  for (const side of [0, 1]) {
    const here = [...groupOf.keys()].filter((at) => groupOf[at]! % 2 === side);
    const there = [...groupOf.keys()].filter((at) => groupOf[at]! % 2 !== side);
    const pick = (values: Float64Array, places: number[]) => Float64Array.from(places, (at) => values[at]!);
    const map = fitMapping(pick(predicted, there), pick(mos, there));
    for (const at of here) mapped[at] = map(predicted[at]!);
  }
  return mapped;
}

function fitLineWithIntervals(
  x: Float64Array,
  y: Float64Array,
  groups: ArrayLike<number>,
): Pick<CalibrationResult, 'slope' | 'intercept'> {
  const n = x.length;
  const measure = (weights: Uint32Array) => {
    let [w, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
    for (let at = 0; at < n; at += 1) {
      const weight = weights[at]!;
      w += weight;
      sx += weight * x[at]!;
      sy += weight * y[at]!;
      sxx += weight * x[at]! ** 2;
      sxy += weight * x[at]! * y[at]!;
    }
    const spread = sxx - (sx * sx) / w;
    if (!(spread > 1e-12 * sxx)) return { slope: null, intercept: null };
    const slope = (sxy - (sx * sy) / w) / spread;
    return { slope, intercept: (sy - slope * sx) / w };
  };
  const values = measure(new Uint32Array(n).fill(1));
  const intervals = bootstrapIntervals(groups, measure, {
    seed: agreementSeed,
    resamples: countResamples(n),
  });
  const state = (name: 'slope' | 'intercept'): EstimateOrReason => {
    const value = values[name];
    if (value === null) return { reason: 'The mapped predictions do not vary.', n };
    const interval = intervals[name];
    return {
      value,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
      n,
      method: 'least squares on cross-fitted mapped predictions; percentile bootstrap over prompts',
    };
  };
  return { slope: state('slope'), intercept: state('intercept') };
}

export interface OppositeTask {
  predicted: Float64Array;
  mos: Float64Array;
  /** Pairs are sought within a group; null for among all images. */
  within: ArrayLike<number> | null;
  limit: number;
}

/** How many images of each kind of gap are paired with each other where all pairs would be too many. */
const mostOfAKind = 600;

/**
 * Pairs (a, b) that the model orders a above b and the raters b above a, by the smaller of the two differences, the largest first.
 * A pair of strength s holds one image over-rated or one under-rated by s at least, so among many images the most over-rated and the most
 * under-rated are paired.
 */
export function findOppositePairs({ predicted, mos, within, limit }: OppositeTask): {
  pairs: { a: number; b: number; predictedGap: number; mosGap: number }[];
  mapped: Float64Array;
} {
  const { mapped } = mapToMos({ predicted, mos });
  const all = [...mos.keys()];
  const groups = within === null ? [all] : [...Map.groupBy(all, (at) => within[at]!).values()];
  const found: { a: number; b: number; predictedGap: number; mosGap: number; strength: number }[] = [];
  for (const group of groups) {
    const byGap = group.sort((a, b) => mapped[b]! - mos[b]! - (mapped[a]! - mos[a]!));
    for (const a of byGap.slice(0, mostOfAKind)) {
      for (const b of byGap.slice(-mostOfAKind)) {
        const predictedGap = mapped[a]! - mapped[b]!;
        const mosGap = mos[b]! - mos[a]!;
        const strength = Math.min(predictedGap, mosGap);
        if (strength > 0) found.push({ a, b, predictedGap, mosGap, strength });
      }
    }
  }
  found.sort((x, y) => y.strength - x.strength);
  return { pairs: found.slice(0, limit), mapped };
}
