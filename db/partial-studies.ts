/** Studies that are being taken in piece by piece: hidden until they are whole, else taken away with all that came with them. */
import type { Db } from './database.ts';
import { forgetVoteCounts } from './vote-counts.ts';

/** Makes a study that was stored piece by piece seen. */
export function finishStudy(db: Db, studyId: number): void {
  db.prepare('UPDATE study SET is_partial = 0 WHERE id = ?').run(studyId);
}

/** Studies that are not whole. */
export function partialStudies(db: Db): number[] {
  return db.prepare('SELECT id FROM study WHERE is_partial = 1').pluck().all() as number[];
}

/** Rows that go in one transaction: some milliseconds. */
const rowsAtATime = 500;

/** What goes first, so that nothing refers to what is gone; of votes the later first, which may correct earlier ones. */
const parts = [
  ...['vote', 'pair_vote'].map(
    (table) =>
      `DELETE FROM ${table} WHERE id IN (SELECT v.id FROM presentation p JOIN ${table} v ON v.presentation_id = p.id
       WHERE p.study_id = @studyId ORDER BY v.id DESC LIMIT @rows)`,
  ),
  ...['presentation', 'session'].map(
    (table) =>
      `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE study_id = @studyId LIMIT @rows)`,
  ),
  `DELETE FROM mos WHERE mos_set_id IN (SELECT id FROM mos_set WHERE study_id = @studyId) AND image_id IN
     (SELECT image_id FROM mos WHERE mos_set_id IN (SELECT id FROM mos_set WHERE study_id = @studyId) LIMIT @rows)`,
];

/** Images that came with a study: its own, added since it began. */
export function imagesMadeFor(db: Db, studyId: number): number[] {
  return db
    .prepare(
      `SELECT i.id FROM study s JOIN stimulus t ON t.study_id = s.id JOIN image i ON i.id = t.image_id
       WHERE s.id = ? AND i.added_at >= s.created_at AND i.format IS NULL`,
    )
    .pluck()
    .all(studyId) as number[];
}

/** Takes some of a partial study away, in one transaction; call it until it gives false. */
export function takeSomeAway(db: Db, studyId: number): boolean {
  forgetVoteCounts(db);
  return db.transaction(() => {
    for (const sql of parts) {
      if (db.prepare(sql).run({ studyId, rows: rowsAtATime }).changes > 0) return true;
    }
    db.prepare(
      `DELETE FROM rater WHERE created_at >= (SELECT created_at FROM study WHERE id = ?)
         AND id NOT IN (SELECT rater_id FROM presentation) AND id NOT IN (SELECT rater_id FROM session)
         AND id NOT IN (SELECT rater_id FROM invitation WHERE rater_id IS NOT NULL)`,
    ).run(studyId);
    for (const table of ['stimulus', 'study_item', 'mos_set']) {
      db.prepare(`DELETE FROM ${table} WHERE study_id = ?`).run(studyId);
    }
    return db.prepare('DELETE FROM study WHERE id = ? AND is_partial = 1').run(studyId).changes > 0;
  });
}

/** Columns by which an image that has no file may have come to mean something to somebody. */
const users = [
  ...['file.image_id', 'mos.image_id', 'attribute.image_id', 'study_item.image_id'],
  ...['stimulus.image_id', 'stimulus.reference_id', 'presentation.image_id', 'presentation.other_image_id'],
  ...['mark.image_id', 'tag.image_id', 'collection_image.image_id'],
].map((column) => column.split('.') as [table: string, column: string]);

/** Takes images without a file away, if nothing uses them. */
export function removeUnusedImages(db: Db, imageIds: readonly number[]): void {
  if (imageIds.length === 0) return;
  const unused = users
    .map(([table, column]) => `id NOT IN (SELECT ${column} FROM ${table} WHERE ${column} IS NOT NULL)`)
    .join(' AND ');
  // Looking for references one image at a time would walk every score for each; all users were asked above.
  db.sqlite.pragma('foreign_keys = OFF');
  try {
    db.prepare(
      `DELETE FROM image WHERE id IN (SELECT value FROM json_each(?)) AND format IS NULL AND ${unused}`,
    ).run(JSON.stringify(imageIds));
  } finally {
    db.sqlite.pragma('foreign_keys = ON');
  }
}
