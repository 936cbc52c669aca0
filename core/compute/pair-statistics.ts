/** Scores of a study of pairs on a worker thread: the fits take time with the cube of the images. */
import type { Undefined } from '../../contract/common.ts';
import type { PairStatistics } from '../../contract/study-statistics.ts';
import { imageNames } from '../../db/images.ts';
import { pairsForStatistics } from '../../db/screening.ts';
import { stimuliOf } from '../../db/studies.ts';
import { countChoices } from '../count-choices.ts';
import { mostItems } from '../maths/study/pair-counts.ts';
import type { PairScores } from '../maths/study/pair-scores.ts';
import { scorePairs } from '../maths/study/score-pairs.ts';
import { fitThurstone } from '../maths/study/thurstone.ts';
import { withDb } from './study-votes.ts';

export interface PairStatisticsTask {
  libraryFolder: string;
  studyId: number;
  dimension: string;
}

/** A reason where nothing was compared yet, and where there are too many images. */
export function measurePairStatistics(task: PairStatisticsTask): PairStatistics | Undefined {
  const { libraryFolder, studyId, dimension } = task;
  const { choices, ids, names } = withDb(libraryFolder, (db) => {
    const all = stimuliOf(db, studyId).map(({ image_id }) => image_id);
    return {
      choices: pairsForStatistics(db, studyId, dimension),
      ids: all,
      names: imageNames(db, all),
    };
  });
  if (ids.length > mostItems) {
    return { reason: `At most ${mostItems} images can be scored from pairs.`, n: choices.length };
  }
  const counts = countChoices(choices, new Map(ids.map((id, at) => [id, at])));
  const scored = scorePairs(counts, (item) => `“${names.get(ids[item]!)?.name ?? ids[item]}”`);
  if (!('scores' in scored)) return scored;
  const thurstone = fitThurstone(counts);
  return {
    ...{ dimension, note: scored.note, comparisons: choices.length, method: scored.scores.method },
    whyNoThurstone: 'score' in thurstone ? null : thurstone.reason,
    images: ids.map((imageId, at) => ({
      imageId,
      ...describeScore(scored.scores, at),
      thurstone: 'score' in thurstone ? describeScore(thurstone, at) : null,
    })),
  };
}

function describeScore({ score, low, high }: PairScores, at: number) {
  const finite = (bound: number) => (Number.isFinite(bound) ? bound : null);
  return { score: score[at]!, low: finite(low[at]!), high: finite(high[at]!) };
}
