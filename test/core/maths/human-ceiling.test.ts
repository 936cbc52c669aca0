import { describe, expect, test } from 'vitest';
import { type CeilingVote, measureHumanCeiling } from '../../../core/maths/human-ceiling.ts';
import { createRandom, shuffle } from '../../../core/maths/random.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';

interface Matrix {
  ratings: (number | null)[][];
}
interface SplitHalf {
  number_of_splits: number;
  exact_enumeration: boolean;
  mean_srcc: number;
  sd_srcc_of_one_split: number;
  spearman_brown_of_mean_srcc: number;
  monte_carlo_se_of_mean_srcc?: number;
}
interface Golden {
  cases: { id: string; input: Matrix | { ratings_file: string }; expected: { split_half?: SplitHalf } }[];
}

const golden = hasShared
  ? readSharedJson<Golden>('golden-stats/irr.json').cases.filter(({ expected }) => expected.split_half)
  : [];

function votesOf({ ratings }: Matrix): CeilingVote[] {
  return ratings.flatMap((row, image) =>
    row.flatMap((value, rater): CeilingVote[] => (value === null ? [] : [[image + 1, rater + 1, value]])),
  );
}

describe.skipIf(!hasShared)('the split-half ceiling agrees with the golden statistics', () => {
  test('there are exact and drawn cases', () => {
    expect(
      golden.filter(({ expected }) => expected.split_half!.exact_enumeration).length,
    ).toBeGreaterThanOrEqual(4);
    expect(
      golden.filter(({ expected }) => !expected.split_half!.exact_enumeration).length,
    ).toBeGreaterThanOrEqual(2);
  });

  test.each(golden)('$id', ({ input, expected }) => {
    const matrix = 'ratings' in input ? input : readSharedJson<Matrix>(`golden-stats/${input.ratings_file}`);
    const got = measureHumanCeiling(votesOf(matrix));
    const reference = expected.split_half!;
    if (!('value' in got)) throw new Error(got.reason);
    expect(got.low!).toBeLessThan(got.value);
    expect(got.high!).toBeGreaterThan(got.value);
    if (reference.exact_enumeration) {
      expect(got.method).toContain(`${reference.number_of_splits} splits`);
      expect(Math.abs(got.value - reference.spearman_brown_of_mean_srcc)).toBeLessThan(1e-9);
      return;
    }
    const splits = Number(/mean of (\d+) splits/.exec(got.method)![1]);
    const tolerance =
      (4 * reference.sd_srcc_of_one_split) / Math.sqrt(splits) + 4 * reference.monte_carlo_se_of_mean_srcc!;
    const meanSrcc = got.value / (2 - got.value); // the step up undone
    expect(Math.abs(meanSrcc - reference.mean_srcc)).toBeLessThanOrEqual(tolerance);
  });
});

describe('measureHumanCeiling', () => {
  const random = createRandom(4);
  const quality = Array.from({ length: 60 }, () => random.normal());
  const noisyVotes = (raters: number, noise: number): CeilingVote[] =>
    quality.flatMap((value, image) =>
      Array.from(
        { length: raters },
        (_, rater): CeilingVote => [image, rater, value + noise * random.normal()],
      ),
    );

  test('no votes, one rater or nothing in common give a reason', () => {
    expect(measureHumanCeiling(null)).toMatchObject({ reason: expect.stringContaining('no votes') });
    expect(measureHumanCeiling([])).toMatchObject({ reason: expect.stringContaining('two raters') });
    expect(
      measureHumanCeiling([
        [1, 1, 3],
        [2, 1, 4],
      ]),
    ).toMatchObject({ reason: expect.stringContaining('two raters') });
    expect(
      measureHumanCeiling([
        [1, 1, 3],
        [2, 2, 4],
        [3, 1, 1],
        [4, 2, 2],
      ]),
    ).toHaveProperty('reason');
  });

  test('raters who say the opposite of each other have no ceiling', () => {
    const votes = [1, 2, 3, 4, 5].flatMap((v): CeilingVote[] => [
      [v, 1, v],
      [v, 2, 6 - v],
    ]);
    expect(measureHumanCeiling(votes)).toMatchObject({
      reason: expect.stringContaining('do not agree'),
      n: 5,
    });
  });

  test('raters who agree wholly have a ceiling of 1', () => {
    const ceiling = measureHumanCeiling(noisyVotes(5, 0));
    if (!('value' in ceiling)) throw new Error(ceiling.reason);
    for (const value of [ceiling.value, ceiling.low!, ceiling.high!]) expect(value).toBeCloseTo(1, 12);
  });

  test('more raters lift it', () => {
    const value = (raters: number) => {
      const ceiling = measureHumanCeiling(noisyVotes(raters, 1));
      return 'value' in ceiling ? ceiling.value : Number.NaN;
    };
    expect(value(12)).toBeGreaterThan(value(3) + 0.05);
  });

  test('the order of the votes does not matter, and every call gives the same', () => {
    const votes = noisyVotes(20, 1);
    const shuffled = [...votes];
    shuffle(shuffled, createRandom(8));
    const ceiling = measureHumanCeiling(votes);
    const again = measureHumanCeiling(shuffled);
    if (!('value' in ceiling && 'value' in again)) throw new Error('There must be a ceiling.');
    expect(measureHumanCeiling(votes)).toEqual(ceiling);
    expect(again.value).toBeCloseTo(ceiling.value, 10);
  });
});
