/**
 * What the panel has in common: a one-factor model of the votes (Spearman 1904), u = mean + gain · q + noise, with the quality q of an
 * image normal with mean 0 and SD 1, fitted by expectation–maximisation (Rubin and Thayer 1982) in linear time, whoever rated what.
 */
import { countVotesOf, type Votes } from './votes.ts';

/** One entry a rater. */
export interface CommonQuality {
  mean: Float64Array;
  /** Votes' units per SD of quality; negative for a rater who holds the scale the wrong way round. */
  gain: Float64Array;
  /** Variance of what is left. */
  noise: Float64Array;
}

/** Votes' worth of the panel's own noise that every rater starts with: it keeps the noise of few votes from collapsing to 0. */
const priorVotes = 10;
const mostRounds = 200;

/**
 * Mean, gain and noise of every rater, from equal ones on, until no gain moves by more than 1e-4 SDs of the votes, or for 200 rounds. A
 * rater without votes keeps the start. Unlike the MOS of the others it is not led astray by one bad rater of three.
 */
export function fitCommonQuality(votes: Votes): CommonQuality {
  const model = start(votes);
  const quality = new Float64Array(votes.items);
  const variance = new Float64Array(votes.items);
  for (let round = 0; round < mostRounds; round += 1) {
    expectQuality(votes, model, quality, variance);
    if (maximise(votes, model, quality, variance) < 1e-4) break;
  }
  pointUpwards(votes, model);
  return model;
}

function start(votes: Votes): CommonQuality {
  const { raters, rater, value } = votes;
  const count = new Float64Array(raters);
  const mean = new Float64Array(raters);
  const noise = new Float64Array(raters);
  for (let at = 0; at < value.length; at += 1) {
    count[rater[at]!]! += 1;
    mean[rater[at]!]! += value[at]!;
  }
  for (let i = 0; i < raters; i += 1) if (count[i]! > 0) mean[i]! /= count[i]!;
  let pooled = 0;
  for (let at = 0; at < value.length; at += 1) pooled += (value[at]! - mean[rater[at]!]!) ** 2;
  pooled = Math.max(1e-12, pooled / Math.max(1, value.length));
  return { mean, gain: new Float64Array(raters).fill(Math.sqrt(pooled / 2)), noise: noise.fill(pooled / 2) };
}

/** Mean and variance of every image's quality, given its votes. */
function expectQuality(
  votes: Votes,
  { mean, gain, noise }: CommonQuality,
  quality: Float64Array,
  variance: Float64Array,
): void {
  const { items, itemStarts, rater, value } = votes;
  for (let j = 0; j < items; j += 1) {
    let precision = 1;
    let sum = 0;
    for (let at = itemStarts[j]!; at < itemStarts[j + 1]!; at += 1) {
      const i = rater[at]!;
      const weight = gain[i]! / noise[i]!;
      precision += weight * gain[i]!;
      sum += weight * (value[at]! - mean[i]!);
    }
    quality[j] = sum / precision;
    variance[j] = 1 / precision;
  }
}

/** Every rater's regression on the expected qualities; gives the largest change of a gain, in SDs of the votes. */
function maximise(votes: Votes, model: CommonQuality, quality: Float64Array, variance: Float64Array): number {
  const { raters, raterStarts, raterOrder, item, value } = votes;
  const { mean, gain, noise } = model;
  let pooled = 0;
  for (let at = 0; at < value.length; at += 1) pooled += noise[votes.rater[at]!]!;
  pooled /= Math.max(1, value.length);
  let change = 0;
  for (let i = 0; i < raters; i += 1) {
    const n = countVotesOf(votes, i);
    if (n === 0) continue;
    let q = 0;
    let qq = 0;
    let u = 0;
    let uq = 0;
    let uu = 0;
    for (let to = raterStarts[i]!; to < raterStarts[i + 1]!; to += 1) {
      const at = raterOrder[to]!;
      const j = item[at]!;
      const d = value[at]! - mean[i]!;
      q += quality[j]!;
      qq += quality[j]! ** 2 + variance[j]!;
      u += d;
      uu += d * d;
      uq += d * quality[j]!;
    }
    const spread = qq - (q * q) / n;
    const slope = spread > 0 ? (uq - (q * u) / n) / spread : 0;
    const shift = (u - slope * q) / n;
    const rest = Math.max(0, uu - shift * u - slope * uq);
    change = Math.max(change, Math.abs(slope - gain[i]!) / Math.sqrt(uu / n + pooled));
    mean[i]! += shift;
    gain[i] = slope;
    noise[i] = (rest + priorVotes * pooled) / (n + priorVotes);
  }
  return change;
}

/** The model holds with all gains turned round as well; the majority of the votes says which way is up. */
function pointUpwards(votes: Votes, { gain, noise }: CommonQuality): void {
  let sum = 0;
  for (const i of votes.rater) sum += gain[i]! / Math.sqrt(gain[i]! ** 2 + noise[i]!);
  if (sum < 0) for (let i = 0; i < gain.length; i += 1) gain[i]! *= -1;
}
