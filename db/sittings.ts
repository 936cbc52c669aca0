/** Raters, their sessions with what happened in them, and the presentations that are laid out for them. */
import { type Db, sqlFor } from './database.ts';
import type { PresentationRole, SessionColumns, SessionNoteColumns } from './schema-studies.ts';
import { newUid } from './studies.ts';
import { voteCountsOf } from './vote-counts.ts';

/** The rater of a name (case does not matter), added if new. */
export function saveRater(db: Db, name: string, now: number): { id: number; name: string } {
  const known = raterByName(db, name);
  if (known !== undefined) return known;
  return { id: db.run(sqlFor.insertInto('rater').values({ name, created_at: now })).insertedId, name };
}

export function raterByName(db: Db, name: string): { id: number; name: string } | undefined {
  return db.prepare('SELECT id, name FROM rater WHERE name = ?').get(name) as
    | { id: number; name: string }
    | undefined;
}

export interface NewSession {
  study_id: number;
  rater_id: number;
  started_at: number;
  client: string;
  uid?: string;
  sitting_at?: number;
  ended_at?: number | null;
}

export function insertSession(db: Db, session: NewSession): number {
  const values = { uid: newUid(), sitting_at: session.started_at, ...session };
  return db.run(sqlFor.insertInto('session').values(values)).insertedId;
}

const sessionColumns = ['id', 'study_id', 'rater_id', 'started_at', 'ended_at', 'sitting_at'] as const;
export type SessionRow = Pick<SessionColumns, (typeof sessionColumns)[number]>;

export function sessionById(db: Db, id: number): SessionRow | undefined {
  return db.prepare(`SELECT ${sessionColumns.join(', ')} FROM session WHERE id = ?`).get(id) as
    | SessionRow
    | undefined;
}

export function sessionIdByUid(db: Db, uid: string): number | undefined {
  return db.first(sqlFor.selectFrom('session').select('id').where('uid', '=', uid))?.id;
}

/** A rater's last session in a study, with the time of its last vote. */
export function lastSessionOf(
  db: Db,
  studyId: number,
  raterId: number,
): (SessionRow & { last_vote_at: number | null }) | undefined {
  const session = db.first(
    sqlFor
      .selectFrom('session')
      .select(sessionColumns)
      .where('study_id', '=', studyId)
      .where('rater_id', '=', raterId)
      .orderBy('started_at', 'desc')
      .orderBy('id', 'desc')
      .limit(1),
  );
  if (session === undefined) return undefined;
  const last = db
    .prepare(
      `SELECT max(at) FROM (SELECT max(cast_at) AS at FROM vote WHERE session_id = @id
       UNION ALL SELECT max(cast_at) FROM pair_vote WHERE session_id = @id)`,
    )
    .pluck()
    .get({ id: session.id }) as number | null;
  return { ...session, last_vote_at: last };
}

export function endSession(db: Db, id: number, now: number): void {
  db.run(sqlFor.updateTable('session').set({ ended_at: now }).where('id', '=', id));
}

/** Notes what happened in a session; the same key twice is one note. */
export function insertSessionNote(db: Db, note: SessionNoteColumns): void {
  db.run(
    sqlFor
      .insertInto('session_note')
      .values(note)
      .onConflict((c) => c.column('key').doNothing()),
  );
}

export interface NewPresentation {
  imageId: number;
  role: PresentationRole;
  otherImageId?: number | null;
  uid?: string;
}

/** Lays out presentations for a rater in the given order, after those that are there. */
export function insertPresentations(
  db: Db,
  whose: { studyId: number; raterId: number },
  presentations: readonly NewPresentation[],
): void {
  const first = db
    .prepare('SELECT coalesce(max(position) + 1, 0) FROM presentation WHERE study_id = ? AND rater_id = ?')
    .pluck()
    .get(whose.studyId, whose.raterId) as number;
  for (const [at, presentation] of presentations.entries()) {
    insertPresentation(db, whose, { position: first + at, ...presentation });
  }
}

/** One presentation at its position; gives its id. */
export function insertPresentation(
  db: Db,
  whose: { studyId: number; raterId: number },
  presentation: NewPresentation & { position: number },
): number {
  const { imageId, role, otherImageId = null, uid = newUid(), position } = presentation;
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO presentation (study_id, rater_id, image_id, other_image_id, position, role, uid)
       VALUES (@studyId, @raterId, @imageId, @otherImageId, @position, @role, @uid)`,
    )
    .run({ ...whose, imageId, otherImageId, position, role, uid });
  return Number(lastInsertRowid);
}

export interface PresentationRow {
  id: number;
  uid: string;
  role: PresentationRole;
  image_id: number;
  width: number | null;
  height: number | null;
  other_image_id: number | null;
  other_width: number | null;
  other_height: number | null;
  prompt: string | null;
  /** The same for images of one group: the group a person gave, else the prompt, else the image alone. */
  group_key: string;
  other_group_key: string | null;
}

/** A rater's presentations of a study in order, with the prompts the study was frozen with. */
export function presentationsOf(db: Db, studyId: number, raterId: number): PresentationRow[] {
  return db
    .prepare(
      `SELECT p.id, p.uid, p.role, p.image_id, i.width, i.height, p.other_image_id, o.width AS other_width, o.height AS other_height,
              t.text AS prompt, ${groupKey('s', 'i')} AS group_key, ${groupKey('r', 'o')} AS other_group_key
       FROM presentation p JOIN image i ON i.id = p.image_id
       LEFT JOIN stimulus s ON s.study_id = p.study_id AND s.image_id = p.image_id
       LEFT JOIN prompt t ON t.id = coalesce(s.prompt_id, i.prompt_id)
       LEFT JOIN image o ON o.id = p.other_image_id
       LEFT JOIN stimulus r ON r.study_id = p.study_id AND r.image_id = p.other_image_id
       WHERE p.study_id = ? AND p.rater_id = ? ORDER BY p.position`,
    )
    .all(studyId, raterId) as PresentationRow[];
}

function groupKey(stimulus: string, image: string): string {
  const prompt = `'prompt ' || coalesce(${stimulus}.prompt_id, ${image}.prompt_id)`;
  return `coalesce(${stimulus}.group_name, ${prompt}, 'image ' || ${image}.id)`;
}

/** How many presentations a rater has in a study. */
export function countPresentations(db: Db, studyId: number, raterId: number): number {
  return db
    .prepare('SELECT count(*) FROM presentation WHERE study_id = ? AND rater_id = ?')
    .pluck()
    .get(studyId, raterId) as number;
}

export interface PresentationPlace {
  id: number;
  study_id: number;
  rater_id: number;
  image_id: number;
  other_image_id: number | null;
  role: PresentationRole;
}

export function presentationById(db: Db, id: number): PresentationPlace | undefined {
  return db
    .prepare('SELECT id, study_id, rater_id, image_id, other_image_id, role FROM presentation WHERE id = ?')
    .get(id) as PresentationPlace | undefined;
}

interface RaterName {
  id: number;
  name: string;
}

/** Who has something laid out in a study, by name: `listRaters` without its counts. */
export function ratersOf(db: Db, studyId: number): RaterName[] {
  return db
    .prepare(
      'SELECT id, name FROM rater WHERE id IN (SELECT rater_id FROM presentation WHERE study_id = ?) ORDER BY name',
    )
    .all(studyId) as RaterName[];
}

export interface RaterSummary extends RaterName {
  presentations: number;
  done: number;
  votes: number;
  last_vote_at: number | null;
}

/** The raters of a study; a presentation is done when it has a vote on each of `dimensions` dimensions. */
export function listRaters(db: Db, studyId: number, dimensions: number): RaterSummary[] {
  const counts = voteCountsOf(db, studyId);
  const rows = db
    .prepare(
      `SELECT r.id, r.name, p.presentations
       FROM (SELECT rater_id, count(*) AS presentations FROM presentation WHERE study_id = ? GROUP BY rater_id) p
       JOIN rater r ON r.id = p.rater_id ORDER BY r.name`,
    )
    .all(studyId) as (RaterName & { presentations: number })[];
  return rows.map((row) => {
    const count = counts.get(row.id);
    return {
      ...row,
      done: count?.presentations[dimensions - 1] ?? 0,
      votes: count?.votes ?? 0,
      last_vote_at: count?.lastVoteAt ?? null,
    };
  });
}

/** On what each session of a study with a vote was rated. */
export function clientsOf(db: Db, studyId: number): { windowWidth: number; windowHeight: number }[] {
  return db
    .prepare(
      `SELECT coalesce(json_extract(client, '$.windowWidth'), 0) AS windowWidth,
              coalesce(json_extract(client, '$.windowHeight'), 0) AS windowHeight FROM session s
       WHERE study_id = ? AND json_extract(client, '$.windowWidth') IS NOT NULL
         AND (EXISTS (SELECT 1 FROM vote WHERE session_id = s.id) OR EXISTS (SELECT 1 FROM pair_vote WHERE session_id = s.id))`,
    )
    .all(studyId) as { windowWidth: number; windowHeight: number }[];
}

/** How long each sitting of a study with a vote took, from its beginning to its last vote, in milliseconds. */
export function sittingLengths(db: Db, studyId: number): number[] {
  return db
    .prepare(
      `WITH cast_vote AS (SELECT session_id, cast_at FROM vote UNION ALL SELECT session_id, cast_at FROM pair_vote)
       SELECT max(v.cast_at) - min(coalesce(s.sitting_at, s.started_at)) FROM session s JOIN cast_vote v ON v.session_id = s.id
       WHERE s.study_id = ? GROUP BY s.rater_id, coalesce(s.sitting_at, s.started_at)`,
    )
    .pluck()
    .all(studyId) as number[];
}
