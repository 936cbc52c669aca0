/** Invitations to studies, and the tokens of raters who have joined. */
import { type Db, sqlFor } from './database.ts';
import type { InvitationRow, RaterTokenRow } from './schema-studies.ts';

export function insertInvitation(db: Db, invitation: Omit<InvitationRow, 'id' | 'revoked_at'>): number {
  return db.run(sqlFor.insertInto('invitation').values(invitation)).insertedId;
}

export function invitationByCode(db: Db, code: string): InvitationRow | undefined {
  return db.first(sqlFor.selectFrom('invitation').selectAll().where('code', '=', code));
}

/** A rater's own invitation that is valid at `now`. */
export function invitationOfRater(
  db: Db,
  { studyId, raterId, now }: { studyId: number; raterId: number; now: number },
): InvitationRow | undefined {
  return db.first(
    sqlFor
      .selectFrom('invitation')
      .selectAll()
      .where('study_id', '=', studyId)
      .where('rater_id', '=', raterId)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .orderBy('id')
      .limit(1),
  );
}

/** All invitations of a study with the rater's name and how many tokens they gave, in the order they were made. */
export function listInvitations(
  db: Db,
  studyId: number,
): (InvitationRow & { rater: string | null; joined: number })[] {
  return db
    .prepare(
      `SELECT i.*, r.name AS rater, (SELECT count(*) FROM rater_token t WHERE t.invitation_id = i.id) AS joined
       FROM invitation i LEFT JOIN rater r ON r.id = i.rater_id WHERE i.study_id = ? ORDER BY i.id`,
    )
    .all(studyId) as (InvitationRow & { rater: string | null; joined: number })[];
}

/** Codes that are valid for everybody at `now`, with their studies' names. */
export function listOpenCodes(db: Db, now: number): { study: string; code: string }[] {
  return db
    .prepare(
      `SELECT s.name AS study, i.code FROM invitation i JOIN study s ON s.id = i.study_id
       WHERE i.rater_id IS NULL AND i.revoked_at IS NULL AND i.expires_at > ? ORDER BY i.id`,
    )
    .all(now) as { study: string; code: string }[];
}

export function revokeInvitation(db: Db, id: number, now: number): InvitationRow | undefined {
  db.run(
    sqlFor
      .updateTable('invitation')
      .set({ revoked_at: now })
      .where('id', '=', id)
      .where('revoked_at', 'is', null),
  );
  return db.first(sqlFor.selectFrom('invitation').selectAll().where('id', '=', id));
}

export function insertRaterToken(db: Db, token: RaterTokenRow): void {
  db.run(sqlFor.insertInto('rater_token').values(token));
}

export function deleteRaterToken(db: Db, hash: string): void {
  db.run(sqlFor.deleteFrom('rater_token').where('hash', '=', hash));
}

/** Whose token it is, while it and the invitation it came from are valid. */
export function raterOfToken(
  db: Db,
  hash: string,
  now: number,
): { study_id: number; rater_id: number; name: string } | undefined {
  return db
    .prepare(
      `SELECT t.study_id, t.rater_id, r.name FROM rater_token t JOIN rater r ON r.id = t.rater_id
       JOIN invitation i ON i.id = t.invitation_id
       WHERE t.hash = ? AND t.expires_at > ? AND i.expires_at > ? AND i.revoked_at IS NULL`,
    )
    .get(hash, now, now) as { study_id: number; rater_id: number; name: string } | undefined;
}

/** Whether a rater takes part in a study already: invited by name, or with something laid out for them. */
export function takesPart(db: Db, studyId: number, raterId: number): boolean {
  const row = db
    .prepare(
      `SELECT 1 FROM invitation WHERE study_id = @studyId AND rater_id = @raterId
       UNION ALL SELECT 1 FROM presentation WHERE study_id = @studyId AND rater_id = @raterId LIMIT 1`,
    )
    .get({ studyId, raterId });
  return row !== undefined;
}
