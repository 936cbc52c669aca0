/** What was rated in a study, read by names that are the same on every machine, and put back by them. */
import { type Db, sqlFor } from './database.ts';
import type { PairChoice, SessionNoteColumns } from './schema-studies.ts';

export interface ResultSession {
  id: number;
  uid: string;
  rater: string;
  started_at: number;
  ended_at: number | null;
  sitting_at: number | null;
  client: string;
}

/** The sessions of a study in the order of their uids. */
export function sessionsOfStudy(db: Db, studyId: number): ResultSession[] {
  return db
    .prepare(
      `SELECT s.id, s.uid, r.name AS rater, s.started_at, s.ended_at, s.sitting_at, s.client
       FROM session s JOIN rater r ON r.id = s.rater_id WHERE s.study_id = ? ORDER BY s.uid`,
    )
    .all(studyId) as ResultSession[];
}

export function notesOfStudy(db: Db, studyId: number): SessionNoteColumns[] {
  return db
    .prepare(
      `SELECT n.session_id, n.key, n.kind, n.at, n.duration_ms, n.detail FROM session_note n
       JOIN session s ON s.id = n.session_id WHERE s.study_id = ? ORDER BY n.key`,
    )
    .all(studyId) as SessionNoteColumns[];
}

interface ResultCast {
  key: string;
  presentation: string;
  session: string;
  dimension: string;
  shown_ms: number;
  key_ms: number | null;
  paused_ms: number | null;
  cast_at: number;
}
export interface ResultVote extends ResultCast {
  value: number;
}
export interface ResultPairVote extends ResultCast {
  choice: PairChoice;
}

/** Every vote of a study, superseded ones too, in the order of their keys. */
export function resultVotes(db: Db, studyId: number): ResultVote[] {
  return db.prepare(resultsOf('vote', 'value')).all(studyId) as ResultVote[];
}

export function resultPairVotes(db: Db, studyId: number): ResultPairVote[] {
  return db.prepare(resultsOf('pair_vote', 'choice')).all(studyId) as ResultPairVote[];
}

function resultsOf(table: 'vote' | 'pair_vote', answer: 'value' | 'choice'): string {
  return `SELECT v.key, p.uid AS presentation, s.uid AS session, v.dimension, v.${answer}, v.shown_ms, v.key_ms, v.paused_ms, v.cast_at
    FROM presentation p JOIN ${table} v ON v.presentation_id = p.id JOIN session s ON s.id = v.session_id
    WHERE p.study_id = ? ORDER BY v.key`;
}

/** The presentations of a study by uid, with whose they are. */
export function presentationsByUid(
  db: Db,
  studyId: number,
): Map<string, { id: number; rater_id: number; image_id: number; role: string }> {
  const rows = db.all(
    sqlFor
      .selectFrom('presentation')
      .select(['uid', 'id', 'rater_id', 'image_id', 'role'])
      .where('study_id', '=', studyId),
  );
  return new Map(rows.map(({ uid, ...row }) => [uid, row]));
}

/** A session that ended there has ended here, whichever of two files comes first. */
export function endSessionAtLeast(db: Db, id: number, endedAt: number): void {
  db.prepare('UPDATE session SET ended_at = max(coalesce(ended_at, 0), ?) WHERE id = ?').run(endedAt, id);
}

/** Everything of a study that does not depend on this library's ids, in a fixed order: for a hash that two libraries can compare. */
export function* studyContent(db: Db, studyId: number): Generator<unknown[]> {
  const parts = [
    `SELECT 'study', uid, version, manifest_hash FROM study WHERE id = @studyId`,
    `SELECT 'presentation', p.uid, lower(r.name), i.hash, o.hash, p.position, p.role FROM presentation p
     JOIN rater r ON r.id = p.rater_id JOIN image i ON i.id = p.image_id LEFT JOIN image o ON o.id = p.other_image_id
     WHERE p.study_id = @studyId ORDER BY p.uid`,
    `SELECT 'session', s.uid, lower(r.name), s.started_at, s.ended_at, s.sitting_at, s.client FROM session s
     JOIN rater r ON r.id = s.rater_id WHERE s.study_id = @studyId ORDER BY s.uid`,
    `SELECT 'note', n.key, s.uid, n.kind, n.at, n.duration_ms, n.detail FROM session_note n
     JOIN session s ON s.id = n.session_id WHERE s.study_id = @studyId ORDER BY n.key`,
    `SELECT 'vote', v.key, p.uid, s.uid, v.dimension, v.value, v.shown_ms, v.key_ms, v.paused_ms, v.cast_at,
       EXISTS (SELECT 1 FROM current_vote c WHERE c.id = v.id)
     FROM vote v JOIN presentation p ON p.id = v.presentation_id JOIN session s ON s.id = v.session_id
     WHERE p.study_id = @studyId ORDER BY v.key`,
    `SELECT 'pairVote', v.key, p.uid, s.uid, v.dimension, v.choice, v.shown_ms, v.key_ms, v.paused_ms, v.cast_at,
       EXISTS (SELECT 1 FROM current_pair_vote c WHERE c.id = v.id)
     FROM pair_vote v JOIN presentation p ON p.id = v.presentation_id JOIN session s ON s.id = v.session_id
     WHERE p.study_id = @studyId ORDER BY v.key`,
    `SELECT 'mos', i.hash, m.dimension, m.mean, m.sd, m.n FROM mos m JOIN mos_set t ON t.id = m.mos_set_id
     JOIN image i ON i.id = m.image_id WHERE t.study_id = @studyId ORDER BY i.hash, m.dimension`,
  ];
  for (const sql of parts) yield* db.prepare(sql).raw(true).all({ studyId }) as unknown[][];
}
