import { describe, expect, test } from 'vitest';
import { median } from '../../../../core/maths/study/median.ts';
import { measureOpinion } from '../../../../core/maths/study/opinion.ts';
import { type PanelPlan, planPanel, pooledSpread } from '../../../../core/maths/study/plan-panel.ts';
import { keepRaters } from '../../../../core/maths/study/votes.ts';
import { readMatrix, votesOf } from '../../../support/golden-votes.ts';
import { hasShared } from '../../../support/shared.ts';
import { simulatePanel } from '../../../support/simulate-panel.ts';

const plan: PanelPlan = {
  images: 600,
  raters: 20,
  sessionsPerRater: 2,
  sessionMinutes: 25,
  secondsPerVote: 5,
  dimensions: 1,
  uncountedPerSession: 20,
  sd: 0.8,
};

function halfWidthOf(changes: Partial<PanelPlan>): number {
  const { halfWidth } = planPanel({ ...plan, ...changes });
  if (!('value' in halfWidth)) throw new Error(halfWidth.reason);
  return halfWidth.value;
}

describe('a planned panel', () => {
  test('counts what fits into the sessions', () => {
    expect(planPanel(plan)).toMatchObject({
      imagesPerRater: 560,
      coverage: 560 / 600,
      ratingHours: 20 / 1.2,
    });
    expect(planPanel(plan).votesPerImage).toBeCloseTo((20 * 560) / 600, 12);
    expect(planPanel({ ...plan, dimensions: 2 }).imagesPerRater).toBe(260);
    expect(planPanel({ ...plan, sessionsPerRater: 9 }).imagesPerRater).toBe(600);
  });

  test('gets narrower with raters, wider with the spread', () => {
    expect(halfWidthOf({ raters: 40 })).toBeLessThan(halfWidthOf({}));
    expect(halfWidthOf({ sd: 1.6 })).toBeCloseTo(2 * halfWidthOf({}), 12);
  });

  test('without two votes an image there is a reason in place of an interval', () => {
    expect(planPanel({ ...plan, raters: 2 }).halfWidth).toMatchObject({
      reason: expect.stringContaining('two votes'),
    });
    expect(pooledSpread(measureOpinion(votesOf({ ratings: [[3], [4]] })))).toHaveProperty('reason');
  });

  test('holds in a simulated study, from a pilot of a quarter of its raters', () => {
    const kinds = Array.from({ length: 24 }, () => 'honest' as const);
    const { votes } = simulatePanel({ kinds, items: 300, coverage: 0.5, seed: 12 });
    expect(predictionError(votes, 6)).toBeLessThan(0.12);
  });

  test.skipIf(!hasShared).each([
    ['sureal/nflx-public-raw.json', 8],
    ['sureal/agh-tv-2017-part1.json', 12],
    ['sureal/vqeg-frtv1-525-low.json', 15],
  ])('holds within 12 %% in a real study: %s from its first %i raters', (file, pilot) => {
    expect(predictionError(votesOf(readMatrix({ ratings_file: `../data/${file}` })), pilot)).toBeLessThan(
      0.12,
    );
  });
});

/** Of the median half width of all raters, as predicted from the first ones. */
function predictionError(votes: ReturnType<typeof votesOf>, pilot: number): number {
  const spread = pooledSpread(measureOpinion(keepRaters(votes, (i) => i < pilot)));
  if (!('value' in spread)) throw new Error(spread.reason);
  const perRater = votes.value.length / votes.raters;
  const predicted = halfWidthOf({
    images: votes.items,
    raters: votes.raters,
    sessionsPerRater: 1,
    sessionMinutes: (perRater * 6) / 60 + 1e-6,
    secondsPerVote: 6,
    uncountedPerSession: 0,
    sd: spread.value,
  });
  return Math.abs(predicted / median([...measureOpinion(votes).half]) - 1);
}
