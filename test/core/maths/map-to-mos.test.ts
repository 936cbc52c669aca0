import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pearson, rootMeanSquareError, spearman } from '../../../core/maths/correlation.ts';
import { fitLogistic } from '../../../core/maths/logistic.ts';
import { mapToMos } from '../../../core/maths/map-to-mos.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';

interface Golden {
  cases: {
    id: string;
    input: { predicted: number[]; human: number[] };
    expected: {
      logistic4: {
        accept_plcc: [number, number];
        accept_rmse: [number, number];
        srcc_after_mapping: number;
      } | null;
    };
  }[];
}

const golden = hasShared ? readSharedJson<Golden>('golden-stats/agreement-mapping.json').cases : [];

describe.skipIf(!hasShared)(
  'PLCC and RMSE after the 4-parameter logistic lie in the golden range (±1e-4)',
  () => {
    test.each(golden)('$id', ({ input, expected: { logistic4 } }) => {
      const predicted = Float64Array.from(input.predicted);
      const mos = Float64Array.from(input.human);
      const map = fitLogistic(predicted, mos);
      if (logistic4 === null) {
        expect(map).toBeNull();
        return;
      }
      const mapped = predicted.map(map!);
      const plcc = pearson(mapped, mos)!;
      const rmse = rootMeanSquareError(mapped, mos)!;
      expect(plcc).toBeGreaterThanOrEqual(logistic4.accept_plcc[0]);
      expect(plcc).toBeLessThanOrEqual(logistic4.accept_plcc[1]);
      expect(rmse).toBeGreaterThanOrEqual(logistic4.accept_rmse[0]);
      expect(rmse).toBeLessThanOrEqual(logistic4.accept_rmse[1]);
      expect(Math.abs(spearman(mapped, mos)! - logistic4.srcc_after_mapping)).toBeLessThan(1e-9);
    });
  },
);

describe('mapToMos', () => {
  test('a logistic without noise is found again, from any offset and unit of the predictions', () => {
    for (const [offset, unit] of [
      [0, 1],
      [1e6, 0.01],
      [-40, 30],
    ] as const) {
      const u = Float64Array.from({ length: 60 }, (_, at) => -3 + at / 10);
      const mos = u.map((value) => 1.2 + 3.4 / (1 + Math.exp(-(value - 0.4) / 0.6)));
      const { mapped } = mapToMos({ predicted: u.map((value) => offset + unit * value), mos });
      expect(rootMeanSquareError(mapped, mos)!).toBeLessThan(1e-3);
    }
  });

  test('the mapping is monotone and everything it gives is finite', () => {
    const pairs = fc.array(
      fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true })),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(pairs, (list) => {
        const { mapped, curve } = mapToMos({
          predicted: Float64Array.from(list, ([x]) => x),
          mos: Float64Array.from(list, ([, y]) => y),
        });
        expect(mapped).toHaveLength(list.length);
        expect(mapped.every((value) => Number.isFinite(value))).toBe(true);
        const rises = curve.slice(1).map(([x, y], at) => [x - curve[at]![0], y - curve[at]![1]] as const);
        expect(rises.every(([dx]) => dx >= 0)).toBe(true);
        const steps = rises.map(([, dy]) => dy);
        const noise = 1e-9 * Math.max(1, ...curve.map(([, y]) => Math.abs(y)));
        expect(steps.every((dy) => dy >= -noise) || steps.every((dy) => dy <= noise)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('the mapping is no worse than the line', () => {
    const predicted = Float64Array.of(1, 2, 3, 4, 5, 6, 7);
    const mos = Float64Array.of(1.1, 1.9, 3.2, 3.9, 5.1, 5.8, 7.1);
    const { mapped } = mapToMos({ predicted, mos });
    expect(rootMeanSquareError(mapped, mos)!).toBeLessThan(0.14); // the line: 0.133
  });

  test('four pairs get the least-squares line, equal predictions the mean, none nothing', () => {
    const line = mapToMos({ predicted: Float64Array.of(1, 2, 3, 4), mos: Float64Array.of(3, 5, 7, 9) });
    expect([...line.mapped].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([3, 5, 7, 9]);
    expect(line.curve).toHaveLength(101);
    expect(line.curve.at(-1)![0]).toBe(4);
    const flat = mapToMos({ predicted: Float64Array.of(2, 2, 2), mos: Float64Array.of(1, 2, 6) });
    expect(flat).toEqual({ mapped: Float64Array.of(3, 3, 3), curve: [[2, 3]] });
    expect(mapToMos({ predicted: Float64Array.of(), mos: Float64Array.of() })).toEqual({
      mapped: Float64Array.of(),
      curve: [],
    });
  });
});
