import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Coefficients } from '../../../contract/agreement.ts';
import type { EstimateOrReason } from '../../../contract/common.ts';
import { measureCoefficients } from '../../../core/maths/agreement.ts';
import { bootstrapIntervals } from '../../../core/maths/bootstrap.ts';
import { pearson, spearman } from '../../../core/maths/correlation.ts';
import { kendallTauB } from '../../../core/maths/kendall.ts';
import { createRandom } from '../../../core/maths/random.ts';
import type { ScorePairs } from '../../../core/maths/score-measures.ts';
import { findOutliers } from '../../../core/maths/score-measures.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';

interface Golden {
  cases: {
    id: string;
    input: { predicted: (number | null)[]; human: (number | null)[] };
    expected: {
      n_used: number;
      srcc: number | null;
      plcc: number | null;
      krcc: number | null;
      rmse: number | null;
      mae: number | null;
      plcc_ci95_fisher: [number, number] | null;
      srcc_ci95_bonett_wright: [number, number] | null;
    };
  }[];
}

const golden = hasShared ? readSharedJson<Golden>('golden-stats/agreement-basic.json').cases : [];

function taskOf(
  predicted: (number | null)[],
  mos: (number | null)[],
  more: Partial<ScorePairs> = {},
): ScorePairs {
  return {
    predicted: Float64Array.from(predicted, (value) => value ?? Number.NaN),
    mos: Float64Array.from(mos, (value) => value ?? Number.NaN),
    groups: predicted.map((_, at) => at),
    halfWidths: null,
    ...more,
  };
}

function overall(predicted: (number | null)[], mos: (number | null)[], more: Partial<ScorePairs> = {}) {
  return measureCoefficients(taskOf(predicted, mos, more));
}

function finitePairs({ predicted, human }: Golden['cases'][number]['input']) {
  const places = [...predicted.keys()].filter((at) => predicted[at] !== null && human[at] !== null);
  return {
    predicted: Float64Array.from(places, (at) => predicted[at]!),
    mos: Float64Array.from(places, (at) => human[at]!),
  };
}

function numberOf(estimate: EstimateOrReason): number | null {
  return 'value' in estimate ? estimate.value : null;
}

function boundsOf(estimate: EstimateOrReason): [number, number] | null {
  return 'value' in estimate && estimate.low !== null && estimate.high !== null
    ? [estimate.low, estimate.high]
    : null;
}

function analyticOf(estimate: EstimateOrReason): [number, number] | null {
  return 'value' in estimate && estimate.analytic !== undefined
    ? [estimate.analytic.low, estimate.analytic.high]
    : null;
}

function expectNear(got: number | null, expected: number | null, tolerance = 1e-9): void {
  if (got === null || expected === null) expect(got).toBe(expected);
  else expect(Math.abs(got - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
}

/** Pairs that correlate at about 0.7; `perPrompt` of them share a prompt and a part of both errors. */
function makePairs(n: number, seed: number, perPrompt = 1) {
  const random = createRandom(seed);
  const shared = Array.from({ length: n }, () => random.normal());
  const mos = Array.from(
    { length: n },
    (_, at) => 3 + shared[Math.floor(at / perPrompt)]! + 0.3 * random.normal(),
  );
  const predicted = mos.map(
    (value, at) => value + shared[n - 1 - Math.floor(at / perPrompt)]! + 0.3 * random.normal(),
  );
  return { predicted, mos, groups: mos.map((_, at) => Math.floor(at / perPrompt)) };
}

describe.skipIf(!hasShared)('coefficients and intervals agree with the golden statistics to 1e-9', () => {
  test.each(golden)('$id', ({ input, expected }) => {
    const got = overall(input.predicted, input.human);
    expect(got.n).toBe(expected.n_used);
    // The functions give −1 of two pairs; what is shown of them is the reason why that says nothing.
    const isShown = expected.n_used >= 3;
    for (const name of ['srcc', 'plcc', 'krcc', 'rmse', 'mae'] as const) {
      const isError = name === 'rmse' || name === 'mae';
      expectNear(numberOf(got[name]), isShown || isError ? expected[name] : null);
      expect(got[name].n).toBe(expected.n_used);
    }
    const { predicted, mos } = finitePairs(input);
    expectNear(spearman(predicted, mos), expected.srcc);
    expectNear(pearson(predicted, mos), expected.plcc);
    expectNear(kendallTauB(predicted, mos), expected.krcc);
    for (const [at, bound] of [0, 1].entries()) {
      expectNear(analyticOf(got.plcc)?.[bound] ?? null, expected.plcc_ci95_fisher?.[at] ?? null);
      expectNear(analyticOf(got.srcc)?.[bound] ?? null, expected.srcc_ci95_bonett_wright?.[at] ?? null);
    }
    const main = expected.srcc === null || !isShown ? null : (expected.srcc + expected.plcc!) / 2;
    expectNear(numberOf(got.mainScore), main);
  });

  test('the bootstrap of the main score lies about where the closed forms of SRCC and PLCC do', () => {
    const large = golden.filter(({ expected }) => expected.n_used >= 150);
    expect(large).toHaveLength(3);
    for (const { input } of large) {
      const got = overall(input.predicted, input.human);
      for (const bound of [0, 1]) {
        const closed = (boundsOf(got.srcc)![bound]! + boundsOf(got.plcc)![bound]!) / 2;
        expectNear(boundsOf(got.mainScore)![bound]!, closed, 0.035); // mean of the golden README's 0.05 and 0.02
      }
    }
  });
});

describe('measureCoefficients', () => {
  test('a coefficient that does not exist has a reason, never NaN, and the answer fits the contract', () => {
    const cases: [number[], number[], string][] = [
      [[], [], 'There are fewer than three pairs, and two always correlate at 1 or −1.'],
      [[1], [2], 'There are fewer than three pairs, and two always correlate at 1 or −1.'],
      [[1, 2], [4, 3], 'There are fewer than three pairs, and two always correlate at 1 or −1.'],
      [[0.1, 0.1, 0.1], [1, 2, 3], 'All predictions are the same.'],
      [[1, 2, 3], [0.1, 0.1, 0.1], 'All MOS are the same.'],
    ];
    for (const [predicted, mos, reason] of cases) {
      const measured = overall(predicted, mos);
      expect(measured.srcc).toEqual({ reason, n: predicted.length });
      expect(measured.mainScore).toEqual({ reason, n: predicted.length });
      expect(() => Coefficients.parse(measured)).not.toThrow();
    }
  });

  test('arbitrary values, NaN and infinities among them, always give an answer that fits the contract', () => {
    const value = fc.oneof(fc.double(), fc.double({ min: -1e6, max: 1e6 }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 12 }), (pairs) => {
        const measured = measureCoefficients(
          taskOf(
            pairs.map(([x]) => (Number.isFinite(x) ? Math.max(-1e100, Math.min(1e100, x)) : x)),
            pairs.map(([, y]) => (Number.isFinite(y) ? Math.max(-1e100, Math.min(1e100, y)) : y)),
          ),
        );
        Coefficients.parse(measured);
      }),
      { numRuns: 30 },
    );
  });

  test('rank coefficients survive any rising map of the predictions; turning the sign turns them', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 1, max: 5 })), {
      minLength: 4,
      maxLength: 15,
    });
    fc.assert(
      fc.property(pairs, (list) => {
        const mos = list.map(([, y]) => y);
        const plain = overall(
          list.map(([x]) => x),
          mos,
        );
        const risen = overall(
          list.map(([x]) => Math.exp(x / 5)),
          mos,
        );
        const turned = overall(
          list.map(([x]) => -x),
          mos,
        );
        const swapped = overall(
          mos,
          list.map(([x]) => x),
        );
        for (const name of ['srcc', 'krcc'] as const) {
          const value = numberOf(plain[name]);
          expectNear(numberOf(risen[name]), value);
          expectNear(numberOf(turned[name]), value === null ? null : -value);
          expectNear(numberOf(swapped[name]), value);
          if (value !== null) expect(Math.abs(value)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 12 },
    );
  });

  test('KRCC is the count over all pairs of pairs', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
      minLength: 2,
      maxLength: 30,
    });
    fc.assert(
      fc.property(pairs, (list) => {
        let concordance = 0;
        const untied = [0, 0];
        for (let a = 0; a < list.length; a += 1) {
          for (let b = 0; b < a; b += 1) {
            const x = Math.sign(list[a]![0] - list[b]![0]);
            const y = Math.sign(list[a]![1] - list[b]![1]);
            concordance += x * y;
            untied[0]! += x * x;
            untied[1]! += y * y;
          }
        }
        const scale = Math.sqrt(untied[0]! * untied[1]!);
        const got = overall(
          list.map(([x]) => x),
          list.map(([, y]) => y),
        );
        const isUndefined = scale === 0 || list.length < 3;
        expectNear(numberOf(got.krcc), isUndefined ? null : concordance / scale);
      }),
      { numRuns: 30 },
    );
  });

  test('the same pairs give the same intervals, which hold the value', () => {
    const { predicted, mos, groups } = makePairs(200, 1);
    const got = overall(predicted, mos, { groups });
    expect(overall(predicted, mos, { groups })).toEqual(got);
    for (const name of ['srcc', 'plcc', 'krcc', 'rmse', 'mainScore', 'plccMapped', 'rmseMapped'] as const) {
      const [low, high] = boundsOf(got[name])!;
      expect(low).toBeLessThan(numberOf(got[name])!);
      expect(high).toBeGreaterThan(numberOf(got[name])!);
    }
  });

  test('images of one prompt that err together make the interval wider than they would alone', () => {
    const { predicted, mos, groups } = makePairs(400, 2, 8);
    const width = (bounds: [number, number]) => bounds[1] - bounds[0];
    const grouped = width(boundsOf(overall(predicted, mos, { groups }).rmse)!);
    const alone = width(boundsOf(overall(predicted, mos).rmse)!);
    expect(grouped).toBeGreaterThan(1.5 * alone);
  });

  test('too few prompts give the value without an interval', () => {
    const { predicted, mos } = makePairs(40, 3);
    const got = overall(predicted, mos, { groups: mos.map((_, at) => at % 4) });
    expect(got.rmse).toMatchObject({ low: null, high: null });
    expect(numberOf(got.rmse)).toBeGreaterThan(0);
  });

  test('20,000 pairs take a second or so of one processor', () => {
    const { predicted, mos, groups } = makePairs(20_000, 5, 4);
    const before = process.cpuUsage();
    expect(overall(predicted, mos, { groups }).n).toBe(20_000);
    const { user, system } = process.cpuUsage(before);
    // About 1 s; more where other programs empty the caches.
    expect((user + system) / 1000).toBeLessThan(5000);
  });

  test('the interval of KRCC by its first-order change is that of whole resamples', () => {
    const { predicted, mos, groups } = makePairs(300, 6, 5);
    const [x, y] = [Float64Array.from(predicted), Float64Array.from(mos)];
    const { krcc } = bootstrapIntervals(
      groups,
      (weights) => {
        const items = [...weights].flatMap((times, at) => new Array<number>(times).fill(at));
        return {
          krcc: kendallTauB(
            Float64Array.from(items, (at) => x[at]!),
            Float64Array.from(items, (at) => y[at]!),
          ),
        };
      },
      { seed: 2, resamples: 400 },
    );
    const [low, high] = boundsOf(overall(predicted, mos, { groups }).krcc)!;
    // An image drawn twice ties with itself, which whole resamples count and the first order does not.
    expect(Math.abs(low - krcc!.low)).toBeLessThan(0.02);
    expect(Math.abs(high - krcc!.high)).toBeLessThan(0.02);
  });
});

interface OutlierGolden {
  cases: {
    id: string;
    input: { predicted_mapped: number[]; human: number[]; ci95_half_width: number[] };
    expected: { outlier_count: number; outlier_ratio: number };
  }[];
}

const outliers = hasShared ? readSharedJson<OutlierGolden>('golden-stats/agreement-p1401.json').cases : [];

describe.skipIf(!hasShared)('outliers agree with the golden statistics', () => {
  test.each(outliers)('$id', ({ input, expected }) => {
    const [mapped, mos, halfWidths] = [input.predicted_mapped, input.human, input.ci95_half_width].map(
      (values) => Float64Array.from(values),
    );
    const { isOutlier, isJudged } = findOutliers(mapped!, mos!, halfWidths!);
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    expect(sum(isOutlier)).toBe(expected.outlier_count);
    expect(sum(isOutlier) / sum(isJudged)).toBeCloseTo(expected.outlier_ratio, 9);
  });
});
