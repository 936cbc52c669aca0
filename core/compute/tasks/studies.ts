/** What compute threads read and work out of studies. */
import type { EstimateOrReason } from '../../../contract/common.ts';
import { votesForCeiling } from '../../../db/votes.ts';
import { type FrozenText, writeManifest } from '../../freeze-study.ts';
import { measureHumanCeiling } from '../../maths/human-ceiling.ts';
import type { StudyCore } from '../../studies.ts';
import { measurePairStatistics } from '../pair-statistics.ts';
import { readStudyCounts } from '../study-facts.ts';
import { measureStudyStatistics } from '../study-statistics.ts';
import { withDb } from '../study-votes.ts';

/** Nothing: the thread is there, and has read what it needs for these. */
export function ready(): void {}

/** What the votes of a study say. */
export const studyStatistics = measureStudyStatistics;
export const pairStatistics = measurePairStatistics;
export const studyCounts = readStudyCounts;

/** What a study's frozen design is, of a study that nobody changes meanwhile. */
export function manifest({ libraryFolder, study }: { libraryFolder: string; study: StudyCore }): FrozenText {
  return withDb(libraryFolder, (db) => writeManifest({ db }, study));
}

/** The ceiling that the raters of a study set; `studyId` is null for a MOS set of no study. */
export function ceiling(task: {
  libraryFolder: string;
  studyId: number | null;
  dimension: string;
}): EstimateOrReason {
  const { libraryFolder, studyId, dimension } = task;
  if (studyId === null) return measureHumanCeiling(null);
  return measureHumanCeiling(withDb(libraryFolder, (db) => votesForCeiling(db, studyId, dimension)));
}
