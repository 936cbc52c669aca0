import { describe, expect, test } from 'vitest';
import {
  findCollapsed,
  inconsistencyInterval,
  projectVotes,
} from '../../../../core/maths/study/projection.ts';
import { expectClose, type GoldenInput, readMatrix, votesOf } from '../../../support/golden-votes.ts';
import { hasShared, readSharedJson } from '../../../support/shared.ts';

interface Golden {
  cases: {
    id: string;
    input: GoldenInput;
    expected?: Record<
      | 'quality_scores'
      | 'quality_scores_std'
      | 'observer_bias'
      | 'observer_inconsistency'
      | 'observer_inconsistency_ci95_minus'
      | 'observer_inconsistency_ci95_plus'
      | 'observer_bias_std'
      | 'collapsed_raters',
      number[]
    >;
  }[];
}

const golden = hasShared
  ? readSharedJson<Golden>('golden-stats/mle-recovery.json').cases.filter(({ expected }) => expected)
  : [];

describe.skipIf(!hasShared)('alternating projection agrees with sureal’s P910 to 2e-7', () => {
  test('twelve cases are there', () => expect(golden).toHaveLength(12));

  test.each(golden)('$id', ({ input, expected }) => {
    const votes = votesOf(readMatrix(input));
    const got = projectVotes(votes);
    const near = (values: ArrayLike<number>, reference: number[]) => expectClose(values, reference, 2e-7, 0);
    near(got.quality, expected!.quality_scores);
    near(got.qualitySd, expected!.quality_scores_std);
    near(got.bias, expected!.observer_bias);
    near(got.inconsistency, expected!.observer_inconsistency);
    const counts = Array.from(got.bias, (_, i) => votes.raterStarts[i + 1]! - votes.raterStarts[i]!);
    near(
      got.inconsistency.map((v, i) => v / Math.sqrt(counts[i]!)),
      expected!.observer_bias_std,
    );
    const intervals = counts.map((n, i) => inconsistencyInterval(got.inconsistency[i]!, n));
    near(
      intervals.map(({ low }, i) => got.inconsistency[i]! - low),
      expected!.observer_inconsistency_ci95_minus,
    );
    near(
      intervals.map(({ high }, i) => high - got.inconsistency[i]!),
      expected!.observer_inconsistency_ci95_plus,
    );
    expect(findCollapsed(got.inconsistency)).toEqual(expected!.collapsed_raters);
  });
});
