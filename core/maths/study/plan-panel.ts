/** How narrow the intervals of a study will be, before it begins: from raters, sessions and seconds a vote, and a pilot's spread. */
import type { EstimateOrReason, Undefined } from '../../../contract/common.ts';
import { chiSquareQuantile } from '../distributions.ts';
import { quantileFor } from '../mos.ts';
import type { OpinionScores } from './opinion.ts';

export interface PanelPlan {
  images: number;
  raters: number;
  sessionsPerRater: number;
  sessionMinutes: number;
  /** For one dimension of one image, from the image's appearance to the next one's. */
  secondsPerVote: number;
  dimensions: number;
  /** Showings in a session whose votes do not count: training, stabilising, gold, traps, repeats. */
  uncountedPerSession: number;
  /** SD of the votes on a typical image (`pooledSpread`), in units of the scale. */
  sd: number;
}

export interface PlannedPanel {
  /** Images that a rater rates in all sessions; at most all. */
  imagesPerRater: number;
  votesPerImage: number;
  /** Share of the images that a rater sees. */
  coverage: number;
  /** Of all raters together, for what there is to rate. */
  ratingHours: number;
  /** Expected median over the images of half the 95 % interval of a MOS, in units of the scale. */
  halfWidth: { value: number } | Undefined;
}

/**
 * Votes are spread evenly over the images, each rater rating an image once. The median half width with n votes is
 * t(0.975, n − 1) · sd · √(χ²(0.5, n − 1) / (n − 1)) / √n, the square root being the median of a sample SD in units of the true one;
 * between whole n it is interpolated, as images have the one or the other number.
 */
export function planPanel(plan: PanelPlan): PlannedPanel {
  const showings = Math.floor((plan.sessionMinutes * 60) / (plan.secondsPerVote * plan.dimensions));
  const perSession = Math.max(0, showings - plan.uncountedPerSession);
  const imagesPerRater = Math.min(plan.images, perSession * plan.sessionsPerRater);
  const sessions = perSession === 0 ? 0 : Math.ceil(imagesPerRater / perSession);
  const shown = imagesPerRater + sessions * plan.uncountedPerSession;
  const votesPerImage = plan.images === 0 ? 0 : (imagesPerRater * plan.raters) / plan.images;
  return {
    imagesPerRater,
    votesPerImage,
    coverage: plan.images === 0 ? 0 : imagesPerRater / plan.images,
    ratingHours: (plan.raters * shown * plan.secondsPerVote * plan.dimensions) / 3600,
    halfWidth: expectHalfWidth(votesPerImage, plan.sd),
  };
}

function expectHalfWidth(votes: number, sd: number): PlannedPanel['halfWidth'] {
  if (votes < 2)
    return { reason: 'With fewer than two votes an image there is no interval.', n: Math.floor(votes) };
  const whole = Math.floor(votes);
  const part = votes - whole;
  const at = (n: number) => (quantileFor(n - 1) * sd * medianSdRatio(n)) / Math.sqrt(n);
  return { value: part === 0 ? at(whole) : (1 - part) * at(whole) + part * at(whole + 1) };
}

/** Median of the sample SD of n normal votes, over the true SD. */
function medianSdRatio(n: number): number {
  return Math.sqrt(chiSquareQuantile(0.5, n - 1) / (n - 1));
}

/**
 * The SD of the votes on an image, pooled over the images of a pilot or another study: √(Σ (n − 1) SD² / Σ (n − 1)).
 * `n`: images with two votes or more.
 */
export function pooledSpread({ n, sd }: Pick<OpinionScores, 'n' | 'sd'>): EstimateOrReason {
  let squares = 0;
  let df = 0;
  let images = 0;
  for (let j = 0; j < n.length; j += 1) {
    if (n[j]! < 2) continue;
    squares += (n[j]! - 1) * sd[j]! ** 2;
    df += n[j]! - 1;
    images += 1;
  }
  if (images === 0) return { reason: 'No image has two votes.', n: 0 };
  return { value: Math.sqrt(squares / df), low: null, high: null, n: images, method: 'pooled within images' };
}
