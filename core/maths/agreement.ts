/** Agreement of predictions with MOS: every coefficient with its interval, or why it does not exist. */
import type { Coefficients } from '../../contract/agreement.ts';
import type { EstimateOrReason } from '../../contract/common.ts';
import { bootstrapDraws, countResamples, percentileInterval } from './bootstrap.ts';
import { fewestToCorrelate, isConstant } from './correlation.ts';
import { type Interval, kendallInterval, pearsonInterval, spearmanInterval, z975 } from './intervals.ts';
import { createMeasures, type MeasureName, measureNames, type ScorePairs } from './score-measures.ts';

/** The seed of all resamples: scores of the same images are measured on the same ones. */
export const agreementSeed = 1401;

/** Places of the pairs whose two values are finite. */
function findFinite({ predicted, mos }: Pick<ScorePairs, 'predicted' | 'mos'>): number[] {
  return [...predicted.keys()].filter((at) => Number.isFinite(predicted[at]) && Number.isFinite(mos[at]));
}

/** Some of the pairs. */
function pickPairs(
  { predicted, mos, groups, halfWidths }: ScorePairs,
  places: readonly number[],
): ScorePairs {
  return {
    predicted: Float64Array.from(places, (at) => predicted[at]!),
    mos: Float64Array.from(places, (at) => mos[at]!),
    groups: places.map((at) => groups[at]!),
    halfWidths: halfWidths && Float64Array.from(places, (at) => halfWidths[at]!),
  };
}

/**
 * All coefficients; a pair counts only if both values are finite. RMSE and MAE are in units of the MOS scale; they and the main score take
 * predictions as they come, so the sign must already be turned where less is better.
 *
 * Intervals: the bootstrap over groups (`bootstrap.ts`) with the mappings held as fitted to all pairs, KRCC by its slopes; closed forms
 * (`intervals.ts`) beside it, and in its place where there are fewer than five groups.
 */
export function measureCoefficients(given: ScorePairs): Coefficients {
  const pairs = pickPairs(given, findFinite(given));
  const n = pairs.predicted.length;
  const { groups, values, measure } = createMeasures(pairs);
  const resamples = countResamples(n);
  const draws = bootstrapDraws(groups, measure, { seed: agreementSeed, resamples });
  const why = whyNone(pairs);
  const estimates = measureNames.map((name): [MeasureName, EstimateOrReason] => {
    const value = isCorrelation(name) && n < fewestToCorrelate ? null : values[name];
    if (value === null) return [name, { reason: why(name), n }];
    if (!Number.isFinite(value)) return [name, { reason: 'The values are too large to be measured.', n }];
    const analytic = analyticInterval(name, value, n);
    const drawn = percentileInterval(draws[name]);
    const interval = drawn ?? analytic;
    return [
      name,
      {
        value,
        low: interval?.low ?? null,
        high: interval?.high ?? null,
        n,
        method:
          drawn === null
            ? (analytic?.method ?? 'no interval: fewer than five groups')
            : describeBootstrap(name, resamples),
        ...(analytic === null ? {} : { analytic }),
      },
    ];
  });
  return { n, ...(Object.fromEntries(estimates) as Omit<Coefficients, 'n'>) };
}

function isCorrelation(name: MeasureName): boolean {
  return name === 'srcc' || name === 'plcc' || name === 'krcc' || name === 'mainScore';
}

function describeBootstrap(name: MeasureName, resamples: number): string {
  const method = `percentile bootstrap over prompts, ${resamples} resamples`;
  if (name === 'krcc') return `${method} of its first-order change (Hájek’s projection)`;
  return name.includes('Mapped') || name === 'outlierRatio' ? `${method}, mapping held` : method;
}

/** In closed form; null where there is none. */
function analyticInterval(
  name: MeasureName,
  value: number,
  n: number,
): (Interval & { method: string }) | null {
  const of = (interval: Interval | null, method: string) => interval && { ...interval, method };
  switch (name) {
    case 'srcc':
      return of(spearmanInterval(value, n), 'Bonett and Wright 2000');
    case 'plcc':
      return of(pearsonInterval(value, n), 'Fisher 1921');
    case 'plccMapped':
    case 'plccMapped5':
      return of(pearsonInterval(value, n), 'Fisher 1921, mapping held');
    case 'krcc':
      return of(kendallInterval(value, n), 'Fieller, Hartley and Pearson 1957');
    case 'outlierRatio': {
      const half = z975 * Math.sqrt((value * (1 - value)) / n);
      const interval = { low: Math.max(0, value - half), high: Math.min(1, value + half) };
      return of(interval, 'normal approximation, standard error √(OR (1 − OR)/n) (ITU-T P.1401)');
    }
    default:
      return null;
  }
}

/** Why a coefficient does not exist, in a sentence. */
function whyNone({ predicted, mos, halfWidths }: ScorePairs): (name: MeasureName) => string {
  const correlation = whyNoCorrelation(predicted, mos);
  return (name) => {
    if (name === 'rmse' || name === 'mae') return 'There are no pairs.';
    if (name === 'outlierRatio' && halfWidths?.some(Number.isFinite) !== true) {
      return 'No MOS of this set has a 95 % interval: that takes the SD and the number of votes.';
    }
    const fewest = name.endsWith('5') ? 6 : 5;
    const isMapped = name.includes('Mapped') || name === 'outlierRatio';
    if (isMapped && predicted.length < fewest) return `The mapping needs ${fewest} pairs or more.`;
    if (name === 'outlierRatio' && halfWidths !== null && !halfWidths.some((half) => half > 0)) {
      return 'The votes of every image are all the same (SD 0), so no MOS has an interval to lie outside of.';
    }
    if (isMapped && !isConstant(predicted) && !isConstant(mos))
      return 'The fitted curve is flat, or the fit did not converge.';
    return correlation;
  };
}

function whyNoCorrelation(predicted: Float64Array, mos: Float64Array): string {
  if (predicted.length < fewestToCorrelate)
    return 'There are fewer than three pairs, and two always correlate at 1 or −1.';
  if (isConstant(predicted)) return 'All predictions are the same.';
  if (isConstant(mos)) return 'All MOS are the same.';
  return 'The values vary too little to correlate.';
}
