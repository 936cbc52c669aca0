/** Screening: every doubt about a rater with its evidence in a sentence. Nothing is removed; the owner of the study decides. */
import { binomialTail, fTail } from '../distributions.ts';
import { median } from './median.ts';
import { measureRaters, type ScaleEnds } from './opinion.ts';
import { measureRepeats } from './repeats.ts';
import { type Bt500Options, screenBt500 } from './screen-bt500.ts';
import {
  type Consistency,
  isAtOdds,
  isCareless,
  isUnrelated,
  measureConsistency,
} from './screen-consistency.ts';
import { leastCorrelation, removeByCorrelation } from './screen-correlation.ts';
import { type Votes, valuesOf } from './votes.ts';

/**
 * The first seven are doubts. `bt500` is the recommendation's own procedure, which misses straight-liners and reversed scales and
 * rejects careful raters of a coarse hand; `p913` is a fixed threshold of correlation. Both stand beside the doubts, for comparison.
 */
export type ScreeningMethod =
  | 'straightLine'
  | 'correlation'
  | 'randomVotes'
  | 'gold'
  | 'trap'
  | 'repeats'
  | 'tooFast'
  | 'bt500'
  | 'p913';

export interface Flag {
  rater: number;
  method: ScreeningMethod;
  evidence: string;
}

/** One answer to a gold or trap item. */
export interface Check {
  rater: number;
  value: number;
  expected: number;
  tolerance: number;
}

export interface ScreeningTask {
  votes: Votes;
  /** The ends of the scale and its step; 0 for a continuous one. */
  scale: ScaleEnds & { step: number };
  gold?: readonly Check[];
  traps?: readonly Check[];
  /** How long the image was on screen for each vote, in the order in which the votes were given to `indexVotes`. */
  shownMs?: Float64Array;
}

export interface Screening {
  /** Doubts, by rater. */
  flags: Flag[];
  /** Raters of whom the votes say too little, and why. */
  unjudged: { rater: number; reason: string }[];
}

/** Fewer votes than this on images that others rated too say nothing about a rater; fewer than so many, nothing of habits. */
const fewestVotes = 8;
const fewestOfHabits = 15;
/** A careful rater is to be flagged by one check in two hundred at most. */
const significance = 0.005;

/** Doubts about raters, each with its evidence; raters are named by number by the caller. O(votes) apart from sorting. */
export function screenRaters(task: ScreeningTask): Screening {
  const { votes, scale } = task;
  const consistency = measureConsistency(votes, scale, scale.step);
  const flags: Flag[] = [
    ...flagStraightLines(votes),
    ...flagConsistency(consistency),
    ...flagChecks('gold', task.gold ?? [], 0.05),
    ...flagChecks('trap', task.traps ?? [], 0.004),
    ...flagRepeats(votes),
    ...(task.shownMs === undefined ? [] : flagTooFast(votes, task.shownMs)),
  ];
  const unjudged = consistency.flatMap((found, rater) => {
    const reason = whyNotJudged(found);
    return reason === null ? [] : [{ rater, reason }];
  });
  return { flags: flags.sort((a, b) => a.rater - b.rater), unjudged };
}

function whyNotJudged(found: Consistency): string | null {
  if (found.n < fewestVotes)
    return `Only ${found.n} votes on images that others rated too: too few to judge.`;
  return isAtOdds(found) ? 'The raters’ votes have too little in common to judge anybody by them.' : null;
}

/**
 * Whom the recommendations' own procedures would reject, for comparison: BT.500-14, and correlation with the MOS (P.913 Annex A).
 *
 * @param votes of the images that count, without repeats
 */
export function screenByTheBook(votes: Votes, bt500: Bt500Options): Flag[] {
  return [...flagBt500(votes, bt500), ...flagP913(votes)].sort((a, b) => a.rater - b.rater);
}

/** A rater whose votes hardly vary, beside a panel whose votes do. */
function flagStraightLines(votes: Votes): Flag[] {
  const { sd, n } = measureRaters(votes);
  const raters = Array.from(sd.keys()).filter((i) => n[i]! >= fewestOfHabits);
  const usual = new Map(raters.map((i) => [i, findUsualVote(valuesOf(votes, i))]));
  const panelSd = median(raters.map((i) => sd[i]!));
  const panelShare = median(raters.map((i) => usual.get(i)!.share));
  return raters.flatMap((rater): Flag[] => {
    const { value, share } = usual.get(rater)!;
    const isFlat = sd[rater]! < 0.25 * panelSd || (share >= 0.85 && panelShare <= 0.65);
    if (!isFlat) return [];
    const evidence = `${percent(share)} of ${n[rater]} votes are ${value}; half of the raters give their usual vote in ${percent(panelShare)} or less (SD ${fix(sd[rater]!)}, the panel's median ${fix(panelSd)}).`;
    return [{ rater, method: 'straightLine', evidence }];
  });
}

function findUsualVote(values: Float64Array): { value: number; share: number } {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [value, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  return { value, share: count / values.length };
}

function flagConsistency(consistency: readonly Consistency[]): Flag[] {
  return consistency.flatMap((found, rater): Flag[] => {
    if (found.n < fewestVotes) return [];
    const flags: Flag[] = [];
    if (isUnrelated(found)) {
      const what =
        found.loading < -0.2 ? 'the scale may be held the wrong way round' : 'the votes hardly follow it';
      const evidence = `Correlates ${fix(found.loading)} (at most ${fix(found.loadingHigh)}, 95 %) with the quality that the panel has in common, over ${found.n} votes; the median rater has ${fix(found.panelLoading)}: ${what}.`;
      flags.push({ rater, method: 'correlation', evidence });
    }
    if (isCareless(found)) {
      const evidence = `About ${percent(found.randomShare)} of ${found.n} votes look given at random: that some are explains the votes better than that none is (ln of the Bayes factor ${fix(found.gain)}, limit ${fix(found.gainLimit)}).`;
      flags.push({ rater, method: 'randomVotes', evidence });
    }
    return flags;
  });
}

/** @param slips the share of such items that a careful rater misses */
function flagChecks(method: 'gold' | 'trap', checks: readonly Check[], slips: number): Flag[] {
  return [...Map.groupBy(checks, ({ rater }) => rater)].flatMap(([rater, own]): Flag[] => {
    const missed = own.filter(
      ({ value, expected, tolerance }) => Math.abs(value - expected) > tolerance + 1e-9,
    );
    const chance = binomialTail(missed.length, own.length, slips);
    if (chance > significance) return [];
    const evidence = `Missed ${missed.length} of ${own.length} ${method} items; a careful rater misses that many in ${percent(chance, 2)} of such sittings.`;
    return [{ rater, method, evidence }];
  });
}

/** Repeats of a rater that differ more than those of all others together, by an F test of the variances. */
function flagRepeats(votes: Votes): Flag[] {
  const { df, squares } = measureRepeats(votes);
  const allDf = df.reduce((a, b) => a + b, 0);
  const allSquares = squares.reduce((a, b) => a + b, 0);
  return [...df.keys()].flatMap((rater): Flag[] => {
    const own = squares[rater]! / df[rater]!;
    const otherDf = allDf - df[rater]!;
    const others = (allSquares - squares[rater]!) / otherDf;
    if (df[rater]! < 3 || otherDf < 3 || !(own > 2 * others)) return [];
    const p = others === 0 ? 0 : fTail(own / others, df[rater]!, otherDf);
    if (p > significance) return [];
    const evidence = `Repeated votes differ: within-rater SD ${fix(Math.sqrt(own))} over ${df[rater]} repeats, that of the others ${fix(Math.sqrt(others))} (F test, p = ${p.toPrecision(2)}).`;
    return [{ rater, method: 'repeats', evidence }];
  });
}

/** A fifth of the votes or more within 300 ms or a fifth of the panel's median time, whichever is longer. */
function flagTooFast(votes: Votes, shownMs: Float64Array): Flag[] {
  const times = Array.from({ length: votes.raters }, (): number[] => []);
  for (const [at, rater] of votes.rater.entries()) {
    const ms = shownMs[votes.source[at]!]!;
    if (Number.isFinite(ms)) times[rater]!.push(ms);
  }
  const panelMs = median(times.filter((own) => own.length > 0).map(median));
  const limitMs = Math.max(300, panelMs / 5);
  return times.flatMap((own, rater): Flag[] => {
    const fast = own.filter((ms) => ms < limitMs).length;
    if (own.length < fewestOfHabits || fast < own.length / 5) return [];
    const evidence = `${percent(fast / own.length)} of ${own.length} votes came within ${Math.round(limitMs)} ms; the median rater takes ${Math.round(panelMs)} ms.`;
    return [{ rater, method: 'tooFast', evidence }];
  });
}

function flagBt500(votes: Votes, options: Bt500Options): Flag[] {
  const { above, below, share, balance, rejected } = screenBt500(votes, options);
  const whose = options.share === 'own' ? 'the rater’s images' : 'all images';
  return [...rejected.keys()]
    .filter((rater) => rejected[rater] === 1)
    .map((rater) => ({
      rater,
      method: 'bt500',
      evidence: `Far above the others ${above[rater]} times and far below ${below[rater]} times: ${percent(share[rater]!, 1)} of ${whose} (limit 5 %), balance ${fix(balance[rater]!)} (limit 0.30) (ITU-R BT.500-14 A1-2.3.1).`,
    }));
}

function flagP913(votes: Votes): Flag[] {
  return removeByCorrelation(votes, leastCorrelation).map(({ rater, correlation }) => ({
    rater,
    method: 'p913',
    evidence: Number.isNaN(correlation)
      ? 'The votes do not vary, so they do not correlate with the MOS (ITU-T P.913 Annex A).'
      : `Correlates ${fix(correlation)} with the MOS of those who were left when this rater was the lowest, below ${fix(leastCorrelation)} (ITU-T P.913 Annex A).`,
  }));
}

function fix(value: number): string {
  return (Math.round(100 * value) / 100 + 0).toFixed(2); // + 0: no −0.00
}

function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}
