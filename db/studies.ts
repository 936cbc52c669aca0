/** Studies, raters, sessions, presentations and votes. Votes are only ever added. */
import { type Db, sqlFor } from './database.ts';

export function insertStudy(
  db: Db,
  study: { name: string; design: string; imageIds: readonly number[] },
  now: number,
): number {
  const { name, design } = study;
  const id = db.run(sqlFor.insertInto('study').values({ name, design, created_at: now })).insertedId;
  const statement = db.prepare('INSERT INTO stimulus (study_id, image_id) VALUES (?, ?)');
  for (const imageId of study.imageIds) statement.run(id, imageId);
  return id;
}

export interface StudySummary {
  id: number;
  name: string;
  design: string;
  created_at: number;
  stimuli: number;
  raters: number;
  votes: number;
  mos_set_id: number;
}

const studySummary = `SELECT s.id, s.name, s.design, s.created_at, m.id AS mos_set_id,
  (SELECT count(*) FROM stimulus t WHERE t.study_id = s.id) AS stimuli,
  (SELECT count(DISTINCT v.rater_id) FROM current_vote v WHERE v.study_id = s.id) AS raters,
  (SELECT count(*) FROM current_vote v WHERE v.study_id = s.id) AS votes
  FROM study s JOIN mos_set m ON m.study_id = s.id`;

/** All studies, the newest first. */
export function listStudies(db: Db): StudySummary[] {
  return db.prepare(`${studySummary} ORDER BY s.created_at DESC, s.id DESC`).all() as StudySummary[];
}

export function studyById(db: Db, id: number): StudySummary | undefined {
  return db.prepare(`${studySummary} WHERE s.id = ?`).get(id) as StudySummary | undefined;
}

export function stimuliOf(db: Db, studyId: number): number[] {
  const rows = db.all(
    sqlFor.selectFrom('stimulus').select('image_id').where('study_id', '=', studyId).orderBy('image_id'),
  );
  return rows.map((row) => row.image_id);
}

/** The rater of a name (case does not matter), added if new. */
export function saveRater(db: Db, name: string, now: number): { id: number; name: string } {
  const known = db.prepare('SELECT id, name FROM rater WHERE name = ?').get(name);
  if (known !== undefined) return known as { id: number; name: string };
  return { id: db.run(sqlFor.insertInto('rater').values({ name, created_at: now })).insertedId, name };
}

export function insertSession(
  db: Db,
  session: { study_id: number; rater_id: number; started_at: number; client: string },
): number {
  return db.run(sqlFor.insertInto('session').values(session)).insertedId;
}

export function sessionById(
  db: Db,
  id: number,
): { id: number; study_id: number; rater_id: number; ended_at: number | null } | undefined {
  return db.first(
    sqlFor.selectFrom('session').select(['id', 'study_id', 'rater_id', 'ended_at']).where('id', '=', id),
  );
}

export function endSession(db: Db, id: number, now: number): void {
  db.run(sqlFor.updateTable('session').set({ ended_at: now }).where('id', '=', id));
}

/** Lays out a rater's presentations in the given order. */
export function insertPresentations(
  db: Db,
  whose: { studyId: number; raterId: number },
  imageIds: readonly number[],
): void {
  const statement = db.prepare(
    `INSERT INTO presentation (study_id, rater_id, image_id, position, role) VALUES (?, ?, ?, ?, 'main')`,
  );
  for (const [position, imageId] of imageIds.entries()) {
    statement.run(whose.studyId, whose.raterId, imageId, position);
  }
}

export interface PresentationRow {
  id: number;
  image_id: number;
  width: number | null;
  height: number | null;
  prompt: string | null;
}

/** A rater's presentations of a study in order. */
export function presentationsOf(db: Db, studyId: number, raterId: number): PresentationRow[] {
  return db.all(
    sqlFor
      .selectFrom('presentation')
      .innerJoin('image', 'image.id', 'presentation.image_id')
      .leftJoin('prompt', 'prompt.id', 'image.prompt_id')
      .select([
        'presentation.id',
        'presentation.image_id',
        'image.width',
        'image.height',
        'prompt.text as prompt',
      ])
      .where('presentation.study_id', '=', studyId)
      .where('presentation.rater_id', '=', raterId)
      .orderBy('presentation.position'),
  );
}

export function presentationById(
  db: Db,
  id: number,
): { id: number; study_id: number; rater_id: number; image_id: number } | undefined {
  return db.first(
    sqlFor.selectFrom('presentation').select(['id', 'study_id', 'rater_id', 'image_id']).where('id', '=', id),
  );
}

/** A rater's current votes in a study. */
export function currentVotesOf(
  db: Db,
  studyId: number,
  raterId: number,
): { presentation_id: number; dimension: string; value: number }[] {
  return db.all(
    sqlFor
      .selectFrom('current_vote')
      .select(['presentation_id', 'dimension', 'value'])
      .where('study_id', '=', studyId)
      .where('rater_id', '=', raterId),
  );
}

export function voteByKey(
  db: Db,
  key: string,
):
  | {
      id: number;
      presentation_id: number;
      dimension: string;
      value: number;
      cast_at: number;
      supersedes: number | null;
    }
  | undefined {
  return db.first(
    sqlFor
      .selectFrom('vote')
      .select(['id', 'presentation_id', 'dimension', 'value', 'cast_at', 'supersedes'])
      .where('key', '=', key),
  );
}

/** The vote that counts now for a presentation and dimension. */
export function currentVote(db: Db, presentationId: number, dimension: string): { id: number } | undefined {
  return db.first(
    sqlFor
      .selectFrom('current_vote')
      .select('id')
      .where('presentation_id', '=', presentationId)
      .where('dimension', '=', dimension),
  );
}

export function insertVote(
  db: Db,
  vote: {
    presentation_id: number;
    session_id: number;
    dimension: string;
    value: number;
    key: string;
    shown_ms: number;
    cast_at: number;
    supersedes: number | null;
  },
): number {
  return db.run(sqlFor.insertInto('vote').values(vote)).insertedId;
}

/** Counted votes of one stimulus on one dimension: one value a rater and presentation. */
export function countedVotes(db: Db, studyId: number, imageId: number, dimension: string): number[] {
  const rows = db.all(
    sqlFor
      .selectFrom('current_vote')
      .select('value')
      .where('study_id', '=', studyId)
      .where('image_id', '=', imageId)
      .where('dimension', '=', dimension)
      .where('role', 'in', ['main', 'repeat'])
      .orderBy('id'),
  );
  return rows.map((row) => row.value);
}

/**
 * Every vote of a study in long form, superseded ones too, in the order they were cast: at most `limit` after the vote `afterId`.
 * In blocks, because an open cursor would keep new votes from being written.
 */
export function votesAfter(db: Db, studyId: number, afterId: number, limit: number): LongVote[] {
  return db
    .prepare(
      `SELECT v.id, i.name AS image, i.hash, pr.text AS prompt, i.generator, r.name AS rater, v.session_id AS session,
              p.position, p.role, v.dimension, v.value, v.shown_ms, v.cast_at, v.supersedes,
              NOT EXISTS (SELECT 1 FROM vote l WHERE l.supersedes = v.id) AS is_current
       FROM vote v JOIN presentation p ON p.id = v.presentation_id JOIN image i ON i.id = p.image_id
       JOIN rater r ON r.id = p.rater_id LEFT JOIN prompt pr ON pr.id = i.prompt_id
       WHERE p.study_id = ? AND v.id > ? ORDER BY v.id LIMIT ?`,
    )
    .all(studyId, afterId, limit) as LongVote[];
}

export interface LongVote {
  id: number;
  image: string;
  hash: string | null;
  prompt: string | null;
  generator: string | null;
  rater: string;
  session: number;
  position: number;
  role: string;
  dimension: string;
  value: number;
  shown_ms: number;
  cast_at: number;
  supersedes: number | null;
  is_current: 0 | 1;
}

/** Counted votes of a study on one dimension as `[imageId, raterId, value]`, for the human ceiling. */
export function votesForCeiling(db: Db, studyId: number, dimension: string): [number, number, number][] {
  return db
    .prepare(
      `SELECT image_id, rater_id, value FROM current_vote
       WHERE study_id = ? AND dimension = ? AND role IN ('main', 'repeat') ORDER BY id`,
    )
    .raw(true)
    .all(studyId, dimension) as [number, number, number][];
}

export interface RaterSummary {
  id: number;
  name: string;
  presentations: number;
  done: number;
  votes: number;
  last_vote_at: number | null;
}

/** The raters of a study; a presentation is done when it has a vote on each of `dimensions` dimensions. */
export function listRaters(db: Db, studyId: number, dimensions: number): RaterSummary[] {
  return db
    .prepare(
      `WITH per AS (SELECT rater_id, presentation_id, count(*) AS n, max(cast_at) AS last FROM current_vote
                    WHERE study_id = @studyId GROUP BY rater_id, presentation_id)
       SELECT r.id, r.name, (SELECT count(*) FROM presentation p WHERE p.study_id = @studyId AND p.rater_id = r.id) AS presentations,
              (SELECT count(*) FROM per WHERE per.rater_id = r.id AND per.n >= @dimensions) AS done,
              (SELECT coalesce(sum(n), 0) FROM per WHERE per.rater_id = r.id) AS votes,
              (SELECT max(last) FROM per WHERE per.rater_id = r.id) AS last_vote_at
       FROM rater r WHERE r.id IN (SELECT rater_id FROM presentation WHERE study_id = @studyId) ORDER BY r.name`,
    )
    .all({ studyId, dimensions }) as RaterSummary[];
}
