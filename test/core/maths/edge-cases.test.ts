import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Coefficients } from '../../../contract/agreement.ts';
import { PairedDifference } from '../../../contract/agreement-tables.ts';
import { Calibration, Histogram, PointDensity, Residuals } from '../../../contract/agreement-views.ts';
import { EstimateOrReason } from '../../../contract/common.ts';
import { HeldOutMetrics } from '../../../contract/heads.ts';
import { measureCoefficients } from '../../../core/maths/agreement.ts';
import { testDependent } from '../../../core/maths/dependent-correlations.ts';
import { measureSplit } from '../../../core/maths/evaluate-split.ts';
import { measureHeldOut } from '../../../core/maths/held-out.ts';
import { countInBins, measureDensity } from '../../../core/maths/histogram.ts';
import { measureHumanCeiling } from '../../../core/maths/human-ceiling.ts';
import { mapToMos } from '../../../core/maths/map-to-mos.ts';
import { comparePaired } from '../../../core/maths/paired-difference.ts';
import { createRandom } from '../../../core/maths/random.ts';
import { findOppositePairs, measureCalibration, measureResiduals } from '../../../core/maths/residuals.ts';
import { twoSidedP } from '../../../core/maths/student-t.ts';

/** Columns as libraries really have them at their worst: few, tied, constant, a function of one another, next to one another, huge. */
const levels = fc.integer({ min: 1, max: 3 });
const columns = fc
  .record({
    mos: fc.oneof(
      fc.array(levels, { maxLength: 14 }),
      fc.array(fc.double({ min: 1, max: 5, noNaN: true }), { maxLength: 14 }),
    ),
    seed: fc.integer({ min: 1, max: 1e6 }),
    shape: fc.constantFrom(
      'same',
      'inverted',
      'linear',
      'constant',
      'ties',
      'noise',
      'nearby',
      'huge',
      'tiny',
      'step',
    ),
    other: fc.constantFrom('same', 'inverted', 'linear', 'constant', 'ties', 'noise', 'nearby'),
    perGroup: fc.integer({ min: 1, max: 4 }),
    halves: fc.constantFrom('none', 'zero', 'some', 'unknown'),
  })
  .map(({ mos, seed, shape, other, perGroup, halves }) => {
    const random = createRandom(seed);
    const make: Record<typeof shape, (value: number, at: number) => number> = {
      same: (value) => value,
      inverted: (value) => -value,
      linear: (value) => 0.8 * value + 1,
      constant: () => 0.1,
      ties: (_value, at) => at % 2,
      noise: () => random.normal(),
      nearby: (value) => value + 1e-13 * random.normal(),
      huge: () => 1e160 * random.normal(),
      tiny: () => 1e-200 * random.normal(),
      step: (value) => (value > 2 ? 1e6 : -1e6),
    };
    return {
      mos: Float64Array.from(mos),
      predicted: Float64Array.from(mos, make[shape]),
      other: Float64Array.from(mos, make[other]),
      groups: mos.map((_, at) => Math.floor(at / perGroup)),
      halfWidths: {
        none: null,
        zero: Float64Array.from(mos, () => 0),
        some: Float64Array.from(mos, (_, at) => at % 3),
        unknown: Float64Array.from(mos, () => Number.NaN),
      }[halves],
    };
  });

const runs = { numRuns: 60 };
const Finite = z.array(z.number());
const Figure = z.number().nullable();

describe('whatever the values are, what the agreement and heads pages show is a number or says why there is none', () => {
  test('coefficients of a score', () => {
    fc.assert(
      fc.property(columns, (task) => {
        const measured = Coefficients.parse(measureCoefficients(task));
        for (const one of Object.values(measured)) {
          if (typeof one !== 'object') continue;
          if ('reason' in one) expect(one.reason).toMatch(/^[A-Z].*\.$/);
          else expect(one.method.length).toBeGreaterThan(3);
        }
      }),
      runs,
    );
  });

  test('the difference of two scores with its tests', () => {
    fc.assert(
      fc.property(columns, ({ predicted: a, other: b, mos, groups }) => {
        const found = PairedDifference.parse(comparePaired({ a, b, mos, groups }));
        if (found.verdict !== 'undecided') expect('value' in found.srcc).toBe(true);
        expect(found.sentence).not.toMatch(/NaN|Infinity|undefined/);
      }),
      runs,
    );
  });

  test('mapping, density, margins, residuals, calibration, opposite pairs', () => {
    const Groups = z.array(Residuals.shape.groups.element.omit({ label: true, imageIds: true }).nullable());
    fc.assert(
      fc.property(columns, ({ predicted, mos, groups }) => {
        const { mapped, curve } = mapToMos({ predicted, mos });
        Finite.parse([...mapped, ...curve.flat()]);
        PointDensity.parse({
          density: [...measureDensity(predicted, mos)],
          predicted: Histogram.parse(countInBins(predicted, 60)),
          mos: countInBins(mos, 60),
        });
        const fieldOf = groups.map((group) => group % 2);
        Groups.parse(measureResiduals({ predicted, mos, groups, fieldOf, fieldGroups: 3 }).groups);
        Calibration.parse(measureCalibration({ predicted, mos, groups }));
        const opposite = findOppositePairs({ predicted, mos, within: null, limit: 5 });
        Finite.parse(opposite.pairs.flatMap(({ predictedGap, mosGap }) => [predictedGap, mosGap]));
      }),
      runs,
    );
  });

  test('a split’s figures, and a head’s on held-out rows', () => {
    fc.assert(
      fc.property(columns, ({ predicted, other, mos, groups }) => {
        const split = {
          isTest: groups.map((group) => group % 2 === 0),
          columnOf: groups.map(() => 0),
          columns: 1,
        };
        for (const figures of measureSplit({ predicted, mos, ...split })) {
          for (const figure of Object.values(figures)) Figure.parse(figure);
        }
        const rows = { labels: mos, groups: groups.map(String), predicted, parent: other, baseline: other };
        HeldOutMetrics.parse(measureHeldOut(rows, 1));
      }),
      runs,
    );
  });

  test('the human ceiling', () => {
    const vote = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), levels);
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 24 }), (votes) => {
        EstimateOrReason.parse(measureHumanCeiling(votes));
      }),
      runs,
    );
  });
});

describe('what cannot be told is not told', () => {
  const five = [1, 2, 3, 4, 5, 6];
  const of = (predicted: number[], halfWidths: Float64Array | null = null) =>
    measureCoefficients({
      predicted: Float64Array.from(predicted),
      mos: Float64Array.from(five.slice(0, predicted.length)),
      groups: predicted.map((_, at) => at),
      halfWidths,
    });

  test('a perfect line is 1 but for rounding: there is no test of its difference, and no p of 0', () => {
    const random = createRandom(4);
    const mos = Float64Array.from({ length: 200 }, () => 1 + 4 * random.next());
    const a = mos.map((value) => 0.8 * value + 1 + 1e-9 * random.normal());
    const b = mos.map((value) => value + random.normal());
    const { tests, plcc } = comparePaired({ a, b, mos, groups: [...mos.keys()] });
    expect(tests.plcc).toEqual({ reason: expect.stringContaining('correlation with the MOS is 1'), n: 200 });
    expect(plcc).toMatchObject({ value: expect.any(Number) });
    expect(testDependent({ n: 200, a: 1 - 1e-16, b: 0.5, ab: 0.5 })).toBeNull();
    // Three that determine one another: a is b with the sign of nothing left to chance.
    expect(testDependent({ n: 10, a: 0.6, b: 0.6, ab: 1 - 1e-14 })).toBeNull();
    expect(twoSidedP(Number.NaN, 5)).toBeNaN();
  });

  test('two images always correlate at 1 or −1: that is said in place of a number, of their difference as well', () => {
    const { srcc, plcc, krcc, mainScore, mae } = of([2, 1]);
    for (const one of [srcc, plcc, krcc, mainScore]) {
      expect(one).toEqual({ reason: expect.stringContaining('two always correlate'), n: 2 });
    }
    expect(mae).toMatchObject({ value: expect.any(Number), n: 2 });
    const two = { a: Float64Array.of(2, 1), b: Float64Array.of(1, 2), mos: Float64Array.of(1, 2) };
    const difference = comparePaired({ ...two, groups: [0, 1] });
    expect(difference.srcc).toEqual({ reason: expect.stringContaining('fewer than three'), n: 2 });
    expect(difference.verdict).toBe('undecided');
  });

  test('three images have correlations without a closed interval, and no mapping', () => {
    const { srcc, plccMapped } = of([1, 3, 2]);
    expect(srcc).toMatchObject({ value: expect.closeTo(0.5, 12), low: null, high: null });
    expect(plccMapped).toEqual({ reason: 'The mapping needs 5 pairs or more.', n: 3 });
  });

  test('where all votes of every image are the same, nothing lies outside of an interval of no width', () => {
    const predicted = [1, 2.5, 2, 4, 6, 5];
    expect(of(predicted, new Float64Array(6)).outlierRatio).toEqual({
      reason: expect.stringContaining('SD 0'),
      n: 6,
    });
    // One image with votes that differ is enough: the others count as ITU-T P.1401 says.
    expect(of(predicted, Float64Array.of(0, 0, 0, 0, 0, 9)).outlierRatio).toMatchObject({ value: 5 / 6 });
  });

  test('values whose squares no number holds are said to be too large', () => {
    const { rmse, srcc } = of([1e200, -1e200, 2e200, 5e199, 1, 2]);
    expect(rmse).toEqual({ reason: 'The values are too large to be measured.', n: 6 });
    expect(srcc).toMatchObject({ value: expect.any(Number) });
  });

  test('fewer than ten images are not calibrated: each half would be mapped by next to nothing', () => {
    const columnsOf = (n: number) => ({
      predicted: Float64Array.from({ length: n }, (_, at) => at),
      mos: Float64Array.from({ length: n }, (_, at) => 1 + at / 3),
      groups: Array.from({ length: n }, (_, at) => at),
    });
    const { slope, bins } = measureCalibration(columnsOf(2));
    expect({ slope, bins }).toEqual({
      slope: { reason: expect.stringContaining('ten images'), n: 2 },
      bins: [],
    });
    expect(measureCalibration(columnsOf(12)).slope).toMatchObject({ value: expect.closeTo(1, 1) });
  });

  test('where all MOS are the same, that is said, not that no curve fits', () => {
    const { srcc, plccMapped } = measureCoefficients({
      predicted: Float64Array.from(five),
      mos: new Float64Array(6).fill(3),
      groups: [...five.keys()],
      halfWidths: null,
    });
    for (const one of [srcc, plccMapped]) expect(one).toEqual({ reason: 'All MOS are the same.', n: 6 });
  });

  test('an inverted score has the same strength with the other sign, and its mapping falls', () => {
    const up = of([1, 3, 2, 4, 6, 5]);
    const down = of([-1, -3, -2, -4, -6, -5]);
    for (const name of ['srcc', 'plcc', 'krcc'] as const) {
      expect(down[name]).toMatchObject({ value: -('value' in up[name] ? up[name].value : Number.NaN) });
    }
    expect('value' in down.plccMapped && down.plccMapped.value).toBeGreaterThan(0.8);
  });
});
