import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measureReliability } from '../../../../core/compute/study-reliability.ts';
import { measureOpinion, measureZScores } from '../../../../core/maths/study/opinion.ts';
import { recoverQuality } from '../../../../core/maths/study/recover.ts';
import { screenRaters } from '../../../../core/maths/study/screening.ts';
import { replaceValues, type Votes } from '../../../../core/maths/study/votes.ts';
import { votesOf } from '../../../support/golden-votes.ts';

describe('what the votes say does not depend on', () => {
  const panels = fc
    .record({ items: fc.integer({ min: 4, max: 30 }), raters: fc.integer({ min: 2, max: 10 }) })
    .chain(({ items, raters }) => {
      const cell = fc.oneof(
        { arbitrary: fc.integer({ min: 1, max: 5 }), weight: 4 },
        { arbitrary: fc.constant(null), weight: 1 },
      );
      const row = fc.array(cell, { minLength: raters, maxLength: raters });
      return fc.tuple(
        fc.array(row, { minLength: items, maxLength: items }),
        fc.shuffledSubarray([...Array(items).keys()], { minLength: items }),
        fc.shuffledSubarray([...Array(raters).keys()], { minLength: raters }),
      );
    });
  const scale = { min: 1, max: 5, step: 1 };
  /** Everything about images, then about raters, then about all. */
  const measure = (votes: Votes, of = scale) => {
    const { plain, recovery } = { plain: measureOpinion(votes), recovery: recoverQuality(votes) };
    const { alphaOrdinal, alphaInterval, icc, concordance, kappaQuadratic } = measureReliability(
      votes,
      votes,
      of,
    );
    // The recommendations' own procedures are left out: where two are tied, the lower number goes, or rounding decides.
    const { flags } = screenRaters({ votes, scale: of });
    return {
      scores: [plain.mean, recovery.quality],
      widths: [plain.sd, plain.half, recovery.half],
      z: measureZScores(votes).scores.mean,
      bias: recovery.bias,
      why: recovery.method,
      doubts: flags.map(({ rater, method }) => ({ rater, method })),
      all: [alphaOrdinal, alphaInterval, concordance, kappaQuadratic, ...Object.values(icc)].map((one) =>
        'value' in one ? one.value : null,
      ),
    };
  };
  const expectNear = (got: ArrayLike<number | null>, wanted: ArrayLike<number | null>, within = 1e-6) => {
    expect(got.length).toBe(wanted.length);
    for (let at = 0; at < got.length; at += 1) {
      const [a, b] = [got[at] ?? Number.NaN, wanted[at] ?? Number.NaN];
      expect(
        Number.isNaN(a) ? Number.isNaN(b) : Math.abs(a - b) <= within * (1 + Math.abs(b)),
        `${a} ${b}`,
      ).toBe(true);
    }
  };

  test('the order of images and raters', () => {
    fc.assert(
      fc.property(panels, ([ratings, items, raters]) => {
        const before = measure(votesOf({ ratings }));
        const after = measure(votesOf({ ratings: items.map((j) => raters.map((i) => ratings[j]![i]!)) }));
        const moved = (column: Float64Array, order: number[]) => order.map((from) => column[from]!);
        for (const [at, column] of before.scores.entries())
          expectNear(after.scores[at]!, moved(column, items));
        for (const [at, column] of before.widths.entries())
          expectNear(after.widths[at]!, moved(column, items));
        expectNear(after.z, moved(before.z, items));
        expectNear(after.bias, moved(before.bias, raters));
        expectNear(after.all, before.all);
        expect(after.why).toBe(before.why);
        const names = after.doubts.map(({ rater, method }) => `${raters[rater]} ${method}`);
        expect(names.sort()).toEqual(before.doubts.map(({ rater, method }) => `${rater} ${method}`).sort());
      }),
      { numRuns: 60 },
    );
  });

  test('the units of the scale, on which MOS, widths and biases alone are told', () => {
    fc.assert(
      fc.property(
        panels,
        fc.constantFrom(0.1, 3, 25),
        fc.constantFrom(-40, 0, 7),
        ([ratings], times, plus) => {
          const votes = votesOf({ ratings });
          const before = measure(votes);
          const after = measure(
            replaceValues(
              votes,
              votes.value.map((value) => times * value + plus),
            ),
            { min: times + plus, max: 5 * times + plus, step: times },
          );
          for (const [at, column] of before.scores.entries())
            expectNear(
              after.scores[at]!,
              column.map((value) => times * value + plus),
              1e-5,
            );
          for (const [at, column] of before.widths.entries())
            expectNear(
              after.widths[at]!,
              column.map((value) => times * value),
              1e-5,
            );
          expectNear(
            after.bias,
            before.bias.map((value) => times * value),
            1e-5,
          );
          expectNear(after.z, before.z);
          expectNear(after.all, before.all);
          expect(after.why).toBe(before.why);
          expect(after.doubts).toEqual(before.doubts);
        },
      ),
      { numRuns: 60 },
    );
  });
});
