import { describe, expect, test } from 'vitest';
import {
  fitSosHypothesis,
  measureOpinion,
  measureRaters,
  measureZScores,
} from '../../../../core/maths/study/opinion.ts';
import { indexVotes, keepRaters } from '../../../../core/maths/study/votes.ts';
import { expectClose, type GoldenInput, readMatrix, votesOf } from '../../../support/golden-votes.ts';
import { hasShared, readSharedJson } from '../../../support/shared.ts';

type Column = (number | null)[];
interface Golden {
  cases: {
    id: string;
    input: GoldenInput;
    expected: {
      per_item: { n: number[]; mos: Column; std: Column; ci95_half_t: Column };
      sos_hypothesis: { a_population_variance: number; a_sample_variance: number; items_used: number } | null;
      per_rater: { n: number[]; mean: Column; std: Column; z_excluded: boolean[] };
      zscore: { n: number[]; mos_z: Column; std_z: Column; mos_0_100: Column };
    };
  }[];
}

const golden = hasShared ? readSharedJson<Golden>('golden-stats/mos.json').cases : [];

describe.skipIf(!hasShared)(
  'opinion scores of a whole study agree with the golden statistics to 1e-9',
  () => {
    test.each(golden)('$id', ({ input, expected }) => {
      const matrix = readMatrix(input);
      const votes = votesOf(matrix);
      const scores = measureOpinion(votes);
      expectClose(scores.n, expected.per_item.n);
      expectClose(scores.mean, expected.per_item.mos);
      expectClose(scores.sd, expected.per_item.std);
      expectClose(scores.half, expected.per_item.ci95_half_t);
      const raters = measureRaters(votes);
      expectClose(raters.n, expected.per_rater.n);
      expectClose(raters.mean, expected.per_rater.mean);
      expectClose(raters.sd, expected.per_rater.std);
      const z = measureZScores(votes);
      expectClose(z.excluded, expected.per_rater.z_excluded);
      expectClose(z.scores.n, expected.zscore.n);
      expectClose(z.scores.mean, expected.zscore.mos_z);
      expectClose(z.scores.sd, expected.zscore.std_z);
      expectClose(z.rescaled, expected.zscore.mos_0_100);
      for (const variance of ['population', 'sample'] as const) {
        const sos = fitSosHypothesis(scores, matrix.scale, variance);
        const a = expected.sos_hypothesis?.[`a_${variance}_variance`] ?? null;
        if (a === null) expect(sos).toHaveProperty('reason');
        else
          expect(sos).toMatchObject({ value: expect.closeTo(a, 9), n: expected.sos_hypothesis!.items_used });
      }
    });
  },
);

describe('votes in columns', () => {
  const columns = {
    items: 3,
    raters: 2,
    item: Int32Array.of(2, 0, 0, 2),
    rater: Int32Array.of(0, 1, 0, 1),
    value: Float64Array.of(5, 2, 1, 4),
  };

  test('are sorted by image and rater, and remember where they stood', () => {
    const votes = indexVotes(columns);
    expect([...votes.value]).toEqual([1, 2, 5, 4]);
    expect([...votes.source]).toEqual([2, 1, 0, 3]);
    expect([...votes.itemStarts]).toEqual([0, 2, 2, 4]);
    expect([...votes.raterOrder]).toEqual([0, 2, 1, 3]);
  });

  test('can leave a rater out without renumbering the others', () => {
    const votes = keepRaters(indexVotes(columns), (rater) => rater !== 0);
    expect([...votes.value]).toEqual([2, 4]);
    expect([...votes.rater]).toEqual([1, 1]);
    expect([...votes.source]).toEqual([1, 3]);
  });

  test('of an image or rater that does not exist, or without a value, are refused', () => {
    for (const wrong of [
      { item: Int32Array.of(3, 0, 0, 2) },
      { rater: Int32Array.of(0, -1, 0, 1) },
      { value: Float64Array.of(5, 2, Number.NaN, 4) },
    ]) {
      expect(() => indexVotes({ ...columns, ...wrong })).toThrow(
        expect.objectContaining({ code: 'badInput' }),
      );
    }
  });
});

test('without two votes on an image there is no SOS parameter, and the reason says so', () => {
  const votes = indexVotes({
    items: 1,
    raters: 1,
    item: Int32Array.of(0),
    rater: Int32Array.of(0),
    value: Float64Array.of(3),
  });
  expect(fitSosHypothesis(measureOpinion(votes), { min: 1, max: 5 })).toMatchObject({
    reason: expect.stringContaining('two votes'),
  });
});
