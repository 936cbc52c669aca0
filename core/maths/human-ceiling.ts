/**
 * The human ceiling: how well the MOS of one half of the raters predicts that of the other half, stepped up to the whole panel
 * (Spearman 1910, Brown 1910).
 */
import type { EstimateOrReason } from '../../contract/common.ts';
import { indexGroups } from './bootstrap.ts';
import { spearman } from './correlation.ts';
import { spearmanInterval } from './intervals.ts';
import { createRandom, type Random, shuffle } from './random.ts';

/** One vote: image, rater, value. */
export type CeilingVote = readonly [imageId: number, raterId: number, value: number];

/** Votes visited over all splits: about a second. */
const voteBudget = 20_000_000;
const seed = 1910;

/**
 * Split-half SRCC, averaged over splits of the raters into halves (⌊k/2⌋ and the rest) and stepped up by 2r/(1 + r).
 * All distinct splits where they are at most 500 (11 or 12 raters have 462), else 500 random ones, seeded; fewer, down to 20,
 * where there are many votes. A split uses the images that both halves rated; it needs three, on which both halves vary.
 *
 * The interval is that of Spearman's correlation for the mean number of such images, stepped up: it says what other images would
 * change, not other raters. `n` is that number.
 *
 * @param votes null where the MOS set has none
 */
export function measureHumanCeiling(votes: readonly CeilingVote[] | null): EstimateOrReason {
  if (votes === null) return { reason: 'This MOS set has no votes of single raters.', n: 0 };
  const raters = [...new Set(votes.map(([, rater]) => rater))].sort((a, b) => a - b);
  if (raters.length < 2) return { reason: 'Fewer than two raters have voted.', n: 0 };
  const panel = indexVotes(votes, raters);
  const splits = [...chooseSplits(raters.length, votes.length)].map((half) => correlateHalves(panel, half));
  const usable = splits.filter((split) => split !== null);
  if (usable.length === 0) {
    return { reason: 'No three images, rated differently, have votes from both halves of the raters.', n: 0 };
  }
  const r = usable.reduce((sum, split) => sum + split.r, 0) / usable.length;
  const n = Math.floor(usable.reduce((sum, split) => sum + split.images, 0) / usable.length);
  if (r <= 0)
    return { reason: 'The raters do not agree with each other: their halves correlate at or below 0.', n };
  const interval = spearmanInterval(r, n);
  return {
    value: stepUp(r),
    low: interval === null ? null : stepUp(interval.low),
    high: interval === null ? null : stepUp(interval.high),
    n,
    method: `SRCC of rater halves, mean of ${usable.length} splits, stepped up (Spearman–Brown); interval: Bonett and Wright 2000`,
  };
}

/** Has no meaning as a reliability below 0, where it would run to −∞; so it is cut at −1. */
function stepUp(r: number): number {
  return Math.max(-1, (2 * r) / (1 + r));
}

interface Panel {
  images: number;
  imageOf: Uint32Array;
  raterOf: Uint32Array;
  values: Float64Array;
}

function indexVotes(votes: readonly CeilingVote[], raters: readonly number[]): Panel {
  const raterIndex = new Map(raters.map((rater, at) => [rater, at]));
  const { groupOf: imageOf, count: images } = indexGroups(votes.map(([image]) => image));
  const raterOf = Uint32Array.from(votes, ([, rater]) => raterIndex.get(rater)!);
  return { images, imageOf, raterOf, values: Float64Array.from(votes, ([, , value]) => value) };
}

/** The first half of every split, as flags by rater. */
function* chooseSplits(raters: number, votes: number): Generator<Uint8Array> {
  const most = Math.max(20, Math.min(500, Math.floor(voteBudget / votes)));
  if (countSplits(raters) <= most) yield* listSplits(raters);
  else yield* drawSplits(raters, most, createRandom(seed));
}

/** k choose ⌊k/2⌋; half of that for even k, where a half and its complement are the same split. */
function countSplits(raters: number): number {
  const half = Math.floor(raters / 2);
  let count = 1;
  for (let at = 1; at <= half; at += 1) count = (count * (raters - half + at)) / at;
  return raters % 2 === 0 ? count / 2 : count;
}

/** Every distinct split; with an even number of raters the last one stays out of the first half. */
function* listSplits(raters: number): Generator<Uint8Array> {
  const half = Math.floor(raters / 2);
  const free = raters % 2 === 0 ? raters - 1 : raters;
  const chosen = Array.from({ length: half }, (_, at) => at);
  for (;;) {
    const flags = new Uint8Array(raters);
    for (const rater of chosen) flags[rater] = 1;
    yield flags;
    let at = half - 1;
    while (at >= 0 && chosen[at] === free - half + at) at -= 1;
    if (at < 0) return;
    chosen[at] = chosen[at]! + 1;
    for (let next = at + 1; next < half; next += 1) chosen[next] = chosen[next - 1]! + 1;
  }
}

function* drawSplits(raters: number, splits: number, random: Random): Generator<Uint8Array> {
  const half = Math.floor(raters / 2);
  const deck = Array.from({ length: raters }, (_, rater) => rater);
  for (let split = 0; split < splits; split += 1) {
    shuffle(deck, random);
    const flags = new Uint8Array(raters);
    for (const rater of deck.slice(0, half)) flags[rater] = 1;
    yield flags;
  }
}

function correlateHalves(panel: Panel, half: Uint8Array): { r: number; images: number } | null {
  const { images, imageOf, raterOf, values } = panel;
  const sums = [new Float64Array(images), new Float64Array(images)] as const;
  const counts = [new Uint32Array(images), new Uint32Array(images)] as const;
  for (let at = 0; at < values.length; at += 1) {
    const side = half[raterOf[at]!] === 1 ? 1 : 0;
    const image = imageOf[at]!;
    sums[side][image] = sums[side][image]! + values[at]!;
    counts[side][image] = counts[side][image]! + 1;
  }
  const both = Array.from({ length: images }, (_, image) => image).filter(
    (image) => counts[0][image]! > 0 && counts[1][image]! > 0,
  );
  if (both.length < 3) return null;
  const meansOf = (side: 0 | 1) =>
    Float64Array.from(both, (image) => sums[side][image]! / counts[side][image]!);
  const r = spearman(meansOf(0), meansOf(1));
  return r === null ? null : { r, images: both.length };
}
