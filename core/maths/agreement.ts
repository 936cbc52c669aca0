/** Agreement of predictions with MOS: the coefficients of all pairs and of each generator, with intervals, and the human ceiling. */
import type { Agreement, Coefficients } from '../../contract/agreement.ts';
import type { EstimateOrReason } from '../../contract/common.ts';
import { bootstrapIntervals, countResamples } from './bootstrap.ts';
import { createSpearman, isConstant, pearson, rootMeanSquareError } from './correlation.ts';
import { type CeilingVote, measureHumanCeiling } from './human-ceiling.ts';
import { type Interval, kendallInterval, pearsonInterval, spearmanInterval } from './intervals.ts';
import { kendallTauB } from './kendall.ts';
import { fitLogistic } from './logistic.ts';

/** Pairs in columns, one entry an image. `groups` holds the prompt's id, or any number that no other image has. */
export interface AgreeTask {
  predicted: Float64Array;
  mos: Float64Array;
  groups: readonly number[];
  generators: readonly (string | null)[];
  /** Votes of single raters for the human ceiling; null where there are none. */
  votes: readonly CeilingVote[] | null;
}

type Pairs = Pick<AgreeTask, 'predicted' | 'mos' | 'groups'>;

const seed = 1401;

/**
 * Coefficients overall and by generator (sorted by name, images without one first), and the human ceiling. A pair counts only if
 * both values are finite. RMSE is in units of the MOS scale; RMSE and main score take predictions as they come, so the sign must
 * already be turned where less is better.
 *
 * Intervals: closed forms for SRCC, PLCC and KRCC (`intervals.ts`), else the bootstrap over prompts (`bootstrap.ts`), with the
 * mapping held as fitted to all pairs.
 */
export function measureAgreement(task: AgreeTask): Omit<Agreement, 'missingPrediction' | 'higherIsBetter'> {
  const finite = [...task.predicted.keys()].filter(
    (at) => Number.isFinite(task.predicted[at]) && Number.isFinite(task.mos[at]),
  );
  const byGenerator = Map.groupBy(finite, (at) => task.generators[at] ?? null);
  const generators = [...byGenerator].sort(([a], [b]) => (a ?? '').localeCompare(b ?? ''));
  return {
    overall: measureCoefficients(pick(task, finite)),
    byGenerator: generators.map(([generator, places]) => ({
      generator,
      coefficients: measureCoefficients(pick(task, places)),
    })),
    humanCeiling: measureHumanCeiling(task.votes),
  };
}

function pick({ predicted, mos, groups }: Pairs, places: readonly number[]): Pairs {
  return {
    predicted: Float64Array.from(places, (at) => predicted[at]!),
    mos: Float64Array.from(places, (at) => mos[at]!),
    groups: places.map((at) => groups[at]!),
  };
}

function measureCoefficients({ predicted, mos, groups }: Pairs): Coefficients {
  const n = predicted.length;
  const measure = createMeasures(predicted, mos);
  const { srcc, plcc, ...others } = measure();
  const krcc = kendallTauB(predicted, mos);
  const resamples = countResamples(n);
  const boot = bootstrapIntervals(groups, measure, { seed, resamples });
  const missing = whyNoCorrelation(predicted, mos);
  const state = (value: number | null, interval: Interval | null, method: string, reason = missing) =>
    describe({ value, interval, method, reason, n });
  const resampled = `percentile bootstrap over prompts, ${resamples} resamples`;
  const unmapped = n <= 4 ? 'The mapping needs five pairs or more.' : missing;
  return {
    n,
    srcc: state(srcc, srcc === null ? null : spearmanInterval(srcc, n), 'Bonett and Wright 2000'),
    plcc: state(plcc, plcc === null ? null : pearsonInterval(plcc, n), 'Fisher 1921'),
    krcc: state(krcc, krcc === null ? null : kendallInterval(krcc, n), 'Fieller, Hartley and Pearson 1957'),
    rmse: state(others.rmse, boot.rmse, resampled, 'There are no pairs.'),
    mainScore: state(others.mainScore, boot.mainScore, resampled),
    plccMapped: state(others.plccMapped, boot.plccMapped, `${resampled}, mapping held`, unmapped),
    rmseMapped: state(others.rmseMapped, boot.rmseMapped, `${resampled}, mapping held`, unmapped),
  };
}

type Measure = 'srcc' | 'plcc' | 'rmse' | 'mainScore' | 'plccMapped' | 'rmseMapped';

/** What is sorted and fitted once is kept, so that a resample takes linear time. */
function createMeasures(
  predicted: Float64Array,
  mos: Float64Array,
): (weights?: Uint32Array) => Record<Measure, number | null> {
  const spearmanOf = createSpearman(predicted, mos);
  const map = fitLogistic(predicted, mos);
  const mapped = map === null ? null : predicted.map(map);
  return (weights) => {
    const srcc = spearmanOf(weights);
    const plcc = pearson(predicted, mos, weights);
    return {
      srcc,
      plcc,
      rmse: rootMeanSquareError(predicted, mos, weights),
      mainScore: srcc === null || plcc === null ? null : (srcc + plcc) / 2,
      plccMapped: mapped === null ? null : pearson(mapped, mos, weights),
      rmseMapped: mapped === null ? null : rootMeanSquareError(mapped, mos, weights),
    };
  };
}

function describe(about: {
  value: number | null;
  interval: Interval | null;
  method: string;
  reason: string;
  n: number;
}): EstimateOrReason {
  const { value, interval, method, reason, n } = about;
  if (value === null) return { reason, n };
  return { value, low: interval?.low ?? null, high: interval?.high ?? null, n, method };
}

function whyNoCorrelation(predicted: Float64Array, mos: Float64Array): string {
  if (predicted.length < 2) return 'There are fewer than two pairs.';
  if (isConstant(predicted)) return 'All predictions are the same.';
  if (isConstant(mos)) return 'All MOS are the same.';
  return 'The values vary too little to correlate.';
}
