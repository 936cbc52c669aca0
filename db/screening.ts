/** Votes as statistics read them, and the owner's decisions about raters. */
import { type Db, sqlFor } from './database.ts';

export interface StatisticsVote {
  image_id: number;
  rater_id: number;
  value: number;
  role: 'main' | 'repeat' | 'gold' | 'trap';
  shown_ms: number;
}

/** Current votes of a study on one dimension that say something about images or raters, in the order they were given. */
export function votesForStatistics(db: Db, studyId: number, dimension: string): StatisticsVote[] {
  // Where most votes are the study's own, walking all of them takes half as long as looking each up by its presentation; the plus sign
  // keeps SQLite from the index.
  const ofStudy = hasMostVotes(db, studyId) ? '+study_id' : 'study_id';
  return db
    .prepare(
      `SELECT image_id, rater_id, value, role, shown_ms FROM current_vote
       WHERE ${ofStudy} = ? AND dimension = ? AND role IN ('main', 'repeat', 'gold', 'trap') ORDER BY cast_at, id`,
    )
    .all(studyId, dimension) as StatisticsVote[];
}

/** Whether a study has about half of the votes or more, by what is laid out in it. */
function hasMostVotes(db: Db, studyId: number): boolean {
  const { own, all } = db
    .prepare(
      'SELECT (SELECT count(*) FROM presentation WHERE study_id = ?) AS own, (SELECT max(id) FROM vote) AS "all"',
    )
    .get(studyId) as { own: number; all: number | null };
  return 2 * own >= (all ?? 0);
}

export interface RaterDecisionRow {
  rater_id: number;
  is_excluded: 0 | 1;
  reason: string;
  decided_at: number;
}

export function insertRaterDecision(db: Db, decision: RaterDecisionRow & { study_id: number }): void {
  db.run(sqlFor.insertInto('rater_decision').values(decision));
}

/** Every decision about raters of a study, the first one first. */
export function raterDecisions(db: Db, studyId: number): RaterDecisionRow[] {
  return db.all(
    sqlFor
      .selectFrom('rater_decision')
      .select(['rater_id', 'is_excluded', 'reason', 'decided_at'])
      .where('study_id', '=', studyId)
      .orderBy('id'),
  );
}

/** Images that a rater has a counted vote on, by dimension. */
export function ratedBy(db: Db, studyId: number, raterId: number): { image_id: number; dimension: string }[] {
  return db
    .prepare(
      `SELECT DISTINCT p.image_id, v.dimension FROM presentation p JOIN vote v ON v.presentation_id = p.id
       WHERE p.study_id = ? AND p.rater_id = ? AND p.role = 'main'`,
    )
    .all(studyId, raterId) as { image_id: number; dimension: string }[];
}

/** Choices between pairs of a study on one dimension that count. */
export function pairsForStatistics(
  db: Db,
  studyId: number,
  dimension: string,
): { image_id: number; other_image_id: number; choice: 'left' | 'right' | 'tie' }[] {
  return db
    .prepare(
      `SELECT image_id, other_image_id, choice FROM current_pair_vote v
       WHERE study_id = ? AND dimension = ? AND role = 'main' AND choice <> 'skip'
         AND NOT EXISTS (SELECT 1 FROM excluded_rater e WHERE e.study_id = v.study_id AND e.rater_id = v.rater_id)`,
    )
    .all(studyId, dimension) as {
    image_id: number;
    other_image_id: number;
    choice: 'left' | 'right' | 'tie';
  }[];
}
