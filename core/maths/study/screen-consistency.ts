/**
 * The default screening by votes alone: does a rater follow the quality that the panel has in common, and how many of the rater's votes
 * look given at random? Both limits widen with few votes and few raters an image, so that they hold under partial coverage.
 */
import { normalCdf, normalDensity } from '../distributions.ts';
import { type CommonQuality, fitCommonQuality } from './common-quality.ts';
import { median } from './median.ts';
import type { ScaleEnds } from './opinion.ts';
import { countVotesOf, placesOf, type Votes } from './votes.ts';

/** What the votes say about one rater. */
export interface Consistency {
  /** Votes on images that others rated too, at most 600 of them, evenly spread. */
  n: number;
  /** Correlation with the common quality, freed of the others' noise, in [−1, 1]; NaN without votes. */
  loading: number;
  /** The loading's upper limit, one-sided, 95 %. */
  loadingHigh: number;
  /** The panel's median loading. */
  panelLoading: number;
  /** Estimated share of votes given at random; 0 where `gain` does not reach its limit. */
  randomShare: number;
  /**
   * How much likelier the votes are with some of them given at random than with none (ln of the Bayes factor), and what it takes to be
   * believed. 0 for a rater at or above the median loading, who is not looked into.
   */
  gain: number;
  gainLimit: number;
}

const mostVotes = 600;
/** Shares of random votes that are held to be as likely as one another, if there are any. */
const supposedShares = [0.2, 0.4, 0.8];
/** A careful rater slips now and then; this is three times as often. */
const leastRandomShare = 0.14;
/** Of the median loading: what the upper limit of a rater who follows the panel's quality reaches. */
const leastLoading = 0.55;
/** How strongly the panel's own noise and gain stand in for a rater's: as so many votes, and as an SD of ln gain. */
const priorVotes = 10;
const gainSpread = 0.15;
const mostRounds = 30;
/** Below what the log-likelihood has to rise in a round for another one to follow. */
const leastStep = 0.01;
/**
 * Few votes of careful raters look random by chance: what `gain` has to exceed falls in a line from this for next to no votes to 0 at so
 * many. It flags about 1 % of careful raters at every number of votes (docs/decisions/0013-simulated-panels.md).
 */
const gainOfFewVotes = 2.3;
const enoughVotes = 65;

/** Whether the panel has so little in common that nobody can be judged by it; in studies of images the median loading is about 0.8. */
export function isAtOdds({ panelLoading }: Consistency): boolean {
  return !(panelLoading >= 0.2);
}

/** Whether the rater follows the common quality little more than half as closely as the median rater, by the upper limit. */
export function isUnrelated(found: Consistency): boolean {
  return !isAtOdds(found) && found.loadingHigh < leastLoading * found.panelLoading;
}

/** Whether too many votes look given at random. */
export function isCareless(found: Consistency): boolean {
  return !isAtOdds(found) && found.randomShare >= leastRandomShare && found.gain > found.gainLimit;
}

/**
 * One entry a rater. The common quality is the one-factor model of `common-quality.ts`. A rater's votes are a mixture of the rater's own
 * line (mean and gain · quality of the image as the others see it, normal noise, cut off at the ends of the scale) and an even spread over
 * the scale, fitted by expectation–maximisation with the panel's median gain and noise as a weak prior. The likelihood of the mixture, averaged over
 * `supposedShares`, against that of the line alone is what tells careless raters best (Neyman and Pearson 1933; Kass and Raftery 1995).
 */
export function measureConsistency(votes: Votes, scale: ScaleEnds, step = 0): Consistency[] {
  const model = fitCommonQuality(votes);
  const loadings = model.gain.map((gain, i) =>
    countVotesOf(votes, i) === 0 ? Number.NaN : gain / Math.sqrt(gain * gain + model.noise[i]!),
  );
  const present = [...loadings.keys()].filter((i) => !Number.isNaN(loadings[i]));
  const panel: Panel = {
    loading: median(present.map((i) => loadings[i]!)),
    gain: median(present.map((i) => model.gain[i]!)),
    noise: median(present.map((i) => model.noise[i]!)),
    scale: { ...scale, step: step > 0 ? step : (scale.max - scale.min) / 100 },
  };
  return Array.from(loadings, (loading, i) => {
    const seen = seeThroughOthers(votes, model, i);
    const informed = seen.variance.reduce((sum, variance) => sum + 1 - variance, 0);
    const n = seen.variance.length;
    const error = (1 - loading ** 2) / Math.sqrt(Math.max(1, informed));
    const isTypical = loading >= panel.loading;
    const gainLimit = gainOfFewVotes * Math.max(0, 1 - n / enoughVotes);
    const { randomShare, gain } = isTypical ? noChance : mixInChance(seen, panel, model.mean[i]!, gainLimit);
    return {
      n,
      loading,
      loadingHigh: loading + 1.645 * error,
      panelLoading: panel.loading,
      randomShare,
      gain,
      gainLimit,
    };
  });
}

interface Panel {
  loading: number;
  gain: number;
  noise: number;
  scale: ScaleEnds & { step: number };
}

/** A rater's votes beside what the other raters say of the same images: mean and variance of the common quality. */
interface Seen {
  vote: Float64Array;
  quality: Float64Array;
  variance: Float64Array;
}

function seeThroughOthers(votes: Votes, model: CommonQuality, rater: number): Seen {
  const shared = placesOf(votes, rater).filter((at) => {
    const j = votes.item[at]!;
    return votes.rater[votes.itemStarts[j]!] !== rater || votes.rater[votes.itemStarts[j + 1]! - 1] !== rater;
  });
  const stride = Math.max(1, shared.length / mostVotes);
  const n = Math.floor(shared.length / stride);
  const seen = { vote: new Float64Array(n), quality: new Float64Array(n), variance: new Float64Array(n) };
  for (let to = 0; to < n; to += 1) {
    const place = shared[Math.floor(to * stride)]!;
    const j = votes.item[place]!;
    let precision = 1;
    let sum = 0;
    for (let at = votes.itemStarts[j]!; at < votes.itemStarts[j + 1]!; at += 1) {
      const other = votes.rater[at]!;
      if (other === rater) continue;
      const weight = model.gain[other]! / model.noise[other]!;
      precision += weight * model.gain[other]!;
      sum += weight * (votes.value[at]! - model.mean[other]!);
    }
    seen.vote[to] = votes.value[place]!;
    seen.quality[to] = sum / precision;
    seen.variance[to] = 1 / precision;
  }
  return seen;
}

const noChance = { randomShare: 0, gain: 0 };

function mixInChance(seen: Seen, panel: Panel, mean: number, gainLimit: number): typeof noChance {
  if (!(panel.gain > 0) || !(panel.noise > 0)) return noChance;
  let line: Line = { mean, gain: panel.gain, noise: panel.noise };
  const plain = fitLine(seen, panel, { line, share: 0 }).fit;
  const gains = supposedShares.map((share) => {
    const found = fitLine(seen, panel, { line, share });
    line = found.line; // a good start for the next
    return found.fit - plain;
  });
  const most = Math.max(...gains);
  const likelier = gains.reduce((sum, gain) => sum + Math.exp(gain - most), 0) / gains.length;
  const gain = most + Math.log(likelier);
  if (!(gain > gainLimit)) return { randomShare: 0, gain };
  return { randomShare: fitLine(seen, panel, { line, share: 0.4, isFree: true }).share, gain };
}

interface Line {
  mean: number;
  gain: number;
  noise: number;
}

/** What a round expects of every vote: the weight of the line, and what the rater felt, which at an end of the scale lies beyond it. */
interface Expected {
  weight: Float64Array;
  felt: Float64Array;
  /** Variance of what was felt, where the vote does not tell it. */
  blur: Float64Array;
}

/** The line, and the share of random votes where that is free, by expectation–maximisation. `fit`: penalised log-likelihood. */
function fitLine(
  seen: Seen,
  panel: Panel,
  start: { line: Line; share: number; isFree?: boolean },
): { line: Line; share: number; fit: number } {
  const count = seen.vote.length;
  const expected = {
    weight: new Float64Array(count),
    felt: new Float64Array(count),
    blur: new Float64Array(count),
  };
  let { line, share } = start;
  let fit = Number.NEGATIVE_INFINITY;
  for (let round = 0; round < mostRounds; round += 1) {
    const before = fit;
    fit = expectVotes(seen, { ...panel, ...line, share }, expected);
    if (fit - before < leastStep && round > 2) break;
    line = regress(seen, expected, { line, panel });
    const own = expected.weight.reduce((a, b) => a + b, 0);
    if (start.isFree === true) share = Math.max(1e-6, 1 - own / Math.max(1, count));
  }
  const stray = (line.gain - panel.gain) / (gainSpread * panel.gain);
  const penalty =
    (priorVotes / 2) * (Math.log(line.noise / panel.noise) + panel.noise / line.noise - 1) +
    (stray * stray) / 2;
  return { line, share, fit: fit - penalty };
}

/** Fills `expected`; gives the log-likelihood, in densities over the scale. */
function expectVotes(
  { vote, quality, variance }: Seen,
  { scale, mean, gain, noise, share }: Line & { scale: Panel['scale']; share: number },
  { weight, felt, blur }: Expected,
): number {
  const chance = Math.max(share / (scale.max - scale.min + scale.step), 1e-300);
  let fit = 0;
  for (let at = 0; at < vote.length; at += 1) {
    const sd = Math.sqrt(gain * gain * variance[at]! + noise);
    const middle = mean + gain * quality[at]!;
    const side = vote[at]! >= scale.max ? 1 : vote[at]! <= scale.min ? -1 : 0;
    const edge = (side * (vote[at]! - middle) - scale.step / 2) / sd;
    let own: number;
    if (side === 0 || edge > 8) {
      own = normalDensity((vote[at]! - middle) / sd) / sd;
      felt[at] = vote[at]!;
      blur[at] = 0;
    } else {
      const beyond = normalCdf(-edge);
      const hazard = normalDensity(edge) / beyond;
      own = beyond / scale.step;
      felt[at] = middle + side * sd * hazard;
      blur[at] = sd * sd * Math.max(0, 1 - hazard * (hazard - edge));
    }
    own *= 1 - share;
    fit += Math.log(own + chance);
    weight[at] = share === 0 ? 1 : own / (own + chance);
  }
  return fit;
}

/** One step: mean, then gain (drawn to the panel's), then noise (drawn to the panel's), with the votes' weights. */
function regress(
  { quality, variance }: Seen,
  { weight, felt, blur }: Expected,
  { line, panel }: { line: Line; panel: Panel },
): Line {
  const { noise } = line;
  let { mean, gain } = line;
  const old = gain * gain;
  let precision = 0;
  let rest = 0;
  for (let at = 0; at < weight.length; at += 1) {
    const own = weight[at]! / (old * variance[at]! + noise);
    precision += own;
    rest += own * (felt[at]! - gain * quality[at]!);
  }
  if (precision > 0) mean = rest / precision;
  const prior = 1 / (gainSpread * panel.gain) ** 2;
  let product = prior * panel.gain;
  let square = prior;
  for (let at = 0; at < weight.length; at += 1) {
    const own = weight[at]! / (old * variance[at]! + noise);
    product += own * quality[at]! * (felt[at]! - mean);
    square += own * quality[at]! ** 2;
  }
  gain = product / square;
  let count = priorVotes;
  let squares = priorVotes * panel.noise;
  for (let at = 0; at < weight.length; at += 1) {
    const part = noise / (gain * gain * variance[at]! + noise);
    const left = part * (felt[at]! - mean - gain * quality[at]!);
    count += weight[at]!;
    squares += weight[at]! * (left * left + part * part * blur[at]! + noise * (1 - part));
  }
  return { mean, gain, noise: squares / count };
}
