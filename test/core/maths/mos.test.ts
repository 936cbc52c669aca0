import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mosInterval, summariseVotes } from '../../../core/maths/mos.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';

interface Matrix {
  ratings: (number | null | number[])[][];
}
interface Golden {
  cases: {
    id: string;
    input: Matrix | { ratings_file: string };
    expected: {
      per_item: {
        n: number[];
        mos: (number | null)[];
        std: (number | null)[];
        ci95_half_t: (number | null)[];
      };
    };
  }[];
}

const golden = hasShared ? readSharedJson<Golden>('golden-stats/mos.json').cases : [];

describe.skipIf(!hasShared)('MOS, SD, N and interval agree with the golden statistics to 1e-9', () => {
  test.each(golden)('$id', ({ input, expected }) => {
    const matrix = 'ratings' in input ? input : readSharedJson<Matrix>(`golden-stats/${input.ratings_file}`);
    const { n, mos, std, ci95_half_t: half } = expected.per_item;
    expect(matrix.ratings).toHaveLength(n.length);
    for (const [item, row] of matrix.ratings.entries()) {
      const values = row.flat().filter((value) => value !== null);
      expect(values).toHaveLength(n[item]!);
      if (values.length === 0) continue;
      const summary = summariseVotes(values);
      const { low, high } = mosInterval(summary);
      expectNear(summary.mean, mos[item]!);
      expectNear(summary.sd, std[item]!);
      expectNear(low === null ? null : summary.mean - low, half[item]!);
      expectNear(high === null ? null : high - summary.mean, half[item]!);
    }
  });
});

function expectNear(got: number | null, expected: number | null): void {
  if (got === null || expected === null) expect(got).toBe(expected);
  else expect(Math.abs(got - expected)).toBeLessThanOrEqual(Math.max(1e-9, 1e-9 * Math.abs(expected)));
}

describe('MOS', () => {
  test('has no SD and no interval below two votes, and says so for none', () => {
    expect(summariseVotes([3])).toEqual({ mean: 3, sd: null, n: 1 });
    expect(mosInterval({ mean: 3, sd: null, n: 1 })).toEqual({ low: null, high: null });
    expect(mosInterval({ mean: 3, sd: 0.5, n: null })).toEqual({ low: null, high: null });
    expect(() => summariseVotes([])).toThrow(expect.objectContaining({ code: 'badInput' }));
  });

  test('unanimous votes have SD 0 and an interval of no width', () => {
    expect(summariseVotes([0.1, 0.1, 0.1])).toEqual({ mean: 0.1, sd: 0, n: 3 });
    expect(mosInterval({ mean: 4, sd: 0, n: 3 })).toEqual({ low: 4, high: 4 });
  });

  test('follows a shift and a stretch of the scale, even far from 0', () => {
    const votes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(votes, fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (values, offset) => {
        const plain = summariseVotes(values);
        const moved = summariseVotes(values.map((value) => 2 * value + offset));
        expect(Math.abs(moved.mean - (2 * plain.mean + offset))).toBeLessThan(1e-6);
        expect(Math.abs(moved.sd! - 2 * plain.sd!)).toBeLessThan(1e-6);
      }),
    );
  });
});
