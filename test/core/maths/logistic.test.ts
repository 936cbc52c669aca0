import { describe, expect, test } from 'vitest';
import { pearson, rootMeanSquareError } from '../../../core/maths/correlation.ts';
import { fitLogistic, fitLogistic5 } from '../../../core/maths/logistic.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';

interface Fit {
  accept_plcc: [number, number];
  accept_rmse: [number, number];
}
interface Golden {
  cases: {
    id: string;
    input: { predicted: number[]; human: number[] };
    expected: { logistic4?: Fit | null; logistic5?: Fit | null };
  }[];
}

const golden = hasShared ? readSharedJson<Golden>('golden-stats/agreement-mapping.json').cases : [];

describe.skipIf(!hasShared)('PLCC and RMSE after the logistic mappings lie in the accepted intervals', () => {
  test.each(golden)('$id', ({ input, expected }) => {
    const [x, y] = [Float64Array.from(input.predicted), Float64Array.from(input.human)];
    for (const [fitOne, form] of [
      [fitLogistic, expected.logistic4],
      [fitLogistic5, expected.logistic5],
    ] as const) {
      if (form === undefined) continue;
      const map = fitOne(x, y);
      if (form === null) {
        expect(map).toBeNull();
        continue;
      }
      const mapped = x.map(map!);
      expect(pearson(mapped, y)).toBeGreaterThanOrEqual(form.accept_plcc[0]);
      expect(pearson(mapped, y)).toBeLessThanOrEqual(form.accept_plcc[1]);
      expect(rootMeanSquareError(mapped, y)).toBeGreaterThanOrEqual(form.accept_rmse[0]);
      expect(rootMeanSquareError(mapped, y)).toBeLessThanOrEqual(form.accept_rmse[1]);
    }
  });
});

test('a mapping of many points is the optimum of all of them', () => {
  const x = Float64Array.from({ length: 20_000 }, (_, at) => ((at * 7919) % 20_000) / 2000 - 5);
  const y = x.map((value) => 1 + 4 / (1 + Math.exp(-(value - 0.5) / 0.8)));
  for (const fitOne of [fitLogistic, fitLogistic5]) {
    expect(rootMeanSquareError(x.map(fitOne(x, y)!), y)).toBeLessThan(1e-6);
  }
});
