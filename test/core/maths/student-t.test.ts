import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tQuantile, twoSidedP } from '../../../core/maths/student-t.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';

describe('Student’s t', () => {
  test('95 % quantiles are those of scipy 1.10 (stats.t.ppf) to 1e-11', () => {
    const expected: [df: number, quantile: number][] = [
      [1, 12.706204736174694],
      [2, 4.302652729749462],
      [4, 2.7764451051977934],
      [10, 2.228138851986274],
      [25, 2.0595385527532972],
      [98, 1.9844674545084815],
      [1000, 1.9623390808264083],
    ];
    for (const [df, quantile] of expected) {
      expect(Math.abs(tQuantile(0.95, df) / quantile - 1)).toBeLessThan(1e-11);
    }
  });

  test('one and two degrees of freedom follow their closed forms', () => {
    for (const t of [0.01, 0.5, 1, 3, 40]) {
      expect(twoSidedP(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
      expect(twoSidedP(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
    }
  });

  test('the quantile of a level has that level, and grows with it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        (level, df) => {
          const t = tQuantile(level, df);
          expect(Math.abs(1 - twoSidedP(t, df) - level)).toBeLessThan(1e-11);
          expect(twoSidedP(-t, df)).toBe(twoSidedP(t, df));
          expect(tQuantile(level + 0.0005, df)).toBeGreaterThan(t);
        },
      ),
    );
  });

  test.skipIf(!hasShared)('p-values of the golden correlations agree to 1e-6 relative, down to 1e-19', () => {
    interface Case {
      expected: { n_used: number; plcc: number | null; p_plcc: number | null };
    }
    const { cases } = readSharedJson<{ cases: Case[] }>('golden-stats/agreement-basic.json');
    const usable = cases.filter(({ expected }) => expected.p_plcc !== null && Math.abs(expected.plcc!) < 1);
    expect(usable.length).toBeGreaterThanOrEqual(9);
    for (const { expected } of usable) {
      const r = expected.plcc!;
      const df = expected.n_used - 2;
      const p = twoSidedP(r * Math.sqrt(df / (1 - r * r)), df);
      expect(Math.abs(p - expected.p_plcc!)).toBeLessThanOrEqual(Math.max(1e-12, 1e-6 * expected.p_plcc!));
    }
  });
});
