import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { solvePositive } from '../../../core/maths/cholesky.ts';
import { splitIntoFolds } from '../../../core/maths/folds.ts';
import { createRandom } from '../../../core/maths/random.ts';
import { fitRidge, type Linear } from '../../../core/maths/ridge.ts';
import { measureStandardisation, standardiseRows } from '../../../core/maths/standardise.ts';

describe('ridge regression', () => {
  function draw(rows: number, width: number): { inputs: Float32Array; labels: Float64Array } {
    const random = createRandom(rows * 1000 + width);
    const inputs = Float32Array.from({ length: rows * width }, () => random.normal() + 2);
    const labels = Float64Array.from(
      { length: rows },
      (_, row) => 3 + inputs[row * width]! + 0.1 * random.normal(),
    );
    return { inputs, labels };
  }

  /** The slope of what is made small must be 0: Σ (value − y) x + penalty · rows · w, and Σ (value − y). */
  function expectBottom(
    { inputs, labels }: { inputs: Float32Array; labels: Float64Array },
    { weights, intercept }: Linear,
    penalty: number,
  ): void {
    const width = weights.length;
    const gaps = labels.map((label, row) => {
      const x = inputs.subarray(row * width, (row + 1) * width);
      return x.reduce((sum, value, column) => sum + value * weights[column]!, intercept) - label;
    });
    expect(Math.abs(gaps.reduce((sum, gap) => sum + gap, 0)) / gaps.length).toBeLessThan(1e-5);
    for (let column = 0; column < width; column++) {
      const slope = gaps.reduce((sum, gap, row) => sum + gap * inputs[row * width + column]!, 0);
      expect(Math.abs(slope / gaps.length + penalty * weights[column]!)).toBeLessThan(2e-4);
    }
  }

  test.each([
    ['more rows than features', 300, 5],
    ['fewer rows than features', 12, 40],
  ])('makes the penalised squares as small as they get, with %s', (_, rows, width) => {
    const data = draw(rows, width);
    const penalties = [0.01, 1, 100];
    const fits = fitRidge(data.inputs, data.labels, width, penalties);
    for (const [at, fit] of fits.entries()) expectBottom(data, fit, penalties[at]!);
  });

  test('an endless penalty leaves the mean', () => {
    const { inputs, labels } = draw(20, 3);
    const [fit] = fitRidge(inputs, labels, 3, [Number.POSITIVE_INFINITY]);
    expect([...fit!.weights]).toEqual([0, 0, 0]);
    expect(fit!.intercept).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / 20, 12);
  });

  test('constant features and constant labels are no trouble', () => {
    const inputs = Float32Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 7 : at));
    const [fit] = fitRidge(inputs, new Float64Array(20).fill(4), 2, [0.1]);
    expect(fit!.intercept).toBeCloseTo(4, 6);
    expect(Math.abs(fit!.weights[0]!) + Math.abs(fit!.weights[1]!)).toBeLessThan(1e-6);
  });
});

describe('Cholesky', () => {
  test('solves A x = b', () => {
    const a = Float64Array.of(4, 0, 0, 2, 5, 0, 1, 3, 6);
    const x = solvePositive(a, Float64Array.of(4 + 4 + 3, 2 + 10 + 9, 1 + 6 + 18));
    for (const [at, value] of [1, 2, 3].entries()) expect(x[at]).toBeCloseTo(value, 12);
  });

  test('refuses a matrix that is not positive definite', () => {
    expect(() => solvePositive(Float64Array.of(1, 0, 2, 1), Float64Array.of(1, 1))).toThrow(RangeError);
  });
});

test('folds never split a group, are of about one size, and follow the seed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 12 }).map(String), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(),
      (groups, count, seed) => {
        const folds = splitIntoFolds(groups, count, seed);
        expect(new Set(groups.map((group, at) => `${group} ${folds[at]}`)).size).toBe(new Set(groups).size);
        expect(new Set(folds).size).toBe(Math.min(count, new Set(groups).size));
        expect(splitIntoFolds(groups, count, seed)).toEqual(folds);
      },
    ),
  );
});

test('standardised columns have mean 0 and SD 1, are cut, and say nothing where they do not vary', () => {
  const random = createRandom(2);
  const inputs = Float32Array.from({ length: 3000 }, (_, at) =>
    at % 3 === 0 ? 5 : (at % 3) * 100 + random.normal() / 7,
  );
  inputs[1] = 1e6;
  const standardisation = measureStandardisation(inputs.subarray(3), 3);
  const rows = standardiseRows(inputs, standardisation);
  expect(rows[0]).toBe(0);
  expect(rows[1]).toBe(4);
  const column = rows.slice(3).filter((_, at) => at % 3 === 2);
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const sd = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
  expect(Math.abs(mean)).toBeLessThan(1e-3);
  expect(Math.abs(sd - 1)).toBeLessThan(1e-2);
});
