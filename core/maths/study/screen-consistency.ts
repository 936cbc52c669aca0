/**
 * The default screening by votes alone: does a rater follow the quality that the panel has in common, and how many of the rater's votes
 * look given at random? Both limits widen with few votes and few raters an image, so that they hold under partial coverage.
 */
import { type CommonQuality, fitCommonQuality } from './common-quality.ts';
import { median } from './median.ts';
import type { ScaleEnds } from './opinion.ts';
import { countVotesOf, placesOf, type Votes } from './votes.ts';

/** What the votes say about one rater. */
export interface Consistency {
  /** Votes on images that others rated too, at most 1,000 of them, evenly spread. */
  n: number;
  /** Correlation with the common quality, freed of the others' noise, in [−1, 1]; NaN without votes. */
  loading: number;
  /** The loading's 95 % upper limit. */
  loadingHigh: number;
  /** The panel's median loading. */
  panelLoading: number;
  /** Estimated share of votes given at random. */
  randomShare: number;
  /** Log-likelihood that this share gains over none, and what it has to gain to be believed. */
  gain: number;
  gainLimit: number;
}

const mostVotes = 1000;
/** A careful rater errs now and then; a panel's typical careless one clicks on 40 %. */
const leastRandomShare = 0.22;
/** Of the median loading: what the upper limit of a rater who follows the panel's quality reaches. */
const leastLoading = 0.5;
/** How strongly the panel's own noise and gain stand in for a rater's: as so many votes, and as an SD of ln gain. */
const priorVotes = 6;
const gainSpread = 0.15;
const rounds = 30;

/** Whether the rater follows the common quality no more than half as closely as the median rater, by the upper limit. */
export function isUnrelated({ loadingHigh, panelLoading }: Consistency): boolean {
  return loadingHigh < leastLoading * panelLoading;
}

/** Whether too many votes look given at random. */
export function isCareless({ randomShare, gain, gainLimit }: Consistency): boolean {
  return randomShare >= leastRandomShare && gain > gainLimit;
}

/**
 * One entry a rater. The common quality is the one-factor model of `common-quality.ts`; the share of random votes is that of a mixture
 * of the rater's own line (mean and gain · quality of the image as the others see it, normal noise) and an even spread over the scale,
 * fitted by expectation–maximisation with the panel's median gain and noise as a weak prior, and compared with the line alone.
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
    evenDensity: 1 / (scale.max - scale.min + step),
  };
  return Array.from(loadings, (loading, i) => {
    const seen = seeThroughOthers(votes, model, i);
    const informed = seen.variance.reduce((sum, variance) => sum + 1 - variance, 0);
    const n = seen.variance.length;
    const error = (1 - loading ** 2) / Math.sqrt(Math.max(1, informed));
    const { randomShare, gain } = mixInChance(seen, panel, model.mean[i]!);
    return {
      n,
      loading,
      loadingHigh: loading + 1.96 * error,
      panelLoading: panel.loading,
      randomShare,
      gain,
      gainLimit: 1.8 + 0.01 * n,
    };
  });
}

interface Panel {
  loading: number;
  gain: number;
  noise: number;
  evenDensity: number;
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

function mixInChance(seen: Seen, panel: Panel, mean: number): { randomShare: number; gain: number } {
  if (!(panel.gain > 0) || !(panel.noise > 0)) return { randomShare: 0, gain: 0 };
  const mixed = fitLine(seen, panel, { mean, share: 0.4 });
  const plain = fitLine(seen, panel, { mean, share: 0 });
  return { randomShare: mixed.share, gain: mixed.fit - plain.fit };
}

/** The line and the share of random votes by expectation–maximisation; a share of 0 stays 0. `fit`: penalised log-likelihood. */
function fitLine(
  seen: Seen,
  panel: Panel,
  start: { mean: number; share: number },
): { share: number; fit: number } {
  let { mean, share } = start;
  let { gain, noise } = panel;
  const count = seen.vote.length;
  const weights = new Float64Array(count);
  let fit = 0;
  for (let round = 0; round < rounds; round += 1) {
    fit = 0;
    for (let at = 0; at < count; at += 1) {
      const variance = gain * gain * seen.variance[at]! + noise;
      const miss = seen.vote[at]! - mean - gain * seen.quality[at]!;
      const own =
        ((1 - share) * Math.exp((-miss * miss) / (2 * variance))) / Math.sqrt(2 * Math.PI * variance);
      const chance = Math.max(share * panel.evenDensity, 1e-300);
      fit += Math.log(own + chance);
      weights[at] = share === 0 ? 1 : own / (own + chance);
    }
    const line = regress(seen, weights, { mean, gain, noise, panel });
    ({ mean, gain, noise } = line);
    if (share > 0) share = Math.max(1e-6, 1 - line.weight / Math.max(1, count));
  }
  const stray = (gain - panel.gain) / (gainSpread * panel.gain);
  const penalty =
    (priorVotes / 2) * (Math.log(noise / panel.noise) + panel.noise / noise - 1) + (stray * stray) / 2;
  return { share, fit: fit - penalty };
}

interface Line {
  mean: number;
  gain: number;
  noise: number;
}

/** One step: mean, then gain (drawn to the panel's), then noise (drawn to the panel's), with the votes' weights. */
function regress(
  seen: Seen,
  weights: Float64Array,
  line: Line & { panel: Panel },
): Line & { weight: number } {
  const { panel, noise } = line;
  let { mean, gain } = line;
  let weight = 0;
  let precision = 0;
  let rest = 0;
  for (let at = 0; at < weights.length; at += 1) {
    const own = weights[at]! / (gain * gain * seen.variance[at]! + noise);
    weight += weights[at]!;
    precision += own;
    rest += own * (seen.vote[at]! - gain * seen.quality[at]!);
  }
  if (precision > 0) mean = rest / precision;
  const prior = 1 / (gainSpread * panel.gain) ** 2;
  let product = prior * panel.gain;
  let square = prior;
  for (let at = 0; at < weights.length; at += 1) {
    const own = weights[at]! / (gain * gain * seen.variance[at]! + noise);
    product += own * seen.quality[at]! * (seen.vote[at]! - mean);
    square += own * seen.quality[at]! ** 2;
  }
  gain = product / square;
  let squares = priorVotes * panel.noise;
  for (let at = 0; at < weights.length; at += 1) {
    const part = noise / (gain * gain * seen.variance[at]! + noise);
    const left = part * (seen.vote[at]! - mean - gain * seen.quality[at]!);
    squares += weights[at]! * (left * left + noise * (1 - part));
  }
  return { mean, gain, noise: squares / (weight + priorVotes), weight };
}
