import { describe, expect, test } from 'vitest';
import { removeBias } from '../../../../core/maths/study/bias-removal.ts';
import { measureOpinion, type OpinionScores } from '../../../../core/maths/study/opinion.ts';
import { type Bt500, screenBt500 } from '../../../../core/maths/study/screen-bt500.ts';
import { correlateRaters, removeByCorrelation } from '../../../../core/maths/study/screen-correlation.ts';
import { keepRaters, type Votes } from '../../../../core/maths/study/votes.ts';
import { expectClose, type GoldenInput, readMatrix, votesOf } from '../../../support/golden-votes.ts';
import { hasShared, readSharedJson } from '../../../support/shared.ts';
import { type RaterKind, simulatePanel } from '../../../support/simulate-panel.ts';

type Column = (number | null)[];
interface Bt500Expected {
  P: number[];
  Q: number[];
  ratio1: Column;
  ratio2: Column;
  rejected: boolean[];
  mos_after: Column;
  borderline_items: number;
}
interface Golden {
  cases: {
    id: string;
    input: GoldenInput & { correlation_threshold: number };
    expected: {
      kurtosis_beta2: Column;
      item_used: boolean[];
      bt500: Bt500Expected;
      bt500_sureal_literal: Bt500Expected;
      p913_bias: {
        bias: Column;
        mos_after_bias_removal: Column;
        mos_after_bias_removal_std: Column;
        p913_12_4_rejected: boolean[];
        p913_12_4_mos: Column;
        p913_12_4_mos_std: Column;
      };
      correlation_screening: {
        pearson_self_included: Column;
        threshold: number;
        below_threshold_single_pass: boolean[];
        removed_in_order_iterative: number[];
      };
    };
  }[];
}

const recommendation = { variant: 'recommendation', share: 'own' } as const;
const sureal = { variant: 'reference', share: 'all' } as const;
const golden = hasShared ? readSharedJson<Golden>('golden-stats/screening.json').cases : [];

function scoresWithout(votes: Votes, rejected: Uint8Array): OpinionScores {
  return measureOpinion(keepRaters(votes, (i) => rejected[i] === 0));
}

/** sureal calls it the SD of the score. */
function standardErrors({ sd, n }: OpinionScores): Float64Array {
  return sd.map((value, j) => value / Math.sqrt(n[j]!));
}

function expectBt500(votes: Votes, got: Bt500, expected: Bt500Expected): void {
  expect(got.borderlineImages > 0).toBe(expected.borderline_items > 0);
  if (expected.borderline_items > 0) return; // rounding decides there
  expectClose(got.above, expected.P);
  expectClose(got.below, expected.Q);
  expectClose(got.share, expected.ratio1);
  expectClose(got.balance, expected.ratio2);
  expectClose(got.rejected, expected.rejected);
  expectClose(scoresWithout(votes, got.rejected).mean, expected.mos_after);
}

describe.skipIf(!hasShared)('screening agrees with the golden statistics to 1e-9', () => {
  test('cases without borderline images are among them, for both variants', () => {
    for (const variant of ['bt500', 'bt500_sureal_literal'] as const) {
      const decided = golden.filter(({ expected }) => expected[variant].borderline_items === 0);
      expect(decided.length).toBeGreaterThan(0);
    }
  });

  test.each(golden)('BT.500 and bias removal: $id', ({ input, expected }) => {
    const votes = votesOf(readMatrix(input));
    const got = screenBt500(votes, recommendation);
    expectClose(
      got.kurtosis,
      expected.kurtosis_beta2.map((beta, j) => (expected.item_used[j]! ? beta : null)),
    );
    expectBt500(votes, got, expected.bt500);
    expectBt500(votes, screenBt500(votes, sureal), expected.bt500_sureal_literal);
    const { bias, scores, votes: corrected } = removeBias(votes);
    expectClose(bias, expected.p913_bias.bias);
    expectClose(scores.mean, expected.p913_bias.mos_after_bias_removal);
    expectClose(standardErrors(scores), expected.p913_bias.mos_after_bias_removal_std);
    const { rejected } = screenBt500(corrected, sureal);
    expectClose(rejected, expected.p913_bias.p913_12_4_rejected);
    const without = scoresWithout(corrected, rejected);
    expectClose(without.mean, expected.p913_bias.p913_12_4_mos);
    expectClose(standardErrors(without), expected.p913_bias.p913_12_4_mos_std);
  });

  test.each(golden)('correlation: $id', ({ input, expected: { correlation_screening: expected } }) => {
    const votes = votesOf(readMatrix(input));
    const got = correlateRaters(votes);
    expectClose(got, expected.pearson_self_included);
    expect([...got].map((r) => !(r >= expected.threshold))).toEqual(expected.below_threshold_single_pass);
    expect(removeByCorrelation(votes, expected.threshold).map(({ rater }) => rater)).toEqual(
      expected.removed_in_order_iterative,
    );
  });
});

test('BT.500 divides by the rater’s own images, or by all images as the reference does', () => {
  const kinds: RaterKind[] = [...Array<RaterKind>(11).fill('honest'), 'clicker'];
  const { votes } = simulatePanel({ kinds, items: 200, coverage: 0.5, seed: 5 });
  const own = screenBt500(votes, { variant: 'reference', share: 'own' });
  const all = screenBt500(votes, sureal);
  expect(all.share[11]).toBeCloseTo((all.above[11]! + all.below[11]!) / 200, 12);
  expect(all.share[11]).toBeGreaterThan(0.02);
  expect(own.share[11]! / all.share[11]!).toBeCloseTo(2, 12);
  expect(own.rejected[11]).toBe(1);
  const got = screenBt500(votes, recommendation);
  expect(got.share[11]).toBeCloseTo((got.above[11]! + got.below[11]!) / 100, 12);
});
