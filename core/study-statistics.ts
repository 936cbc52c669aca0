/** What the votes of a study say, and what its owner decides about raters. */
import { StudioError } from '../contract/errors.ts';
import type {
  AskStatistics,
  DecideRater,
  PairStatistics,
  StudyStatistics,
} from '../contract/study-statistics.ts';
import { setMosMethod } from '../db/mos.ts';
import { insertRaterDecision, type RaterDecisionRow, ratedBy, raterDecisions } from '../db/screening.ts';
import { ratersOf } from '../db/sittings.ts';
import { findDimension, getStudyCore } from './studies.ts';
import type { Studio } from './studio.ts';
import { updateMos } from './study-mos.ts';

/** Computed off the engine's thread. @throws StudioError `notFound`, `badInput` for a dimension that is not asked */
export async function readStatistics(studio: Studio, ask: AskStatistics): Promise<StudyStatistics> {
  const study = getStudyCore(studio, ask.studyId);
  const dimension = findDimension(study, ask.dimension);
  const rows = raterDecisions(studio.db, study.id);
  const decisions = Map.groupBy(rows, ({ rater_id }) => rater_id);
  const excluded = listExcluded(rows);
  const { withReliability, bt500Variant: variant, bt500Share: share } = ask;
  const task = {
    ...{ libraryFolder: studio.folder, studyId: study.id, dimension, excluded, withReliability },
    bt500: { variant, share },
  };
  const computed = await studio.compute.run('studyStatistics', task);
  const names = new Map(ratersOf(studio.db, study.id).map(({ id, name }) => [id, name]));
  const raters = computed.raters.map((rater) => ({
    ...rater,
    name: names.get(rater.raterId) ?? '',
    decisions: (decisions.get(rater.raterId) ?? []).map(describeDecision),
  }));
  return { ...computed, raters };
}

/**
 * Keeps what the owner decided about a rater, with the reason, and makes the MOS anew from the votes that count. The votes stay.
 *
 * @throws StudioError `notFound` for a study or a rater that is not in it
 */
export function decideRater(
  studio: Studio,
  order: DecideRater,
): StudyStatistics['raters'][number]['decisions'] {
  const { db } = studio;
  const study = getStudyCore(studio, order.studyId);
  if (!ratersOf(db, study.id).some(({ id }) => id === order.raterId)) {
    throw new StudioError('notFound', 'This rater is not in the study.', { raterId: order.raterId });
  }
  db.transaction(() => {
    insertRaterDecision(db, {
      study_id: study.id,
      rater_id: order.raterId,
      is_excluded: order.isExcluded ? 1 : 0,
      reason: order.reason,
      decided_at: studio.now(),
    });
    for (const { image_id: imageId, dimension } of ratedBy(db, study.id, order.raterId)) {
      updateMos(studio, study, { imageId, dimension });
    }
    setMosMethod(db, study.mos_set_id, describeMethod(studio, study.id));
  });
  studio.bus.changed('votes', 'mos');
  return raterDecisions(db, study.id)
    .filter(({ rater_id }) => rater_id === order.raterId)
    .map(describeDecision);
}

function describeDecision(row: RaterDecisionRow): StudyStatistics['raters'][number]['decisions'][number] {
  return { isExcluded: row.is_excluded === 1, reason: row.reason, decidedAt: row.decided_at };
}

/** Whose votes do not count: the last decision about a rater holds. */
function listExcluded(decisions: readonly RaterDecisionRow[]): number[] {
  const last = new Map(decisions.map((row) => [row.rater_id, row.is_excluded]));
  return [...last].flatMap(([raterId, isExcluded]) => (isExcluded === 1 ? [raterId] : []));
}

/** What a MOS table says of how it was made. */
function describeMethod({ db }: Studio, studyId: number): string {
  const out = listExcluded(raterDecisions(db, studyId)).length;
  const plain = 'mean of counted votes';
  return out === 0 ? plain : `${plain}, without ${out} rater${out === 1 ? '' : 's'} (decided by the owner)`;
}

/**
 * Scores of a study of pairs by Bradley–Terry or Davidson, and by Thurstone's case V beside them.
 *
 * @throws StudioError `notFound`, `badInput` for another method or no choices
 */
export async function readPairStatistics(studio: Studio, ask: AskStatistics): Promise<PairStatistics> {
  const study = getStudyCore(studio, ask.studyId);
  if (study.design.plan.method !== 'pairs') {
    throw new StudioError('badInput', 'This study does not compare pairs.', { studyId: study.id });
  }
  const { key } = findDimension(study, ask.dimension);
  const task = { libraryFolder: studio.folder, studyId: study.id, dimension: key };
  const found = await studio.compute.run('pairStatistics', task);
  if ('reason' in found) throw new StudioError('badInput', found.reason);
  return found;
}
