import { describe, expect, test } from 'vitest';
import type { EstimateOrReason } from '../../../../contract/common.ts';
import { type IccForm, measureIcc } from '../../../../core/maths/study/icc.ts';
import { meanPairwiseKappa, weightedKappa } from '../../../../core/maths/study/kappa.ts';
import { measureConcordance } from '../../../../core/maths/study/kendall-w.ts';
import { measureAlpha } from '../../../../core/maths/study/krippendorff.ts';
import { measureRepeats, measureRetest, pairRepeats } from '../../../../core/maths/study/repeats.ts';
import { measureSplitHalf } from '../../../../core/maths/study/split-half.ts';
import { expectClose, type GoldenInput, readMatrix, votesOf } from '../../../support/golden-votes.ts';
import { hasShared, readSharedJson } from '../../../support/shared.ts';

interface Icc {
  value: number;
  ci95: [number, number];
}
interface Golden {
  cases: {
    id: string;
    input: GoldenInput;
    expected: {
      krippendorff_alpha: { ordinal: number | null; interval: number | null };
      icc_complete_items?: (Record<IccForm, Icc> & { n_items: number }) | null;
      kendall_w_complete_items?: { W: number; chi_square: number; df: number; p: number } | null;
      cohen_kappa?: { linear: number; quadratic: number };
      split_half?: { exact_enumeration: boolean; spearman_brown_of_mean_srcc: number };
    };
  }[];
  test_retest: {
    id: string;
    input: { scale: { min: number; max: number }; first: number[]; second: number[] };
    expected: Record<string, number | null | number[]>;
  }[];
}

const golden = hasShared ? readSharedJson<Golden>('golden-stats/irr.json') : { cases: [], test_retest: [] };

function numberOf(estimate: EstimateOrReason): number | null {
  return 'value' in estimate ? estimate.value : null;
}

function levelsOf({ min, max }: { min: number; max: number }): number[] {
  return Array.from({ length: max - min + 1 }, (_, at) => min + at);
}

describe.skipIf(!hasShared)(
  'reliability agrees with the golden statistics to 1e-9, intervals to 1e-8',
  () => {
    test.each(golden.cases)('$id', ({ input, expected }) => {
      const matrix = readMatrix(input);
      const votes = votesOf(matrix);
      for (const metric of ['ordinal', 'interval'] as const) {
        const alpha = measureAlpha(votes, metric);
        expectClose(numberOf(alpha), expected.krippendorff_alpha[metric]);
        if ('value' in alpha && alpha.low !== null) {
          expect(alpha.low).toBeLessThanOrEqual(alpha.value);
          expect(alpha.high).toBeGreaterThanOrEqual(alpha.value);
        }
      }
      const icc = measureIcc(votes);
      if (expected.icc_complete_items === null) {
        for (const estimate of Object.values(icc)) expect(estimate).toHaveProperty('reason');
      } else if (expected.icc_complete_items !== undefined) {
        for (const [form, got] of Object.entries(icc)) {
          const reference = expected.icc_complete_items[form as IccForm];
          if (!('value' in got)) throw new Error(`${form}: ${got.reason}`);
          expectClose(got.value, reference.value);
          expectClose([got.low, got.high], reference.ci95, 1e-8, 1e-6, form);
          expect(got.n).toBe(expected.icc_complete_items.n_items);
        }
      }
      const w = measureConcordance(votes);
      if (expected.kendall_w_complete_items === null) expect(w).toHaveProperty('reason');
      else if (expected.kendall_w_complete_items !== undefined) {
        if (!('value' in w)) throw new Error(w.reason);
        expectClose(
          [w.value, w.chiSquare, w.df],
          [
            expected.kendall_w_complete_items.W,
            expected.kendall_w_complete_items.chi_square,
            expected.kendall_w_complete_items.df,
          ],
        );
        expectClose(w.p, expected.kendall_w_complete_items.p, 1e-12, 1e-6);
      }
      for (const weights of ['linear', 'quadratic'] as const) {
        if (expected.cohen_kappa === undefined) continue;
        const scale = { levels: levelsOf(matrix.scale), weights };
        const [first, second] = [0, 1].map((i) => votes.value.filter((_, at) => votes.rater[at] === i));
        expectClose(numberOf(weightedKappa(first!, second!, scale)), expected.cohen_kappa[weights]);
        expectClose(numberOf(meanPairwiseKappa(votes, scale)), expected.cohen_kappa[weights]);
      }
      if (expected.split_half?.exact_enumeration === true) {
        expectClose(numberOf(measureSplitHalf(votes)), expected.split_half.spearman_brown_of_mean_srcc);
      }
    });

    test.each(golden.test_retest)('$id', ({ input, expected }) => {
      const first = Float64Array.from(input.first);
      const second = Float64Array.from(input.second);
      const got = measureRetest(first, second, levelsOf(input.scale));
      expectClose(got.n, expected['n']);
      expectClose(numberOf(got.plcc), expected['plcc']);
      expectClose(numberOf(got.srcc), expected['srcc']);
      expectClose(got.meanDifference, expected['mean_difference_second_minus_first']);
      expectClose(got.sdDifference, expected['sd_difference']);
      expectClose(got.meanAbsoluteDifference, expected['mean_absolute_difference']);
      expectClose(got.withinRaterSd, expected['within_rater_sd']);
      expectClose([got.exactAgreement, got.withinOne], [expected['exact_agreement'], expected['within_one']]);
      expectClose([got.limits.low, got.limits.high], expected['limits_of_agreement_95']);
      expectClose(numberOf(got.kappa), expected['weighted_kappa_quadratic']);
    });
  },
);

describe('reliability without a number says why', () => {
  test('all votes the same, no common image, disagreement without measure', () => {
    const same = votesOf({
      ratings: [
        [4, 4],
        [4, 4],
      ],
    });
    expect(measureAlpha(same, 'ordinal')).toEqual({ reason: 'All votes are the same.', n: 2 });
    expect(measureConcordance(same)).toHaveProperty('reason', 'No rater tells the images apart.');
    const hardly = votesOf({
      ratings: [
        [0, 5e-324],
        [5e-324, 0],
      ],
    });
    expect(measureAlpha(hardly, 'interval')).toHaveProperty('reason');
    const apart = votesOf({
      ratings: [
        [1, null],
        [null, 5],
        [2, null],
      ],
    });
    expect(measureAlpha(apart, 'interval')).toEqual({ reason: 'No image has two votes.', n: 0 });
    expect(measureIcc(apart)['ICC(2,k)']).toMatchObject({ reason: expect.stringContaining('every rater') });
    const opposed = votesOf({
      ratings: [
        [1, 5],
        [5, 1],
        [2, 4],
        [4, 2],
        [1, 4],
        [5, 2],
      ],
    });
    expect(measureIcc(opposed)['ICC(2,k)']).toHaveProperty('reason');
  });

  test('a lower limit of −1 / (k − 1) or less cannot be stepped up to the mean of k raters: there is none', () => {
    const ratings = [
      [2, 1, 1],
      [1, 3, 3],
      [3, 2, 2],
      [2, 1, 1],
    ];
    const icc = measureIcc(votesOf({ ratings }));
    expect('low' in icc['ICC(2,1)'] && icc['ICC(2,1)'].low! <= -0.5).toBe(true);
    expect(icc['ICC(2,k)']).toMatchObject({ value: expect.closeTo(0.3, 9), low: null });
  });

  test('images of one mean leave ICC(2,1) no degrees of freedom: a value without an interval', () => {
    const ratings = [
      [1, 5, 1, 5, 1],
      [5, 1, 1, 1, 5],
    ];
    const icc = measureIcc(votesOf({ ratings }));
    // (MSR − MSE) / (MSR + 4 MSE + 5/2 (MSC − MSE)) with MSR = 0, MSC = 1.6, MSE = 8.
    expect(icc['ICC(2,1)']).toMatchObject({ value: expect.closeTo(-8 / 16, 9), low: null, high: null });
  });
});

test('repeats are paired within rater and image, and only the first two count as first and second', () => {
  const votes = votesOf({
    ratings: [
      [[1, 3], 2],
      [4, [5, 5, 2]],
      [[2, 2], null],
    ],
  });
  const { first, second } = pairRepeats(votes);
  expect([...first]).toEqual([1, 5, 2]);
  expect([...second]).toEqual([3, 5, 2]);
  const spread = measureRepeats(votes);
  expect(spread.images).toBe(3);
  expect([...spread.df]).toEqual([2, 2]);
  expectClose(spread.squares, [2, 6]);
});
