/** Statistics of a study on a worker thread: votes are read through a connection of its own, so that nobody's vote waits. */
import { join } from 'node:path';
import type { Dimension } from '../../contract/studies.ts';
import type { Reliability, StudyStatistics } from '../../contract/study-statistics.ts';
import { type Db, openForReading } from '../../db/database.ts';
import { type StatisticsVote, votesForStatistics } from '../../db/screening.ts';
import { studyItemsOf } from '../../db/studies.ts';
import { compareEstimates } from '../maths/study/compare-estimates.ts';
import { measureIcc } from '../maths/study/icc.ts';
import { measureConcordance } from '../maths/study/kendall-w.ts';
import { measureAlpha } from '../maths/study/krippendorff.ts';
import { fitSosHypothesis, measureOpinion, measureZScores } from '../maths/study/opinion.ts';
import { recoverQuality } from '../maths/study/recover.ts';
import { type Check, screenRaters } from '../maths/study/screening.ts';
import { measureSplitHalf } from '../maths/study/split-half.ts';
import { countVotesOf, indexVotes, keepRaters, type Votes } from '../maths/study/votes.ts';
import { endsOf } from '../scale-ends.ts';

export interface StatisticsTask {
  libraryFolder: string;
  studyId: number;
  dimension: Dimension;
  /** Whose votes the owner decided not to count. */
  excluded: readonly number[];
  withReliability: boolean;
}

/** All but names and decisions, which the engine adds. */
export type ComputedStatistics = Omit<StudyStatistics, 'raters'> & {
  raters: Omit<StudyStatistics['raters'][number], 'name' | 'decisions'>[];
};

/**
 * MOS, z-MOS and recovery are of the raters that count, on their main votes; screening judges everybody, repeats, gold and trap items
 * included.
 */
export function measureStudyStatistics(task: StatisticsTask): ComputedStatistics {
  const { studyId, dimension, excluded, withReliability } = task;
  return withRows(task, (rows, db) => {
    const checks = new Map(
      studyItemsOf(db, studyId)
        .filter((item) => item.dimension === dimension.key && item.expected !== null)
        .map((item) => [`${item.role} ${item.image_id}`, item]),
    );
    return measure(rows, { dimension, excluded, withReliability, expectedOf: (key) => checks.get(key) });
  });
}

const notAsked = { reason: 'It was not asked for.', n: 0 };
const noReliability: Reliability = {
  alphaOrdinal: notAsked,
  alphaInterval: notAsked,
  icc: {},
  concordance: notAsked,
  splitHalf: notAsked,
};

function measureReliability(votes: Votes): Reliability {
  return {
    alphaOrdinal: measureAlpha(votes, 'ordinal'),
    alphaInterval: measureAlpha(votes, 'interval'),
    icc: measureIcc(votes),
    concordance: measureConcordance(votes),
    splitHalf: measureSplitHalf(votes),
  };
}

function withRows<Result>(
  { libraryFolder, studyId, dimension }: StatisticsTask,
  work: (rows: StatisticsVote[], db: Db) => Result,
): Result {
  const db = openForReading(join(libraryFolder, 'studio.sqlite'));
  try {
    return work(votesForStatistics(db, studyId, dimension.key), db);
  } finally {
    db.close();
  }
}

interface Measure extends Pick<StatisticsTask, 'dimension' | 'excluded' | 'withReliability'> {
  expectedOf: (key: string) => { expected: number | null; tolerance: number | null } | undefined;
}

function measure(
  rows: readonly StatisticsVote[],
  { dimension, excluded, expectedOf, withReliability }: Measure,
): ComputedStatistics {
  const imageIds = numberIds(rows.filter(({ role }) => role === 'main').map(({ image_id }) => image_id));
  const raterIds = numberIds(rows.map(({ rater_id }) => rater_id));
  const at = { images: placesOf(imageIds), raters: placesOf(raterIds) };
  const judged = rows.filter(
    ({ role, image_id }) => role === 'main' || (role === 'repeat' && at.images.has(image_id)),
  );
  const all = indexRows(judged, at);
  const everyone = indexRows(
    judged.filter(({ role }) => role === 'main'),
    at,
  );
  const isOut = new Set(excluded.map((id) => at.raters.get(id)));
  const counted = keepRaters(everyone, (rater) => !isOut.has(rater));
  const scale = scaleOf(dimension);
  const screening = screenRaters({
    votes: all,
    scale,
    gold: readChecks(rows, { role: 'gold', raters: at.raters, expectedOf }),
    traps: readChecks(rows, { role: 'trap', raters: at.raters, expectedOf }),
    // A table of votes that tells no times says nothing about speed.
    ...(judged.some(({ shown_ms }) => shown_ms > 0)
      ? { shownMs: Float64Array.from(judged, ({ shown_ms }) => shown_ms) }
      : {}),
  });
  const recovery = recoverQuality(counted);
  const opinion = measureOpinion(counted);
  const flagged = new Set(screening.flags.map(({ rater }) => rater));
  return {
    dimension: dimension.key,
    images: describeImages(imageIds, counted, { opinion, recovery }),
    raters: raterIds.map((raterId, rater) => ({
      raterId,
      votes: countVotesOf(everyone, rater),
      bias: numberOr(recovery.bias[rater]),
      inconsistency: numberOr(recovery.inconsistency?.[rater]),
      flags: screening.flags
        .filter((flag) => flag.rater === rater)
        .map(({ method, evidence }) => ({ method, evidence })),
      unjudged: screening.unjudged.find((one) => one.rater === rater)?.reason ?? null,
    })),
    recovery: { method: recovery.method, why: recovery.why },
    sos: fitSosHypothesis(opinion, scale),
    reliability: withReliability ? measureReliability(counted) : noReliability,
    estimates: compareEstimates(everyone, flagged).map(({ name, raters, rmsChange, largest, srcc }) => ({
      ...{ name, raters, srcc },
      rmsChange: numberOr(rmsChange),
      largest: largest === null ? null : { imageId: imageIds[largest.item]!, change: largest.change },
    })),
  };
}

function describeImages(
  imageIds: readonly number[],
  counted: Votes,
  {
    opinion,
    recovery,
  }: { opinion: ReturnType<typeof measureOpinion>; recovery: ReturnType<typeof recoverQuality> },
): ComputedStatistics['images'] {
  const z = measureZScores(counted);
  return imageIds.map((imageId, item) => ({
    ...{ imageId, n: opinion.n[item]! },
    ...{
      mos: numberOr(opinion.mean[item]),
      sd: numberOr(opinion.sd[item]),
      half: numberOr(opinion.half[item]),
    },
    ...{ zMos: numberOr(z.scores.mean[item]), rescaled: numberOr(z.rescaled[item]) },
    ...{ recovered: numberOr(recovery.quality[item]), recoveredHalf: numberOr(recovery.half[item]) },
  }));
}

function numberIds(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}

function placesOf(ids: readonly number[]): Map<number, number> {
  return new Map(ids.map((id, at) => [id, at]));
}

interface Places {
  images: ReadonlyMap<number, number>;
  raters: ReadonlyMap<number, number>;
}

function indexRows(rows: readonly StatisticsVote[], { images, raters }: Places): Votes {
  return indexVotes({
    items: images.size,
    raters: raters.size,
    item: Int32Array.from(rows, ({ image_id }) => images.get(image_id)!),
    rater: Int32Array.from(rows, ({ rater_id }) => raters.get(rater_id)!),
    value: Float64Array.from(rows, ({ value }) => value),
  });
}

function readChecks(
  rows: readonly StatisticsVote[],
  {
    role,
    raters,
    expectedOf,
  }: { role: 'gold' | 'trap'; raters: Places['raters']; expectedOf: Measure['expectedOf'] },
): Check[] {
  return rows.flatMap((row): Check[] => {
    const item = row.role === role ? expectedOf(`${role} ${row.image_id}`) : undefined;
    if (item === undefined || item.expected === null) return [];
    const { expected, tolerance } = item;
    return [{ rater: raters.get(row.rater_id)!, value: row.value, expected, tolerance: tolerance ?? 0 }];
  });
}

function scaleOf({ scale }: Dimension): { min: number; max: number; step: number } {
  const { low, high } = endsOf(scale);
  return { min: low, max: high, step: scale.kind === 'acr' ? 1 : scale.step };
}

function numberOr(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
