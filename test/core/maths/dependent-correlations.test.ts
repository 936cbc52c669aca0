import { describe, expect, test } from 'vitest';
import { pearson, spearman } from '../../../core/maths/correlation.ts';
import { testDependent } from '../../../core/maths/dependent-correlations.ts';
import { expectClose } from '../../support/golden-votes.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';

interface Expected {
  meng1992: { z: number; p_two_sided: number; ci95_z_difference: [number, number] };
  steiger1980: { z: number; p_two_sided: number };
  williams1959: { t: number; df: number; p_two_sided: number };
  zou2007: { ci95_r_difference: [number, number] };
}
type Input =
  | { n: number; r_human_a: number; r_human_b: number; r_a_b: number }
  | { human: number[]; model_a: number[]; model_b: number[] };
interface Golden {
  cases: { id: string; input: Input; expected: Expected | { plcc: Expected; srcc: Expected } }[];
}

const golden = hasShared ? readSharedJson<Golden>('golden-stats/agreement-dependent.json').cases : [];

function check(n: number, [a, b, ab]: [number, number, number], expected: Expected): void {
  const { steiger, williams, meng, zou } = testDependent({ n, a, b, ab })!;
  expectClose(steiger.z, expected.steiger1980.z);
  expectClose(steiger.p, expected.steiger1980.p_two_sided, 1e-12, 1e-6);
  expectClose(williams.t, expected.williams1959.t);
  expect(williams.df).toBe(expected.williams1959.df);
  expectClose(williams.p, expected.williams1959.p_two_sided, 1e-12, 1e-6);
  expectClose(meng.z, expected.meng1992.z);
  expectClose(meng.p, expected.meng1992.p_two_sided, 1e-12, 1e-6);
  expectClose(meng.interval.low, expected.meng1992.ci95_z_difference[0]);
  expectClose(meng.interval.high, expected.meng1992.ci95_z_difference[1]);
  expectClose(zou.low, expected.zou2007.ci95_r_difference[0]);
  expectClose(zou.high, expected.zou2007.ci95_r_difference[1]);
}

describe.skipIf(!hasShared)(
  'tests of two correlations agree with R’s cocor to 1e-9 (p to 1e-6 relative)',
  () => {
    test.each(golden)('$id', ({ input, expected }) => {
      if ('n' in input) {
        check(input.n, [input.r_human_a, input.r_human_b, input.r_a_b], expected as Expected);
        return;
      }
      const [y, a, b] = [input.human, input.model_a, input.model_b].map((values) =>
        Float64Array.from(values),
      );
      const { plcc, srcc } = expected as { plcc: Expected; srcc: Expected };
      for (const [of, correlate] of [
        [plcc, pearson],
        [srcc, spearman],
      ] as const) {
        check(y!.length, [correlate(y!, a!)!, correlate(y!, b!)!, correlate(a!, b!)!], of);
      }
    });
  },
);

test('do not exist for three images or a perfect correlation', () => {
  expect(testDependent({ n: 3, a: 0.5, b: 0.4, ab: 0.3 })).toBeNull();
  expect(testDependent({ n: 30, a: 1, b: 0.4, ab: 0.3 })).toBeNull();
  expect(testDependent({ n: 30, a: 0.5, b: 0.5, ab: 1 })).toBeNull();
});
