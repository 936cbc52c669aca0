/** Studies: their designs, main images and further items. */
import { randomBytes } from 'node:crypto';
import { type Db, sqlFor } from './database.ts';
import type { StudyColumns, StudyItemRow } from './schema-studies.ts';
import { voteCountsOf } from './vote-counts.ts';

/** A name that no other study, session or presentation has, on any machine. */
export function newUid(): string {
  return randomBytes(16).toString('hex');
}

export interface NewStudyRow {
  name: string;
  design: string;
  imageIds: readonly number[];
  uid?: string;
  parentId?: number | null;
  version?: number;
  origin?: StudyColumns['origin'];
  isPartial?: boolean;
}

export function insertStudy(db: Db, study: NewStudyRow, now: number): number {
  const {
    name,
    design,
    uid = newUid(),
    parentId = null,
    version = 1,
    origin = 'own',
    isPartial = false,
  } = study;
  const values = {
    name,
    design,
    created_at: now,
    uid,
    parent_id: parentId,
    version,
    origin,
    is_partial: isPartial ? 1 : 0,
  } as const;
  const id = db.run(sqlFor.insertInto('study').values(values)).insertedId;
  insertStimuli(db, id, study.imageIds);
  return id;
}

export function insertStimuli(db: Db, studyId: number, imageIds: readonly number[]): void {
  const statement = db.prepare('INSERT OR IGNORE INTO stimulus (study_id, image_id) VALUES (?, ?)');
  for (const imageId of imageIds) statement.run(studyId, imageId);
}

/** Takes images out of a study's main ones. */
export function removeStimuli(db: Db, studyId: number, imageIds: readonly number[]): void {
  const statement = db.prepare('DELETE FROM stimulus WHERE study_id = ? AND image_id = ?');
  for (const imageId of imageIds) statement.run(studyId, imageId);
}

/** Says which group a main image belongs to, and which image is its hidden reference. */
export function labelStimulus(
  db: Db,
  stimulus: { studyId: number; imageId: number; group: string | null; referenceId: number | null },
): void {
  db.prepare('UPDATE stimulus SET group_name = ?, reference_id = ? WHERE study_id = ? AND image_id = ?').run(
    stimulus.group,
    stimulus.referenceId,
    stimulus.studyId,
    stimulus.imageId,
  );
}

export function insertStudyItem(db: Db, item: StudyItemRow): void {
  db.run(sqlFor.insertInto('study_item').values(item));
}

/** Training, stabilising, gold and trap items of a study. */
export function studyItemsOf(db: Db, studyId: number): StudyItemRow[] {
  return db.all(
    sqlFor
      .selectFrom('study_item')
      .selectAll()
      .where('study_id', '=', studyId)
      .orderBy('role')
      .orderBy('image_id')
      .orderBy('dimension'),
  );
}

/** Whether an image is shown in a study, in any role. */
export function isShownInStudy(db: Db, studyId: number, imageId: number): boolean {
  const row = db
    .prepare(
      `SELECT 1 FROM stimulus WHERE study_id = @studyId AND image_id = @imageId
       UNION ALL SELECT 1 FROM study_item WHERE study_id = @studyId AND image_id = @imageId LIMIT 1`,
    )
    .get({ studyId, imageId });
  return row !== undefined;
}

/** Takes away what a study that nobody has voted in consists of, so that it can be laid out anew. */
export function clearStudy(db: Db, studyId: number): void {
  for (const table of ['presentation', 'study_item', 'stimulus']) {
    db.prepare(`DELETE FROM ${table} WHERE study_id = ?`).run(studyId);
  }
}

export function updateStudy(
  db: Db,
  studyId: number,
  { name, design }: { name: string; design: string },
): void {
  db.run(sqlFor.updateTable('study').set({ name, design }).where('id', '=', studyId));
  db.run(sqlFor.updateTable('mos_set').set({ name }).where('study_id', '=', studyId));
}

/** Freezes a study: its manifest is kept, and every image keeps the prompt it has now. */
export function freezeStudy(
  db: Db,
  studyId: number,
  frozen: { manifest: string; manifest_hash: string; frozen_at: number },
): void {
  db.run(sqlFor.updateTable('study').set(frozen).where('id', '=', studyId));
  db.prepare(
    `UPDATE stimulus SET prompt_id = i.prompt_id FROM image i
     WHERE i.id = stimulus.image_id AND study_id = ? AND stimulus.prompt_id IS NULL AND i.prompt_id IS NOT NULL`,
  ).run(studyId);
}

/** A study without its counts, and without its manifest. */
export type StudyRow = Omit<StudyColumns, 'manifest'> & { mos_set_id: number };

export interface StudySummary extends StudyRow {
  stimuli: number;
  raters: number;
  votes: number;
}

const studyColumns = `s.id, s.name, s.design, s.created_at, s.uid, s.parent_id, s.version, s.origin, s.frozen_at, s.manifest_hash,
  m.id AS mos_set_id`;
const studySummary = `SELECT ${studyColumns}, (SELECT count(*) FROM stimulus t WHERE t.study_id = s.id) AS stimuli
  FROM study s JOIN mos_set m ON m.study_id = s.id`;

/** All studies, the newest first. */
export function listStudies(db: Db): StudySummary[] {
  const rows = db
    .prepare(`${studySummary} WHERE s.is_partial = 0 ORDER BY s.created_at DESC, s.id DESC`)
    .all() as Uncounted[];
  return rows.map((row) => withCounts(db, row));
}

export function studyById(db: Db, id: number): StudySummary | undefined {
  const row = db.prepare(`${studySummary} WHERE s.id = ?`).get(id) as Uncounted | undefined;
  return row && withCounts(db, row);
}

type Uncounted = Omit<StudySummary, 'raters' | 'votes'>;

function withCounts(db: Db, row: Uncounted): StudySummary {
  const counts = voteCountsOf(db, row.id);
  return { ...row, raters: counts.size, votes: counts.values().reduce((sum, { votes }) => sum + votes, 0) };
}

export function studyRowById(db: Db, id: number): StudyRow | undefined {
  return db
    .prepare(`SELECT ${studyColumns} FROM study s JOIN mos_set m ON m.study_id = s.id WHERE s.id = ?`)
    .get(id) as StudyRow | undefined;
}

export function studyIdByUid(db: Db, uid: string): number | undefined {
  return db.first(sqlFor.selectFrom('study').select('id').where('uid', '=', uid))?.id;
}

/** What was frozen at the first vote, as JSON. */
export function manifestOf(db: Db, studyId: number): string | null {
  return db.first(sqlFor.selectFrom('study').select('manifest').where('id', '=', studyId))?.manifest ?? null;
}

export interface StimulusRow {
  image_id: number;
  name: string;
  hash: string | null;
  format: string | null;
  width: number | null;
  height: number | null;
  size_bytes: number | null;
  prompt_id: number | null;
  prompt: string | null;
  generator: string | null;
  group_name: string | null;
  reference_id: number | null;
}

/** The main images of a study with what they are, in the order of their ids. */
export function stimuliOf(db: Db, studyId: number): StimulusRow[] {
  return db
    .prepare(
      `SELECT t.image_id, i.name, i.hash, i.format, i.width, i.height, i.size_bytes, coalesce(t.prompt_id, i.prompt_id) AS prompt_id,
              p.text AS prompt, i.generator, t.group_name, t.reference_id
       FROM stimulus t JOIN image i ON i.id = t.image_id LEFT JOIN prompt p ON p.id = coalesce(t.prompt_id, i.prompt_id)
       WHERE t.study_id = ? ORDER BY t.image_id`,
    )
    .all(studyId) as StimulusRow[];
}

/** Ids of a study's images, in the order of ids. */
export function imagesOfStudy(db: Db, studyId: number): number[] {
  return db
    .prepare('SELECT image_id FROM stimulus WHERE study_id = ? ORDER BY image_id')
    .pluck(true)
    .all(studyId) as number[];
}

/** How many raters have voted on each main image, and how many more are to, having begun after `since`. */
export function loadOfImages(
  db: Db,
  studyId: number,
  since: number,
): { image_id: number; other_image_id: number | null; voted: number; open: number }[] {
  return db
    .prepare(
      `WITH shown AS (
         SELECT p.image_id, p.other_image_id, p.rater_id,
                EXISTS (SELECT 1 FROM vote v WHERE v.presentation_id = p.id)
                  OR EXISTS (SELECT 1 FROM pair_vote v WHERE v.presentation_id = p.id) AS has_vote
         FROM presentation p WHERE p.study_id = @studyId AND p.role = 'main'),
       recent AS (SELECT DISTINCT rater_id FROM session WHERE study_id = @studyId AND started_at >= @since)
       SELECT image_id, other_image_id, sum(has_vote) AS voted,
              sum(has_vote = 0 AND rater_id IN (SELECT rater_id FROM recent)) AS open
       FROM shown GROUP BY image_id, other_image_id`,
    )
    .all({ studyId, since }) as {
    image_id: number;
    other_image_id: number | null;
    voted: number;
    open: number;
  }[];
}

export function promptTextOf(db: Db, promptId: number | null): string | null {
  if (promptId === null) return null;
  return db.first(sqlFor.selectFrom('prompt').select('text').where('id', '=', promptId))?.text ?? null;
}

/** Prompt and generator of images, as the library knows them. */
export function promptsAndGenerators(
  db: Db,
  imageIds: readonly number[],
): { id: number; prompt_id: number | null; generator: string | null }[] {
  return db
    .prepare('SELECT id, prompt_id, generator FROM image WHERE id IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(imageIds)) as { id: number; prompt_id: number | null; generator: string | null }[];
}
