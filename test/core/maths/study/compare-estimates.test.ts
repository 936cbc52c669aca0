import { describe, expect, test } from 'vitest';
import { compareEstimates } from '../../../../core/maths/study/compare-estimates.ts';
import { measureOpinion, measureZScores } from '../../../../core/maths/study/opinion.ts';
import { recoverQuality } from '../../../../core/maths/study/recover.ts';
import { removeByCorrelation } from '../../../../core/maths/study/screen-correlation.ts';
import { keepRaters, type Votes } from '../../../../core/maths/study/votes.ts';
import { expectClose, type GoldenInput, readMatrix, votesOf } from '../../../support/golden-votes.ts';
import { hasShared, readSharedJson } from '../../../support/shared.ts';
import { type RaterKind, simulatePanel } from '../../../support/simulate-panel.ts';

function compare(
  votes: Votes,
  { flagged = [] as number[], excluded = [] as number[], isSureal = false } = {},
) {
  const rows = compareEstimates({
    ...{ votes, flagged: new Set(flagged), excluded: new Set(excluded), recovery: recoverQuality(votes) },
    bt500: isSureal ? { variant: 'reference', share: 'all' } : { variant: 'recommendation', share: 'own' },
  });
  return { rows, row: (name: string) => rows.find((row) => row.name === name)! };
}

describe('the methods side by side', () => {
  const kinds: RaterKind[] = [...Array<RaterKind>(11).fill('honest'), 'reverser'];
  const { votes } = simulatePanel({ kinds, items: 100, coverage: 1, seed: 9 });
  const { rows, row } = compare(votes, { flagged: [11], excluded: [0, 11] });

  test('tell raters counted and how much the MOS changes', () => {
    expect(rows.map(({ name }) => name)).toEqual([
      'mos',
      'decided',
      'withoutFlagged',
      'withoutBt500',
      'withoutP913',
      'zScores',
      'biasRemoval',
      'biasRemovalBt500',
      'recovered',
    ]);
    expect(rows[0]).toMatchObject({ raters: 12, rmsChange: 0, srcc: expect.closeTo(1, 9) });
    const without = row('withoutFlagged');
    expect(without.raters).toBe(11);
    expect(without.rmsChange).toBeGreaterThan(0.05);
    const { item, change } = without.largest!;
    expect(change).toBeCloseTo(without.quality[item]! - rows[0]!.quality[item]!, 12);
    expect(Math.abs(change)).toBeGreaterThanOrEqual(without.rmsChange);
    expect(row('decided').raters).toBe(10);
  });

  test('each mean comes with the interval of the votes that it is made of', () => {
    const removed = removeByCorrelation(votes, 0.75).map(({ rater }) => rater);
    expect(removed[0]).toBe(11);
    const kept = measureOpinion(keepRaters(votes, (rater) => !removed.includes(rater)));
    expect(row('withoutP913').raters).toBe(12 - removed.length);
    expect(row('withoutP913').quality).toEqual(kept.mean);
    expect(row('withoutP913').half).toEqual(kept.half);
    expect(rows.every(({ half }) => half.every((width) => width > 0))).toBe(true);
  });

  test('z-MOS keep their order and come in units of the scale', () => {
    const { mean } = measureZScores(votes).scores;
    const z = row('zScores').quality;
    const slope = (z[1]! - z[0]!) / (mean[1]! - mean[0]!);
    expectClose(
      z,
      Array.from(mean, (value) => z[0]! + slope * (value - mean[0]!)),
    );
    expect(row('zScores').rmsChange).toBeLessThan(0.2);
  });
});

test.skipIf(!hasShared)('P.913 §12.4 in full is the reference’s', () => {
  interface Golden {
    cases: {
      id: string;
      input: GoldenInput;
      expected: {
        bt500_sureal_literal: { borderline_items: number };
        p913_bias: { p913_12_4_mos: (number | null)[] };
      };
    }[];
  }
  for (const { input, expected } of readSharedJson<Golden>('golden-stats/screening.json').cases) {
    const votes = votesOf(readMatrix(input));
    const { quality } = compare(votes, { isSureal: true }).row('biasRemovalBt500');
    expectClose(quality, expected.p913_bias.p913_12_4_mos);
  }
});
