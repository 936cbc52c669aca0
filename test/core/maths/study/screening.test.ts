import { describe, expect, test } from 'vitest';
import {
  type Check,
  type ScreeningMethod,
  type ScreeningTask,
  screenByTheBook,
  screenRaters,
} from '../../../../core/maths/study/screening.ts';
import { indexVotes } from '../../../../core/maths/study/votes.ts';
import { readMatrix, votesOf } from '../../../support/golden-votes.ts';
import { hasShared } from '../../../support/shared.ts';
import { type RaterKind, simulatePanel } from '../../../support/simulate-panel.ts';

const scale = { min: 1, max: 5, step: 1 };
const recommendation = { variant: 'recommendation', share: 'own' } as const;
const honest = (raters: number): RaterKind[] => Array<RaterKind>(raters).fill('honest');
const calm = simulatePanel({ kinds: honest(10), items: 120, coverage: 1, seed: 21 }).votes;

function raise(
  task: Omit<ScreeningTask, 'scale'>,
  method: ScreeningMethod,
): [rater: number, evidence: string][] {
  const { flags } = screenRaters({ ...task, scale });
  return flags.filter((flag) => flag.method === method).map(({ rater, evidence }) => [rater, evidence]);
}

describe('each doubt comes with its evidence', () => {
  const kinds: RaterKind[] = [...honest(12), 'straightLiner', 'reverser', 'clicker', 'lazy'];
  const { votes } = simulatePanel({ kinds, items: 300, coverage: 0.6, seed: 3 });

  test('of votes that hardly vary', () => {
    expect(raise({ votes }, 'straightLine')).toEqual([
      [
        12,
        expect.stringMatching(
          /^9\d % of 180 votes are \d; half of the raters .* \(SD 0\.\d\d, the panel's median 1\.\d\d/,
        ),
      ],
    ]);
  });

  test('of votes that do not follow the common quality, with the reversed scale named', () => {
    const raised = new Map(raise({ votes }, 'correlation'));
    expect([...raised.keys()]).toEqual([12, 13, 14]);
    expect(raised.get(13)).toMatch(/^Correlates -0\.\d\d .* the scale may be held the wrong way round\.$/);
    expect(raised.get(14)).toContain('hardly follow it');
  });

  test('of votes given at random, with their share', () => {
    const raised = new Map(raise({ votes }, 'randomVotes'));
    expect([...raised.keys()]).toContain(15);
    const share = Number(/^About (\d+) %/.exec(raised.get(15)!)![1]);
    expect(share).toBeGreaterThan(25);
    expect(share).toBeLessThan(60);
  });

  test('and nobody loses a vote', () => {
    const before = votes.value.slice();
    screenRaters({ votes, scale });
    screenByTheBook(votes, recommendation);
    expect(votes.value).toEqual(before);
  });
});

describe('checks', () => {
  const checks = (rater: number, hits: number, misses: number): Check[] =>
    Array.from({ length: hits + misses }, (_, at) => ({
      rater,
      expected: 5,
      tolerance: 1,
      value: at < misses ? 2 : 4,
    }));

  test('gold: three misses of ten are flagged, one of ten is not', () => {
    const gold = [...checks(0, 9, 1), ...checks(1, 6, 4), ...checks(2, 10, 0)];
    expect(raise({ votes: calm, gold }, 'gold')).toEqual([
      [1, expect.stringContaining('Missed 4 of 10 gold items')],
    ]);
  });

  test('traps: a single one missed is flagged; without any there is nothing to say', () => {
    expect(raise({ votes: calm, traps: [...checks(4, 0, 1), ...checks(5, 1, 0)] }, 'trap')).toEqual([
      [4, expect.stringContaining('Missed 1 of 1 trap items')],
    ]);
    expect(raise({ votes: calm }, 'trap')).toEqual([]);
  });

  test('repeats: a rater whose second votes differ more than those of the others', () => {
    const ratings = Array.from({ length: 12 }, (_, j) =>
      Array.from({ length: 6 }, (_, i) => {
        const first = 1 + ((j + i) % 3);
        return [first, i === 2 ? first + 2 : first + (j % 4 === 0 ? 1 : 0)];
      }),
    );
    expect(raise({ votes: votesOf({ ratings }) }, 'repeats')).toEqual([
      [
        2,
        expect.stringMatching(
          /within-rater SD 1\.41 over 12 repeats, that of the others 0\.35 \(F test, p = /,
        ),
      ],
    ]);
  });

  test('too fast: told by the time on screen, in the order in which the votes were given', () => {
    const { items, raters } = calm;
    const reversed = Int32Array.from(calm.value.keys()).reverse();
    const votes = indexVotes({
      items,
      raters,
      item: Int32Array.from(reversed, (at) => calm.item[at]!),
      rater: Int32Array.from(reversed, (at) => calm.rater[at]!),
      value: Float64Array.from(reversed, (at) => calm.value[at]!),
    });
    const shownMs = Float64Array.from(reversed, (at) => (calm.rater[at] === 7 && at % 3 === 0 ? 250 : 4000));
    expect(raise({ votes, shownMs }, 'tooFast')).toEqual([
      [7, expect.stringMatching(/^3\d % of 120 votes came within 800 ms; the median rater takes 4000 ms\.$/)],
    ]);
  });
});

test('a rater with few votes on common images is not judged, and the reason says so', () => {
  const ratings = Array.from({ length: 40 }, (_, j) => [
    1 + (j % 5),
    1 + ((j + (j % 2)) % 5),
    j < 6 ? 3 : null,
  ]);
  const { flags, unjudged } = screenRaters({ votes: votesOf({ ratings }), scale });
  expect(flags.filter(({ rater }) => rater === 2)).toEqual([]);
  expect(unjudged).toEqual([{ rater: 2, reason: expect.stringContaining('Only 6 votes') }]);
});

test('no votes at all raise nothing', () => {
  const none = indexVotes({
    items: 3,
    raters: 2,
    item: new Int32Array(),
    rater: new Int32Array(),
    value: new Float64Array(),
  });
  expect(screenRaters({ votes: none, scale }).flags).toEqual([]);
  expect(screenByTheBook(none, recommendation)).toEqual([]);
});

describe.skipIf(!hasShared)('in real studies', () => {
  const flaggedIn = (file: string) => {
    const matrix = readMatrix({ ratings_file: `../data/${file}` });
    const { flags } = screenRaters({ votes: votesOf(matrix), scale: { step: 0, ...matrix.scale } });
    return [...new Set(flags.map(({ rater }) => rater))];
  };

  test('four careless raters of 30 are found (sureal, NFLX), and hardly anybody else', () => {
    const flagged = flaggedIn('sureal/nflx-public-raw-4outliers.json');
    expect(flagged).toEqual(expect.arrayContaining([26, 27, 28, 29]));
    expect(flagged.length).toBeLessThanOrEqual(6);
    expect(flaggedIn('sureal/nflx-public-raw.json').length).toBeLessThanOrEqual(2);
  });

  test('five crowd workers pass (TIFA), and of 99 raters with 56 % coverage few do not (AGH)', () => {
    expect(flaggedIn('tifa160-likert/tifa160-likert-matrix.json')).toEqual([]);
    expect(flaggedIn('sureal/agh-tv-2017-part1.json').length).toBeLessThanOrEqual(6);
  });

  test('BT.500 and a fixed correlation are there for comparison', () => {
    const matrix = readMatrix({ ratings_file: '../data/sureal/nflx-public-raw-4outliers.json' });
    const book = screenByTheBook(votesOf(matrix), recommendation);
    const rejectedBy = (wanted: ScreeningMethod) =>
      book.filter(({ method }) => method === wanted).map(({ rater }) => rater);
    expect(rejectedBy('bt500')).toEqual([26, 29]);
    expect(rejectedBy('p913')).toEqual([26, 27, 28, 29]);
    expect(book[0]!.evidence).toMatch(/ITU-/);
  });
});

test('where the votes have nothing in common nobody is judged by them, and the reason says so', () => {
  const kinds: RaterKind[] = Array<RaterKind>(9).fill('clicker');
  const { votes } = simulatePanel({ kinds, items: 400, coverage: 1, seed: 3 });
  const { flags, unjudged } = screenRaters({ votes, scale });
  expect(flags).toEqual([]);
  expect(unjudged).toHaveLength(9);
  expect(unjudged[0]!.reason).toContain('too little in common');
});
