import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { EstimateOrReason } from '../../../../contract/common.ts';
import { Reliability } from '../../../../contract/study-statistics.ts';
import { measureReliability } from '../../../../core/compute/study-reliability.ts';
import { compareEstimates } from '../../../../core/maths/study/compare-estimates.ts';
import { measureDmos } from '../../../../core/maths/study/dmos.ts';
import { fitSosHypothesis, measureOpinion, measureZScores } from '../../../../core/maths/study/opinion.ts';
import type { PairCounts } from '../../../../core/maths/study/pair-counts.ts';
import { planPanel, pooledSpread } from '../../../../core/maths/study/plan-panel.ts';
import { recoverQuality } from '../../../../core/maths/study/recover.ts';
import { chooseNextPair, scorePairs } from '../../../../core/maths/study/score-pairs.ts';
import { screenByTheBook, screenRaters } from '../../../../core/maths/study/screening.ts';
import { fitThurstone } from '../../../../core/maths/study/thurstone.ts';
import { votesOf } from '../../../support/golden-votes.ts';

const runs = { numRuns: 150 };
const sentence = /^[A-Z\d].*\.$/;
const notWords = /NaN|Infinity|undefined|null/;
const recommendation = { variant: 'recommendation', share: 'own' } as const;

/** What a cell of a rating matrix may hold at its worst. */
const cells = {
  levels: fc.integer({ min: 1, max: 5 }),
  ends: fc.constantFrom(1, 5),
  constant: fc.constant(3),
  fine: fc.double({ min: 0, max: 100, noNaN: true }),
  tiny: fc.integer({ min: 0, max: 5 }).map((value) => value * 1e-9),
  large: fc.integer({ min: 0, max: 5 }).map((value) => 1e9 + value),
};
const scales = {
  ...{ levels: { min: 1, max: 5, step: 1 }, ends: { min: 1, max: 5, step: 1 } },
  ...{ constant: { min: 1, max: 5, step: 1 }, fine: { min: 0, max: 100, step: 0 } },
  ...{ tiny: { min: 0, max: 5e-9, step: 1e-9 }, large: { min: 1e9, max: 1e9 + 5, step: 1 } },
};

/** Studies as they really are at their worst: nobody, one rater, one image, all missing, raters who share no image, repeats, ties. */
const studies = fc
  .record({
    kind: fc.constantFrom(...(Object.keys(cells) as (keyof typeof cells)[])),
    items: fc.integer({ min: 1, max: 20 }),
    raters: fc.integer({ min: 1, max: 9 }),
    holes: fc.constantFrom('none', 'half', 'all', 'apart', 'first rater', 'repeats'),
  })
  .chain(({ kind, items, raters, holes }) => {
    const row = fc.array(fc.tuple(cells[kind], fc.boolean()), { minLength: raters, maxLength: raters });
    return fc.array(row, { minLength: items, maxLength: items }).map((rows) => {
      const ratings = rows.map((cellsOf, j) =>
        cellsOf.map(([value, chance], i) => {
          const isMissing = {
            ...{ none: false, repeats: false, half: chance, all: true },
            ...{ apart: i % 2 !== j % 2, 'first rater': i === 0 },
          }[holes];
          return isMissing ? null : holes === 'repeats' && chance ? [value, value] : value;
        }),
      );
      return { votes: votesOf({ ratings }), scale: scales[kind] };
    });
  });

/** Numbers where there are votes enough, NaN elsewhere, infinity nowhere. */
function expectColumn(values: Float64Array, isKnown: (at: number) => boolean, what: string): void {
  for (const [at, value] of values.entries()) {
    if (isKnown(at)) expect(Number.isFinite(value), `${what}[${at}] is ${value}`).toBe(true);
    else expect(value, `${what}[${at}]`).toBeNaN();
  }
}

function expectWords(text: string): void {
  expect(text).toMatch(sentence);
  expect(text).not.toMatch(notWords);
}

const countOf = (starts: Int32Array, at: number) => starts[at + 1]! - starts[at]!;

describe('whatever the votes are, what a study’s results show is a number or says why there is none', () => {
  test('MOS, SD, interval, z-MOS, SOS, spread, DMOS', () => {
    fc.assert(
      fc.property(studies, ({ votes, scale }) => {
        const opinion = measureOpinion(votes);
        expectColumn(opinion.mean, (j) => opinion.n[j]! > 0, 'MOS');
        for (const column of ['sd', 'half'] as const) {
          expectColumn(opinion[column], (j) => opinion.n[j]! > 1, column);
          expect(opinion[column].some((value) => value < 0)).toBe(false);
        }
        const { scores, rescaled } = measureZScores(votes);
        expectColumn(scores.mean, (j) => scores.n[j]! > 0, 'z-MOS');
        expectColumn(rescaled, (j) => scores.n[j]! > 0, 'rescaled');
        EstimateOrReason.parse(fitSosHypothesis(opinion, scale));
        EstimateOrReason.parse(pooledSpread(opinion));
        const first = Int32Array.from({ length: votes.items }, (_, j) => (j % 2 === 0 ? -1 : 0));
        const dmos = measureDmos(votes, first, scale.max);
        expectColumn(dmos.mean, (j) => dmos.n[j]! > 0, 'DMOS');
      }),
      runs,
    );
  });

  test('the recovered quality, and every method beside the MOS', () => {
    fc.assert(
      fc.property(studies, ({ votes }) => {
        const recovery = recoverQuality(votes);
        expectWords(recovery.why);
        expectColumn(recovery.quality, (j) => countOf(votes.itemStarts, j) > 0, 'recovered');
        expectColumn(recovery.bias, (i) => countOf(votes.raterStarts, i) > 0, 'bias');
        expect(recovery.half.some((half) => half < 0 || half === Number.POSITIVE_INFINITY)).toBe(false);
        const flagged = new Set(screenByTheBook(votes, recommendation).map(({ rater }) => rater));
        const rows = compareEstimates({
          ...{ votes, flagged, excluded: new Set([0]), bt500: recommendation, recovery },
        });
        for (const { name, quality, half, ...row } of rows) {
          for (const column of [quality, half]) expectColumn(column, (at) => !Number.isNaN(column[at]), name);
          z.object({ rmsChange: z.number(), srcc: z.number().nullable() }).parse(row);
        }
      }),
      runs,
    );
  });

  test('doubts about raters, each a whole sentence, and why somebody is not judged', () => {
    fc.assert(
      fc.property(studies, fc.boolean(), ({ votes, scale }, isFast) => {
        const shownMs = Float64Array.from(votes.value, (_, at) => (isFast && at % 2 === 0 ? 1 : Number.NaN));
        const check = { rater: 0, value: scale.max, expected: scale.min, tolerance: 0 };
        const { flags, unjudged } = screenRaters({ votes, scale, shownMs, gold: [check], traps: [check] });
        for (const { evidence } of [...flags, ...screenByTheBook(votes, recommendation)])
          expectWords(evidence);
        for (const { reason } of unjudged) expectWords(reason);
      }),
      runs,
    );
  });

  test('reliability', () => {
    fc.assert(
      fc.property(studies, ({ votes, scale }) => {
        const step = scale.step === 0 ? 1 : scale.step;
        const figures = Reliability.parse(measureReliability(votes, votes, { ...scale, step }));
        const { icc, retest, ...others } = figures;
        for (const one of [...Object.values(icc), ...Object.values(others)]) {
          if ('reason' in one) expectWords(one.reason);
          else expect(one.low === null || one.low <= one.value + 1e-9, `${one.method} ${one.low}`).toBe(true);
        }
        if ('reason' in retest) expectWords(retest.reason);
      }),
      { numRuns: 60 },
    );
  });

  test('scores of pairs', () => {
    const counts = fc
      .record({
        items: fc.integer({ min: 0, max: 7 }),
        most: fc.constantFrom(0, 1, 3, 100_000),
        tieEvery: fc.integer({ min: 1, max: 3 }),
      })
      .chain(({ items, most, tieEvery }) =>
        fc
          .array(fc.nat(most), { minLength: items * items, maxLength: items * items })
          .map((drawn): PairCounts => {
            const at = (i: number, j: number) =>
              i === j || drawn[i * items + j]! % 2 ? 0 : drawn[i * items + j]!;
            const cell = (read: (i: number, j: number) => number) =>
              Float64Array.from(drawn, (_, k) => read(Math.floor(k / items), k % items));
            const ties = cell((i, j) => (tieEvery === 1 ? 0 : at(Math.min(i, j), Math.max(i, j)) % tieEvery));
            return { items, wins: cell((i, j) => (tieEvery === 3 ? 0 : at(i, j))), ties };
          }),
      );
    fc.assert(
      fc.property(counts, (pairs) => {
        const found = scorePairs(pairs);
        if ('reason' in found) expectWords(found.reason);
        else {
          for (const column of ['score', 'se', 'low', 'high'] as const)
            expectColumn(found.scores[column], () => true, column);
          if (found.note !== null) expectWords(found.note);
        }
        const thurstone = fitThurstone(pairs);
        if ('reason' in thurstone) expectWords(thurstone.reason);
        else expectColumn(thurstone.score, () => true, 'Thurstone');
        const next = chooseNextPair(pairs);
        if (next !== null) expect(next.first < next.second && next.gain >= 0).toBe(true);
      }),
      runs,
    );
  });

  test('what a planner says', () => {
    const whole = fc.integer({ min: 0, max: 50 });
    const plan = fc.record({
      ...{ images: whole, raters: whole, sessionsPerRater: whole, sessionMinutes: whole },
      ...{ uncountedPerSession: whole, dimensions: fc.integer({ min: 1, max: 5 }) },
      ...{ secondsPerVote: fc.constantFrom(0.05, 4, 5000), sd: fc.constantFrom(0, 0.9, 1e9) },
    });
    fc.assert(
      fc.property(plan, (panel) => {
        const { halfWidth, ...figures } = planPanel(panel);
        z.record(z.string(), z.number().nonnegative()).parse(figures);
        if ('reason' in halfWidth) expectWords(halfWidth.reason);
        else expect(halfWidth.value).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });
});
