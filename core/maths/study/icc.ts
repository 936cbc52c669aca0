/** Intraclass correlations (Shrout and Fleiss 1979; McGraw and Wong 1996) with 95 % intervals. */
import type { EstimateOrReason } from '../../../contract/common.ts';
import { fQuantile } from '../distributions.ts';
import { type CompleteImages, findCompleteImages } from './complete-images.ts';
import type { Votes } from './votes.ts';

export type IccForm = 'ICC(1,1)' | 'ICC(2,1)' | 'ICC(3,1)' | 'ICC(1,k)' | 'ICC(2,k)' | 'ICC(3,k)';

/** An ICC of exactly −1 is one in any units of the scale. */
const rounding = 1e-9;

const forms: readonly IccForm[] = ['ICC(1,1)', 'ICC(2,1)', 'ICC(3,1)', 'ICC(1,k)', 'ICC(2,k)', 'ICC(3,k)'];

/**
 * All six forms, over the images that every rater rated (`n` of them). (1,·): raters differ from image to image; (2,·): these raters
 * stand for others, absolute agreement; (3,·): these raters only, consistency. (·,1): one rater; (·,k): the mean of all k.
 *
 * Intervals by F; for (2,·) with Satterthwaite's degrees of freedom. A value outside [−1, 1] cannot be read as a reliability, and is
 * not given; neither is a lower limit that steps up to minus infinity.
 */
export function measureIcc(votes: Votes): Record<IccForm, EstimateOrReason> {
  const complete = findCompleteImages(votes);
  const reason = whyNone(complete);
  const estimates = reason === null ? estimateForms(complete) : {};
  const entries = forms.map((form): [IccForm, EstimateOrReason] => {
    const found = estimates[form];
    const n = complete.images;
    if (found === undefined) return [form, { reason: reason ?? 'The raters agree without any error.', n }];
    if (!(Math.abs(found.value) <= 1 + rounding)) {
      return [form, { reason: 'The raters disagree so much that it leaves [−1, 1].', n }];
    }
    const [low, high] = [finiteOrNull(found.low), finiteOrNull(found.high)];
    const method = `${form}; interval by F (McGraw and Wong 1996)`;
    return [form, { value: found.value, low, high, n, method }];
  });
  return Object.fromEntries(entries) as Record<IccForm, EstimateOrReason>;
}

function finiteOrNull(end: number): number | null {
  return Number.isFinite(end) ? end : null;
}

function whyNone({ images, raters }: CompleteImages): string | null {
  if (raters < 2) return 'There are fewer than two raters.';
  if (images < 2) return 'Fewer than two images have votes of every rater.';
  return null;
}

interface Bounds {
  value: number;
  low: number;
  high: number;
}

function estimateForms(complete: CompleteImages): Partial<Record<IccForm, Bounds>> {
  const n = complete.images;
  const k = complete.raters;
  const { images: msr, raters: msc, within: msw, error: mse } = meanSquares(complete);
  if (!(mse > 0) || !(msw > 0)) return {};
  const oneWay = boundsOfF(msr / msw, n - 1, n * (k - 1));
  const twoWay = boundsOfF(msr / mse, n - 1, (n - 1) * (k - 1));
  const single = ({ value, low, high }: Bounds): Bounds => ({
    value: (value - 1) / (value + k - 1),
    low: (low - 1) / (low + k - 1),
    high: (high - 1) / (high + k - 1),
  });
  const average = ({ value, low, high }: Bounds): Bounds => ({
    value: 1 - 1 / value,
    low: 1 - 1 / low,
    high: 1 - 1 / high,
  });
  const random = randomRaters({ msr, msc, mse, n, k });
  // The mean of k raters of whom each agrees less than −1 / (k − 1) has no reliability: its lower limit is out of reach.
  const stepUp = (r: number) => {
    const left = 1 + (k - 1) * r;
    return left > rounding ? (k * r) / left : Number.NEGATIVE_INFINITY;
  };
  return {
    'ICC(1,1)': single(oneWay),
    'ICC(1,k)': average(oneWay),
    'ICC(2,1)': random,
    'ICC(2,k)': {
      value: (msr - mse) / (msr + (msc - mse) / n),
      low: stepUp(random.low),
      high: stepUp(random.high),
    },
    'ICC(3,1)': single(twoWay),
    'ICC(3,k)': average(twoWay),
  };
}

/** An F and the two that bound its population value with 95 %. */
function boundsOfF(f: number, df1: number, df2: number): Bounds {
  return { value: f, low: f / fQuantile(0.975, df1, df2), high: f * fQuantile(0.975, df2, df1) };
}

function randomRaters(about: { msr: number; msc: number; mse: number; n: number; k: number }): Bounds {
  const { msr, msc, mse, n, k } = about;
  const value = (msr - mse) / (msr + (k - 1) * mse + (k * (msc - mse)) / n);
  const f = msc / mse;
  const share = k * value * f + n * (1 + (k - 1) * value) - k * value;
  const square = (n - 1) * k * k * value * value * f * f + (n * (1 + (k - 1) * value) - k * value) ** 2;
  const df = ((k - 1) * (n - 1) * share * share) / square;
  // Images that all have one mean leave the error no degrees of freedom: no F bounds it.
  if (!(df > rounding)) return { value, low: Number.NaN, high: Number.NaN };
  const upper = fQuantile(0.975, n - 1, df);
  const lower = fQuantile(0.975, df, n - 1);
  const others = k * msc + (k * n - k - n) * mse;
  return {
    value,
    low: (n * (msr - upper * mse)) / (upper * others + n * msr),
    high: (n * (lower * msr - mse)) / (others + n * lower * msr),
  };
}

interface MeanSquares {
  images: number;
  raters: number;
  within: number;
  error: number;
}

/** Two-way analysis of variance without replication. */
function meanSquares({ images: n, raters: k, value }: CompleteImages): MeanSquares {
  const rows = new Float64Array(n);
  const columns = new Float64Array(k);
  for (let at = 0; at < value.length; at += 1) {
    rows[Math.floor(at / k)]! += value[at]! / k;
    columns[at % k]! += value[at]! / n;
  }
  const grand = columns.reduce((a, b) => a + b, 0) / k;
  let error = 0;
  let within = 0;
  for (let at = 0; at < value.length; at += 1) {
    const row = rows[Math.floor(at / k)]!;
    error += (value[at]! - row - columns[at % k]! + grand) ** 2;
    within += (value[at]! - row) ** 2;
  }
  // Rounding leaves a little where there is nothing.
  const nothing = 1e-20 * value.reduce((sum, v) => sum + v * v, 0);
  const clear = (squares: number) => (squares > nothing ? squares : 0);
  return {
    images: (k * rows.reduce((sum, row) => sum + (row - grand) ** 2, 0)) / (n - 1),
    raters: (n * columns.reduce((sum, column) => sum + (column - grand) ** 2, 0)) / (k - 1),
    within: clear(within) / (n * (k - 1)),
    error: clear(error) / ((n - 1) * (k - 1)),
  };
}
