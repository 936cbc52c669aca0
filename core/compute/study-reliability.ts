/** How far the raters of a study agree, with each other and with themselves. */
import type { Reliability } from '../../contract/study-statistics.ts';
import { measureIcc } from '../maths/study/icc.ts';
import { meanPairwiseKappa } from '../maths/study/kappa.ts';
import { measureConcordance } from '../maths/study/kendall-w.ts';
import { measureAlpha } from '../maths/study/krippendorff.ts';
import { measureRetest, pairRepeats } from '../maths/study/repeats.ts';
import { measureSplitHalf } from '../maths/study/split-half.ts';
import type { Votes } from '../maths/study/votes.ts';

const notAsked = { reason: 'It was not asked for.', n: 0 };
export const noReliability: Reliability = {
  alphaOrdinal: notAsked,
  alphaInterval: notAsked,
  icc: {},
  concordance: notAsked,
  kappaLinear: notAsked,
  kappaQuadratic: notAsked,
  splitHalf: notAsked,
  retest: notAsked,
};

/** @param withRepeats the same raters' votes with those on images that they saw again */
export function measureReliability(
  votes: Votes,
  withRepeats: Votes,
  scale: { min: number; max: number; step: number },
): Reliability {
  const levels = listLevels(scale);
  return {
    alphaOrdinal: measureAlpha(votes, 'ordinal'),
    alphaInterval: measureAlpha(votes, 'interval'),
    icc: measureIcc(votes),
    concordance: measureConcordance(votes),
    kappaLinear: meanPairwiseKappa(votes, { levels, weights: 'linear' }),
    kappaQuadratic: meanPairwiseKappa(votes, { levels, weights: 'quadratic' }),
    splitHalf: measureSplitHalf(votes),
    retest: measureOwnAgreement(withRepeats, levels),
  };
}

function measureOwnAgreement(votes: Votes, levels: readonly number[]): Reliability['retest'] {
  const { first, second } = pairRepeats(votes);
  if (first.length === 0) return { reason: 'No rater saw an image twice.', n: 0 };
  const { limits, ...retest } = measureRetest(first, second, levels);
  return { ...retest, limits: Number.isFinite(limits.low) ? limits : null };
}

/** The values of a scale, in order. */
function listLevels({ min, max, step }: { min: number; max: number; step: number }): number[] {
  return Array.from({ length: Math.round((max - min) / step) + 1 }, (_, at) => min + at * step);
}
