/** Scores of paired comparisons by the model that fits what was seen, finite in every case, and the pair to ask next. */
import type { Undefined } from '../../../contract/common.ts';
import { fitBradleyTerry, fitDavidson, whyNoMaximum } from './bradley-terry.ts';
import { findWeakGroups, type PairCounts } from './pair-counts.ts';
import type { PairScores } from './pair-scores.ts';

/**
 * As if log-strengths were normal with SD √10: almost nothing where there are comparisons. Wins added to every pair would pull the more,
 * the more items there are.
 */
const ridge = { kind: 'ridge', weight: 0.1 } as const;

/** Items that a note names; there may be hundreds. */
const mostNamed = 5;

export interface ScoredPairs {
  scores: PairScores;
  /** What has to be known to read the scores; null where nothing has. */
  note: string | null;
}

/**
 * Davidson's model where there are ties (and wins), else Bradley–Terry; maximum likelihood where it exists, else with a ridge of 0.1, and
 * the note says why: an item or a group that never lost, or groups that never met, whose relative height is then not known.
 *
 * @param nameOf what an item is called in the note
 */
export function scorePairs(
  counts: PairCounts,
  nameOf: (item: number) => string = (item) => `item ${item + 1}`,
): ScoredPairs | Undefined {
  const met = counts.wins.some((count) => count > 0) || counts.ties.some((count) => count > 0);
  if (counts.items < 2 || !met) return { reason: 'Nothing was compared yet.', n: 0 };
  const missing = whyNoMaximum(counts);
  const penalty = missing === null ? undefined : ridge;
  const tied = fitDavidson(counts, penalty);
  const scores = 'score' in tied ? tied : fitBradleyTerry(counts, penalty);
  if (!('score' in scores)) return scores;
  return { scores, note: missing === null ? null : describeGap(counts, nameOf) };
}

function describeGap(counts: PairCounts, nameOf: (item: number) => string): string {
  const apart = findWeakGroups(counts).length;
  if (apart > 1) {
    return `The items fall into ${apart} groups that were never compared with each other: heights across groups are only kept finite by a ridge.`;
  }
  const { items, wins, ties } = counts;
  const places = Array.from({ length: items }, (_, i) => i);
  const lost = (i: number) => places.some((j) => wins[j * items + i]! > 0 || ties[j * items + i]! > 0);
  const won = (i: number) => places.some((j) => wins[i * items + j]! > 0 || ties[i * items + j]! > 0);
  const never = [
    ...places.filter((i) => !lost(i)).map((i) => `${nameOf(i)} never lost`),
    ...places.filter((i) => !won(i)).map((i) => `${nameOf(i)} never won`),
  ];
  const shown = never.slice(0, mostNamed).join(', ');
  const more = never.length > mostNamed ? ` and ${never.length - mostNamed} more` : '';
  const what = never.length > 0 ? `${shown}${more}` : 'a group of items never lost to the others';
  return `Scores are only kept finite by a ridge: ${what}.`;
}

export interface NextPair {
  first: number;
  second: number;
  /** Expected information about the scores, in bits. */
  gain: number;
}

/**
 * The pair whose answer is expected to tell most about the scores: the mutual information of answer and scores, with the scores' difference
 * normal as fitted (ridge) and the answer by Bradley–Terry (Lindley 1956; Ye and Doermann 2014; ASAP, Mikhailiuk et al. 2020). Null where
 * no pair is allowed. O(n³).
 *
 * @param isAllowed pairs that may be asked, e.g. those that the rater has not seen; i < j
 */
export function chooseNextPair(
  counts: PairCounts,
  isAllowed: (i: number, j: number) => boolean = () => true,
): NextPair | null {
  const fitted = fitBradleyTerry(counts, ridge);
  if (!('score' in fitted)) return null;
  const n = counts.items;
  const { score, covariance } = fitted;
  let best: NextPair | null = null;
  for (let i = 0; i < n; i += 1) {
    for (let j = i + 1; j < n; j += 1) {
      if (!isAllowed(i, j)) continue;
      const spread = covariance[i * n + i]! + covariance[j * n + j]! - 2 * covariance[i * n + j]!;
      const gain = informationOf(score[i]! - score[j]!, Math.sqrt(Math.max(0, spread)));
      if (best === null || gain > best.gain + 1e-12) best = { first: i, second: j, gain };
    }
  }
  return best;
}

/** Places and weights of a sum that stands for the mean over a normal distribution. */
const places = Array.from({ length: 21 }, (_, at) => (at - 10) * 0.4);
const total = places.reduce((sum, z) => sum + Math.exp((-z * z) / 2), 0);
const weights = places.map((z) => Math.exp((-z * z) / 2) / total);

/** Entropy of the mean answer less mean entropy of the answer, in bits. */
function informationOf(gap: number, sd: number): number {
  let meanP = 0;
  let meanEntropy = 0;
  for (let at = 0; at < places.length; at += 1) {
    const p = 1 / (1 + Math.exp(-(gap + sd * places[at]!)));
    meanP += weights[at]! * p;
    meanEntropy += weights[at]! * entropy(p);
  }
  return Math.max(0, entropy(meanP) - meanEntropy);
}

function entropy(p: number): number {
  if (p <= 0 || p >= 1) return 0;
  return -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
}
