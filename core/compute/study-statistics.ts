/** Statistics of a study on a worker thread: votes are read through a connection of its own, so that nobody's vote waits. */
import type { Dimension } from '../../contract/studies.ts';
import type { ImageColumns, StudyStatistics } from '../../contract/study-statistics.ts';
import { compareEstimates } from '../maths/study/compare-estimates.ts';
import { measureDmos } from '../maths/study/dmos.ts';
import { fitSosHypothesis, measureOpinion, measureZScores } from '../maths/study/opinion.ts';
import { inconsistencyInterval } from '../maths/study/projection.ts';
import { type Recovery, recoverQuality } from '../maths/study/recover.ts';
import { measureRepeats } from '../maths/study/repeats.ts';
import type { Bt500Options } from '../maths/study/screen-bt500.ts';
import { type Flag, screenByTheBook, screenRaters } from '../maths/study/screening.ts';
import { countVotesOf, keepRaters, type Votes } from '../maths/study/votes.ts';
import { endsOf } from '../scale-ends.ts';
import { measureReliability, noReliability } from './study-reliability.ts';
import { readStudyVotes, type StudyVotes, withDb } from './study-votes.ts';

export interface StatisticsTask {
  libraryFolder: string;
  studyId: number;
  dimension: Dimension;
  /** Whose votes the owner decided not to count. */
  excluded: readonly number[];
  withReliability: boolean;
  bt500: Bt500Options;
}

type ComputedColumns = Record<Exclude<keyof ImageColumns, 'imageId'>, Float64Array>;

/** All but names and decisions, which the engine adds; columns as numbers alone, NaN for none, which pass between threads quickly. */
export type ComputedStatistics = Omit<StudyStatistics, 'raters' | 'images' | 'estimates'> & {
  raters: Omit<StudyStatistics['raters'][number], 'name' | 'decisions'>[];
  images: ComputedColumns & { imageId: number[] };
  estimates: (Omit<StudyStatistics['estimates'][number], 'mos' | 'half'> &
    Record<'mos' | 'half', Float64Array>)[];
};

/**
 * MOS, z-MOS and recovery are of the raters that count, on their main votes; screening judges everybody, repeats, gold and trap items
 * included; the methods side by side start from everybody's main votes.
 */
export function measureStudyStatistics(task: StatisticsTask): ComputedStatistics {
  const { studyId, dimension, bt500, withReliability } = task;
  const known = withDb(task.libraryFolder, (db) => readStudyVotes(db, studyId, dimension));
  const { main, imageIds } = known;
  const out = new Set(task.excluded);
  const excluded = new Set([...known.raterIds.keys()].filter((rater) => out.has(known.raterIds[rater]!)));
  const countedOf = (votes: Votes) =>
    excluded.size === 0 ? votes : keepRaters(votes, (rater) => !excluded.has(rater));
  const counted = countedOf(main);
  const scale = scaleOf(dimension);
  const { flags, unjudged } = screenRaters({ ...known, votes: known.withRepeats, scale });
  const flagged = new Set(flags.map(({ rater }) => rater));
  const recovery = recoverQuality(counted, known.nameOf);
  const opinion = measureOpinion(counted);
  const estimates = compareEstimates({
    ...{ votes: main, flagged, excluded, bt500 },
    recovery: counted === main ? recovery : recoverQuality(main, known.nameOf),
  });
  return {
    dimension: dimension.key,
    images: describeImages(known, { counted, opinion, recovery, best: scale.max }),
    raters: describeRaters(known, { recovery, flags, unjudged, book: screenByTheBook(main, bt500) }),
    recovery: { method: recovery.method, why: recovery.why },
    sos: fitSosHypothesis(opinion, scale),
    reliability: withReliability
      ? measureReliability(counted, countedOf(known.withRepeats), scale)
      : noReliability,
    estimates: estimates.map(({ quality, half, rmsChange, largest, ...row }) => ({
      ...row,
      rmsChange: numberOr(rmsChange),
      largest: largest === null ? null : { imageId: imageIds[largest.item]!, change: largest.change },
      ...{ mos: quality, half },
    })),
  };
}

interface Measured {
  counted: Votes;
  opinion: ReturnType<typeof measureOpinion>;
  recovery: Recovery;
  /** The best level of the scale. */
  best: number;
}

function describeImages(
  { imageIds, referenceOf }: StudyVotes,
  { counted, opinion, recovery, best }: Measured,
): ComputedStatistics['images'] {
  const z = measureZScores(counted);
  const dmos = referenceOf === null ? null : measureDmos(counted, referenceOf, best);
  return {
    imageId: imageIds,
    n: Float64Array.from(opinion.n),
    ...{ mos: opinion.mean, sd: opinion.sd, half: opinion.half },
    ...{ zMos: z.scores.mean, rescaled: z.rescaled },
    ...{ recovered: recovery.quality, recoveredHalf: recovery.half },
    dmos: dmos?.mean ?? new Float64Array(),
    dmosHalf: dmos?.half ?? new Float64Array(),
  };
}

interface Judged {
  recovery: Recovery;
  flags: readonly Flag[];
  unjudged: readonly { rater: number; reason: string }[];
  /** Flags of the recommendations' own procedures. */
  book: readonly Flag[];
}

function describeRaters(
  { raterIds, main, withRepeats }: StudyVotes,
  { recovery, flags, unjudged, book }: Judged,
): ComputedStatistics['raters'] {
  const spread = measureRepeats(withRepeats);
  const flagsOf = (all: readonly Flag[], rater: number) =>
    all.filter((flag) => flag.rater === rater).map(({ method, evidence }) => ({ method, evidence }));
  return raterIds.map((raterId, rater) => {
    const votes = countVotesOf(main, rater);
    const inconsistency = numberOr(recovery.inconsistency?.[rater]);
    const interval = inconsistency === null ? null : inconsistencyInterval(inconsistency, votes);
    const repeats = spread.df[rater]!;
    return {
      ...{ raterId, votes, repeats },
      bias: numberOr(recovery.bias[rater]),
      inconsistency,
      inconsistencyLow: interval?.low ?? null,
      inconsistencyHigh: interval?.high ?? null,
      repeatSd: repeats === 0 ? null : Math.sqrt(spread.squares[rater]! / repeats),
      flags: flagsOf(flags, rater),
      byTheBook: flagsOf(book, rater),
      unjudged: unjudged.find((one) => one.rater === rater)?.reason ?? null,
    };
  });
}

function scaleOf({ scale }: Dimension): { min: number; max: number; step: number } {
  const { low, high } = endsOf(scale);
  return { min: low, max: high, step: scale.kind === 'acr' ? 1 : scale.step };
}

function numberOr(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
