/** Two scores of the same images against the same MOS: what the difference is, and whether it can be told from chance. */
import type { PairedDifference } from '../../contract/agreement-tables.ts';
import type { EstimateOrReason } from '../../contract/common.ts';
import { agreementSeed } from './agreement.ts';
import { bootstrapDraws, countResamples, percentileInterval } from './bootstrap.ts';
import { fewestToCorrelate, pearson, spearman } from './correlation.ts';
import { testDependent } from './dependent-correlations.ts';
import { createMeasures } from './score-measures.ts';

export interface PairedTask {
  a: Float64Array;
  b: Float64Array;
  mos: Float64Array;
  groups: ArrayLike<number | string>;
  /** How the two are called in the sentence. */
  names?: [string, string];
}

const compared = ['srcc', 'plcc', 'krcc', 'mainScore', 'plccMapped', 'rmseMapped'] as const;
type Compared = (typeof compared)[number];

/** a − b by the bootstrap over groups, both measured on the same resamples; images on which one is not finite are left out. */
export function comparePaired(task: PairedTask): PairedDifference {
  const places = [...task.mos.keys()].filter((at) =>
    [task.a[at], task.b[at], task.mos[at]].every(Number.isFinite),
  );
  const pick = (values: Float64Array) => Float64Array.from(places, (at) => values[at]!);
  const [a, b, mos] = [pick(task.a), pick(task.b), pick(task.mos)];
  const groups = places.map((at) => task.groups[at]!);
  const n = places.length;
  const prepare = (predicted: Float64Array) =>
    createMeasures({ predicted, mos, groups, halfWidths: null }, { withFive: false });
  const ofA = prepare(a);
  const ofB = prepare(b);
  const resamples = countResamples(n);
  const draws = bootstrapDraws(ofA.groups, (drawn) => subtract(ofA.measure(drawn), ofB.measure(drawn)), {
    seed: agreementSeed,
    resamples,
  });
  const values = subtract(ofA.values, ofB.values);
  const method = `paired percentile bootstrap over prompts, ${resamples} resamples`;
  const estimates = compared.map((name): [Compared, EstimateOrReason] => {
    const value = n < fewestToCorrelate ? null : values[name];
    if (value === null) return [name, { reason: whyNone(name), n }];
    const interval = percentileInterval(draws[name]);
    return [name, { value, low: interval?.low ?? null, high: interval?.high ?? null, n, method }];
  });
  function whyNone(name: Compared): string {
    if (n < fewestToCorrelate)
      return `Only ${n} images have both scores and a MOS: fewer than three tell nothing.`;
    if (name === 'rmseMapped' || name === 'plccMapped') {
      return 'One of the two scores has no mapping to the MOS: that takes five images, values that differ, and a curve that is not flat.';
    }
    return 'One of the two scores, or the MOS, is the same for all of these images.';
  }
  const byName = Object.fromEntries(estimates) as Record<Compared, EstimateOrReason>;
  const verdict = judge(byName.srcc);
  const imagesToTell = countToTell(n, values.srcc, spreadOf(draws.srcc));
  return {
    n,
    ...byName,
    tests: {
      srcc: runTests(n, [spearman(a, mos), spearman(b, mos), spearman(a, b)]),
      plcc: runTests(n, [pearson(a, mos), pearson(b, mos), pearson(a, b)]),
    },
    verdict,
    imagesToTell,
    sentence: describe(task.names ?? ['the first', 'the second'], byName.srcc, imagesToTell.observed),
  };
}

type Values = Record<Compared, number | null>;

function subtract(a: Values, b: Values): Values {
  const entries = compared.map((name) => [
    name,
    a[name] === null || b[name] === null || !Number.isFinite(a[name] - b[name]) ? null : a[name] - b[name],
  ]);
  return Object.fromEntries(entries) as Values;
}

function runTests(n: number, [a, b, ab]: (number | null)[]): PairedDifference['tests']['srcc'] {
  if (a == null || b == null || ab == null) return { reason: 'A score does not vary on these images.', n };
  if (n <= 3) return { reason: 'The tests need four images.', n };
  const tests = testDependent({ n, a, b, ab });
  if (tests === null) {
    const same = 'The two scores are one but for their scale: there is nothing to test.';
    const perfect = 'A correlation with the MOS is 1 or −1: no chance is left to test against.';
    return { reason: Math.abs(ab) > 1 - 1e-9 ? same : perfect, n };
  }
  const { steiger, williams, meng, zou } = tests;
  return { steiger, williams, meng: { z: meng.z, p: meng.p }, zou };
}

/** Better or worse only where the interval excludes 0. */
export function judge(difference: EstimateOrReason): PairedDifference['verdict'] {
  if (!('value' in difference) || difference.low === null || difference.high === null) return 'undecided';
  if (difference.low > 0) return 'better';
  return difference.high < 0 ? 'worse' : 'undecided';
}

function spreadOf(draws: Float64Array): number | null {
  const some = draws.filter((value) => !Number.isNaN(value));
  if (some.length < 2) return null;
  const middle = some.reduce((sum, value) => sum + value, 0) / some.length;
  return Math.sqrt(some.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (some.length - 1));
}

/** Images at which 1.96 standard errors, which shrink with √n, are as wide as a difference. */
function countToTell(
  n: number,
  value: number | null,
  spread: number | null,
): PairedDifference['imagesToTell'] {
  const count = (gain: number) =>
    spread === null || gain < 1e-6 ? null : Math.max(4, Math.ceil(n * ((1.96 * spread) / gain) ** 2));
  return {
    observed: value === null ? null : count(Math.abs(value)),
    gain005: count(0.05),
    gain002: count(0.02),
  };
}

/** More images than this nobody rates to tell two scores apart. */
const mostWorthTelling = 50_000;

function describe([a, b]: [string, string], srcc: EstimateOrReason, needed: number | null): string {
  if (!('value' in srcc)) return srcc.reason;
  const { value, low, high, n } = srcc;
  if (low === null || high === null) return `Too few prompts to tell whether ${a} ranks better than ${b}.`;
  const interval = `SRCC ${signed(value)} [${signed(low)}, ${signed(high)}], n = ${n}`;
  if (low > 0) return `On the same images ${a} ranks better than ${b} (${interval}).`;
  if (high < 0) return `On the same images ${a} ranks worse than ${b} (${interval}).`;
  const more =
    needed === null || needed <= n
      ? ''
      : needed > mostWorthTelling
        ? ' They differ by so little that more images would hardly tell.'
        : ` A difference of this size takes about ${round(needed)} images to tell.`;
  return `On the same images ${a} and ${b} cannot be told apart (${interval}).${more}`;
}

function signed(value: number): string {
  const digits = Math.abs(value) < 0.001 ? 5 : 3;
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
}

function round(count: number): string {
  return Number(count.toPrecision(2)).toLocaleString('en-US');
}
