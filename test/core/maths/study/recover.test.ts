import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../../core/maths/random.ts';
import { measureOpinion } from '../../../../core/maths/study/opinion.ts';
import { projectVotes } from '../../../../core/maths/study/projection.ts';
import { recoverQuality } from '../../../../core/maths/study/recover.ts';
import { expectClose, type Matrix, readMatrix, votesOf } from '../../../support/golden-votes.ts';
import { hasShared, readSharedJson } from '../../../support/shared.ts';
import { type RaterKind, simulatePanel } from '../../../support/simulate-panel.ts';

const honest = (raters: number): RaterKind[] => Array<RaterKind>(raters).fill('honest');

describe('recovery', () => {
  test('with enough raters an image is that of P.910, with an interval', () => {
    const { votes } = simulatePanel({ kinds: honest(14), items: 80, coverage: 0.9, seed: 2 });
    const got = recoverQuality(votes);
    expect(got.method).toBe('projection');
    expect(got.quality).toEqual(projectVotes(votes).quality);
    expect(got.inconsistency).toHaveLength(14);
    expect(got.half.every((half) => half > 0)).toBe(true);
  });

  test('below eight raters an image falls back to bias removal and says so', () => {
    const { votes } = simulatePanel({ kinds: honest(21), items: 80, coverage: 0.3, seed: 2 });
    const got = recoverQuality(votes);
    expect(got).toMatchObject({ method: 'biasRemoval', inconsistency: null });
    expect(got.why).toMatch(
      /^Half of the images have \d raters or fewer; .* Means without the raters' biases/,
    );
  });

  test('a rater towards whom the likelihood runs away is named', () => {
    const { votes } = simulatePanel({ kinds: honest(9), items: 60, coverage: 1, seed: 4 });
    const truth = measureOpinion(votes).mean;
    const value = votes.value.map((vote, at) => (votes.rater[at] === 4 ? truth[votes.item[at]!]! : vote));
    const got = recoverQuality({ ...votes, value });
    expect(got.method).toBe('biasRemoval');
    expect(got.why).toContain('The inconsistency of rater 5 collapsed');
  });

  test('a straight-liner among close qualities does not get the say', () => {
    const { votes } = simulatePanel({ kinds: honest(10), items: 60, coverage: 1, seed: 6 });
    const random = createRandom(6);
    const value = votes.value.map((vote, at) =>
      votes.rater[at] === 0 ? 3 + 0.3 * random.normal() : 3 + 0.5 * (vote - 3) + 0.6 * random.normal(),
    );
    const got = recoverQuality({ ...votes, value });
    expect(got.method).toBe('biasRemoval');
    expect(got.why).toMatch(/^The votes of rater 1 hardly follow the quality/);
  });

  test('raters who are about equally consistent are not weighed: that would add noise', () => {
    const { votes } = simulatePanel({ kinds: honest(10), items: 60, coverage: 1, seed: 6 });
    const random = createRandom(6);
    const value = votes.value.map((_, at) => 1 + 0.05 * votes.item[at]! + 0.6 * random.normal());
    const got = recoverQuality({ ...votes, value });
    expect(got).toMatchObject({ method: 'biasRemoval', inconsistency: null });
    expect(got.why).toMatch(/^The raters are about equally consistent/);
    const uneven = value.map((vote, at) => (votes.rater[at]! < 5 ? vote : vote + random.normal()));
    expect(recoverQuality({ ...votes, value: uneven }).method).toBe('projection');
  });

  test('raters without a common image are reported', () => {
    const ratings = [
      [1, 2, null, null],
      [4, 4, null, null],
      [2, 3, null, null],
      [null, null, 3, 4],
      [null, null, 5, 5],
      [null, null, 1, 2],
    ];
    const got = recoverQuality(votesOf({ ratings }));
    expect(got.why).toContain('2 groups that share no image');
    expect(got.quality.every(Number.isFinite)).toBe(true);
  });

  test('one rater is the MOS, without bias and interval; no votes are nothing', () => {
    const one = recoverQuality(votesOf({ ratings: [[1], [2], [5]] }));
    expect(one).toMatchObject({ method: 'mean', why: expect.stringContaining('one rater') });
    expectClose(one.quality, [1, 2, 5]);
    expectClose(one.bias, [0]);
    expectClose(one.half, [null, null, null]);
    expect(recoverQuality(votesOf({ ratings: [[null, null]] }))).toMatchObject({
      why: 'There are no votes.',
    });
  });

  test('full agreement is recovered as it is', () => {
    const ratings = [1, 3, 5, 2].map((value) => Array<number>(9).fill(value));
    const got = recoverQuality(votesOf({ ratings }));
    expectClose(got.quality, [1, 3, 5, 2], 1e-6);
    expectClose(got.bias, Array<number>(9).fill(0), 1e-6);
  });

  test.skipIf(!hasShared)('what the golden statistics ask of designs without a solution is met', () => {
    const { cases } = readSharedJson<{ cases: { id: string; input: Matrix }[] }>(
      'golden-stats/mle-recovery.json',
    );
    const recover = (id: string) => recoverQuality(votesOf(cases.find((one) => one.id === id)!.input));
    const same = recover('degenerate-constant-subject-item');
    expectClose(same.quality, [1, 3, 5, 2], 1e-6);
    expectClose(same.bias, [0, 0, 0], 1e-6);
    expectClose(same.half, [0, 0, 0, 0], 1e-6);
    const single = recover('degenerate-single-subject');
    expect(single.why).toContain('cannot be told apart');
    expectClose([...single.quality, ...single.bias], [1, 2, 4, 5, 3, 0]);
    expectClose(single.half, Array(5).fill(null));
    const apart = recover('degenerate-disconnected');
    expect(apart.why).toContain('2 groups that share no image');
    expect([...apart.quality].every(Number.isFinite)).toBe(true);
  });

  test.skipIf(!hasShared)('the five raters of TIFA, on whom P.910 collapses, get means without bias', () => {
    const votes = votesOf(readMatrix({ ratings_file: '../data/tifa160-likert/tifa160-likert-matrix.json' }));
    expect(recoverQuality(votes).method).toBe('biasRemoval');
  });
});
