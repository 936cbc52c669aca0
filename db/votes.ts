/** Votes on single images and on pairs. They are only ever added; what counts follows from them. */
import { type Db, sqlFor } from './database.ts';
import type { PairChoice } from './schema-studies.ts';

/** A rater's current votes in a study. */
export function currentVotesOf(
  db: Db,
  studyId: number,
  raterId: number,
): { presentation_id: number; dimension: string; value: number; cast_at: number }[] {
  // By the rater's presentations, which an index finds; the view by itself would walk all votes.
  return db
    .prepare(
      `SELECT v.presentation_id, v.dimension, v.value, v.cast_at FROM presentation p JOIN current_vote v ON v.presentation_id = p.id
       WHERE p.study_id = ? AND p.rater_id = ?`,
    )
    .all(studyId, raterId) as ReturnType<typeof currentVotesOf>;
}

/** A rater's current choices between pairs in a study. */
export function currentChoicesOf(
  db: Db,
  studyId: number,
  raterId: number,
): { presentation_id: number; dimension: string; choice: PairChoice }[] {
  return db
    .prepare(
      `SELECT v.presentation_id, v.dimension, v.choice FROM presentation p
       JOIN current_pair_vote v ON v.presentation_id = p.id WHERE p.study_id = ? AND p.rater_id = ?`,
    )
    .all(studyId, raterId) as { presentation_id: number; dimension: string; choice: PairChoice }[];
}

interface CastVote {
  presentation_id: number;
  session_id: number;
  dimension: string;
  key: string;
  shown_ms: number;
  key_ms?: number | null;
  paused_ms?: number | null;
  cast_at: number;
  supersedes: number | null;
}
export interface VoteRow extends CastVote {
  value: number;
}
export interface PairVoteRow extends CastVote {
  choice: PairChoice;
}

export function voteByKey(db: Db, key: string): (VoteRow & { id: number }) | undefined {
  return db.prepare('SELECT * FROM vote WHERE key = ?').get(key) as (VoteRow & { id: number }) | undefined;
}

export function pairVoteByKey(db: Db, key: string): (PairVoteRow & { id: number }) | undefined {
  return db.first(sqlFor.selectFrom('pair_vote').selectAll().where('key', '=', key));
}

/** The vote that counts now for a presentation and dimension, on a single image or on a pair. */
export function currentVote(
  db: Db,
  view: 'current_vote' | 'current_pair_vote',
  { presentationId, dimension }: { presentationId: number; dimension: string },
): { id: number; cast_at: number } | undefined {
  return db
    .prepare(`SELECT id, cast_at FROM ${view} WHERE presentation_id = ? AND dimension = ?`)
    .get(presentationId, dimension) as { id: number; cast_at: number } | undefined;
}

export function insertVote(db: Db, vote: VoteRow): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO vote (presentation_id, session_id, dimension, value, key, shown_ms, key_ms, paused_ms, cast_at, supersedes)
       VALUES (@presentation_id, @session_id, @dimension, @value, @key, @shown_ms, @key_ms, @paused_ms, @cast_at, @supersedes)`,
    )
    .run({ key_ms: null, paused_ms: null, ...vote });
  return Number(lastInsertRowid);
}

export function insertPairVote(db: Db, vote: PairVoteRow): number {
  return db.run(sqlFor.insertInto('pair_vote').values(vote)).insertedId;
}

/** Counted votes of one stimulus on one dimension: those of role `main`, one a rater whom the owner has not left out. The first of several showings has that role.
 * In the order of their values, so that the last bit of a mean does not depend on which vote came first. */
export function countedVotes(db: Db, studyId: number, imageId: number, dimension: string): number[] {
  return db
    .prepare(
      `SELECT v.value FROM presentation p JOIN current_vote v ON v.presentation_id = p.id
       WHERE p.image_id = @imageId AND p.study_id = @studyId AND p.role = 'main' AND v.dimension = @dimension
         AND p.rater_id NOT IN (SELECT rater_id FROM excluded_rater WHERE study_id = @studyId)
       ORDER BY v.value`,
    )
    .pluck()
    .all({ studyId, imageId, dimension }) as number[];
}

/** Counted votes of raters who voted on both an image and its hidden reference: `[image's, reference's]`. */
export function countedVotesWithReference(
  db: Db,
  studyId: number,
  { imageId, referenceId, dimension }: { imageId: number; referenceId: number; dimension: string },
): [number, number][] {
  const of = `SELECT p.rater_id, v.value FROM presentation p JOIN current_vote v ON v.presentation_id = p.id
    WHERE p.study_id = @studyId AND p.role = 'main' AND v.dimension = @dimension
      AND NOT EXISTS (SELECT 1 FROM excluded_rater e WHERE e.study_id = p.study_id AND e.rater_id = p.rater_id)
      AND p.image_id =`;
  return db
    .prepare(
      `SELECT i.value, r.value FROM (${of} @imageId) i JOIN (${of} @referenceId) r ON r.rater_id = i.rater_id ORDER BY i.value, r.value`,
    )
    .raw(true)
    .all({ studyId, imageId, referenceId, dimension }) as [number, number][];
}

/** Images whose hidden reference an image is, and the reference of the image itself. */
export function referencesAround(
  db: Db,
  studyId: number,
  imageId: number,
): { image_id: number; reference_id: number }[] {
  return db
    .prepare(
      `SELECT image_id, reference_id FROM stimulus
       WHERE study_id = @studyId AND reference_id IS NOT NULL AND (image_id = @imageId OR reference_id = @imageId)`,
    )
    .all({ studyId, imageId }) as { image_id: number; reference_id: number }[];
}

/** Counted votes of a study on one dimension as `[imageId, raterId, value]`, for the human ceiling. */
export function votesForCeiling(db: Db, studyId: number, dimension: string): [number, number, number][] {
  return db
    .prepare(
      `SELECT image_id, rater_id, value FROM current_vote v
       WHERE study_id = ? AND dimension = ? AND role = 'main'
         AND NOT EXISTS (SELECT 1 FROM excluded_rater e WHERE e.study_id = v.study_id AND e.rater_id = v.rater_id)
       ORDER BY id`,
    )
    .raw(true)
    .all(studyId, dimension) as [number, number, number][];
}

/** The last vote and decision of a library. Both are only ever added: while these are the same, so is all that follows from them. */
export function lastVoteIds(db: Db): { vote: number | null; decision: number | null } {
  return db
    .prepare('SELECT (SELECT max(id) FROM vote) AS vote, (SELECT max(id) FROM rater_decision) AS decision')
    .get() as { vote: number | null; decision: number | null };
}

export interface LongVote {
  id: number;
  key: string;
  image: string;
  hash: string | null;
  prompt: string | null;
  generator: string | null;
  rater: string;
  /** Its uid. */
  session: string;
  position: number;
  role: string;
  dimension: string;
  value: number;
  shown_ms: number;
  key_ms: number | null;
  paused_ms: number | null;
  cast_at: number;
  /** The key of the vote that it corrects. */
  supersedes: string | null;
  is_current: 0 | 1;
}

/** Who has a session in a study, by id. */
export function ratersWithSessions(db: Db, studyId: number): number[] {
  return db
    .prepare('SELECT DISTINCT rater_id FROM session WHERE study_id = ? ORDER BY rater_id')
    .pluck(true)
    .all(studyId) as number[];
}

/** All votes of one rater in a study, superseded ones too, in no order: by indexes, rater by rater, nobody waits for them. */
export function voteIdsOf(db: Db, studyId: number, raterId: number): number[] {
  return db
    .prepare(
      `SELECT v.id FROM presentation p CROSS JOIN vote v ON v.presentation_id = p.id
       WHERE p.study_id = ? AND p.rater_id = ?`,
    )
    .pluck(true)
    .all(studyId, raterId) as number[];
}

/** Votes in long form, in the order they were cast. */
export function longVotes(db: Db, ids: readonly number[]): LongVote[] {
  return db
    .prepare(
      `SELECT v.id, v.key, i.name AS image, i.hash, pr.text AS prompt, i.generator, r.name AS rater, e.uid AS session,
              p.position, p.role, v.dimension, v.value, v.shown_ms, v.key_ms, v.paused_ms, v.cast_at,
              (SELECT earlier.key FROM vote earlier WHERE earlier.id = v.supersedes) AS supersedes,
              EXISTS (SELECT 1 FROM current_vote c WHERE c.id = v.id) AS is_current
       FROM vote v JOIN presentation p ON p.id = v.presentation_id JOIN image i ON i.id = p.image_id
       JOIN rater r ON r.id = p.rater_id JOIN session e ON e.id = v.session_id
       LEFT JOIN stimulus s ON s.study_id = p.study_id AND s.image_id = p.image_id
       LEFT JOIN prompt pr ON pr.id = coalesce(s.prompt_id, i.prompt_id)
       WHERE v.id IN (SELECT value FROM json_each(?)) ORDER BY v.id`,
    )
    .all(JSON.stringify(ids)) as LongVote[];
}

export interface MatrixVote {
  image_id: number;
  image: string;
  hash: string | null;
  prompt: string | null;
  rater: string;
  value: number;
}

/** Counted votes of a study on one dimension with names, in the order of images and raters' ids. */
export function matrixVotes(db: Db, studyId: number, dimension: string): MatrixVote[] {
  return db
    .prepare(
      `SELECT v.image_id, i.name AS image, i.hash, pr.text AS prompt, r.name AS rater, v.value
       FROM current_vote v JOIN image i ON i.id = v.image_id JOIN rater r ON r.id = v.rater_id
       LEFT JOIN stimulus s ON s.study_id = v.study_id AND s.image_id = v.image_id
       LEFT JOIN prompt pr ON pr.id = coalesce(s.prompt_id, i.prompt_id)
       WHERE v.study_id = ? AND v.dimension = ? AND v.role = 'main' ORDER BY v.image_id, v.rater_id`,
    )
    .all(studyId, dimension) as MatrixVote[];
}

export interface LongPairVote
  extends Omit<LongVote, 'id' | 'key' | 'image' | 'hash' | 'generator' | 'value'> {
  vote: string;
  left: string;
  left_sha256: string | null;
  right: string;
  right_sha256: string | null;
  choice: PairChoice;
}

/** Every choice between pairs of a study, superseded ones too, in the order they were stored. */
export function longPairVotes(db: Db, studyId: number): LongPairVote[] {
  return db
    .prepare(
      `SELECT v.key AS vote, l.name AS left, l.hash AS left_sha256, o.name AS right, o.hash AS right_sha256, pr.text AS prompt,
              r.name AS rater, e.uid AS session, p.position, p.role, v.dimension, v.choice, v.shown_ms, v.key_ms, v.paused_ms,
              v.cast_at, (SELECT earlier.key FROM pair_vote earlier WHERE earlier.id = v.supersedes) AS supersedes,
              EXISTS (SELECT 1 FROM current_pair_vote c WHERE c.id = v.id) AS is_current
       FROM pair_vote v JOIN presentation p ON p.id = v.presentation_id JOIN image l ON l.id = p.image_id
       JOIN image o ON o.id = p.other_image_id JOIN rater r ON r.id = p.rater_id JOIN session e ON e.id = v.session_id
       LEFT JOIN stimulus s ON s.study_id = p.study_id AND s.image_id = p.image_id
       LEFT JOIN prompt pr ON pr.id = coalesce(s.prompt_id, l.prompt_id)
       WHERE p.study_id = ? ORDER BY v.id`,
    )
    .all(studyId) as LongPairVote[];
}
