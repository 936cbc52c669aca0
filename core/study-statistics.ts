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
import { lastVoteIds } from '../db/votes.ts';
import type { ComputedStatistics } from './compute/study-statistics.ts';
import { keepRecent } from './keep-recent.ts';
import { findDimension, getStudyCore } from './studies.ts';
import type { Studio } from './studio.ts';
import { updateMos } from './study-mos.ts';

/** Computed off the engine's thread. @throws StudioError `notFound`, `badInput` for a dimension that is not asked */
export async function readStatistics(studio: Studio, ask: AskStatistics): Promise<StudyStatistics> {
  const { db } = studio;
  const computed = await computeStatistics(studio, ask);
  const decisions = Map.groupBy(raterDecisions(db, ask.studyId), ({ rater_id }) => rater_id);
  const names = new Map(ratersOf(db, ask.studyId).map(({ id, name }) => [id, name]));
  const raters = computed.raters.map((rater) => ({
    ...rater,
    name: names.get(rater.raterId) ?? '',
    decisions: (decisions.get(rater.raterId) ?? []).map(describeDecision),
  }));
  const columnOf = (values: Float64Array) => (ask.withImages ? Array.from(values, numberOrNull) : []);
  const { images, estimates } = computed;
  return {
    ...computed,
    raters,
    images: {
      imageId: ask.withImages ? images.imageId : [],
      n: ask.withImages ? Array.from(images.n) : [],
      mos: columnOf(images.mos),
      sd: columnOf(images.sd),
      half: columnOf(images.half),
      zMos: columnOf(images.zMos),
      rescaled: columnOf(images.rescaled),
      recovered: columnOf(images.recovered),
      recoveredHalf: columnOf(images.recoveredHalf),
      dmos: columnOf(images.dmos),
      dmosHalf: columnOf(images.dmosHalf),
    },
    estimates: estimates.map(({ mos, half, ...row }) => ({
      ...row,
      mos: columnOf(mos),
      half: columnOf(half),
    })),
  };
}

/** NaN as what JSON has for it. */
export function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/**
 * The statistics as they were computed, kept until another vote or decision: pages of one table are asked for one after the other.
 *
 * @throws StudioError as `readStatistics`
 */
export async function computeStatistics(
  studio: Studio,
  ask: Omit<AskStatistics, 'withImages'>,
): Promise<ComputedStatistics> {
  const study = getStudyCore(studio, ask.studyId);
  const dimension = findDimension(study, ask.dimension);
  const excluded = listExcluded(raterDecisions(studio.db, study.id));
  const { withReliability, bt500Variant: variant, bt500Share: share } = ask;
  const task = {
    ...{ libraryFolder: studio.folder, studyId: study.id, dimension, excluded, withReliability },
    bt500: { variant, share },
  };
  return await keepRecent(studio.db, { ...task, votes: lastVoteIds(studio.db) }, () =>
    studio.compute.run('studyStatistics', task),
  );
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
