/** Flags, labels, tags and collections, read and changed for many images at once, and the steps by which they were changed. */
import type { Db } from './database.ts';

/** A mark as it was and as it is after: `[imageId, flag, label, flag, label]`. */
export type MarkChange = [number, string | null, string | null, string | null, string | null];

/** What one step changed, so that it can be turned round. */
export interface CurationDelta {
  marks: MarkChange[];
  /** `[tag, imageId]`. */
  tagsAdded: [string, number][];
  tagsRemoved: [string, number][];
  /** `[collectionId, imageId]`. */
  membersAdded: [number, number][];
  membersRemoved: [number, number][];
  /** `[collectionId, name, createdAt]`; the three below are absent from steps of before collections could be renamed. */
  collectionsAdded?: [number, string, number][];
  collectionsRemoved?: [number, string, number][];
  /** `[collectionId, name as it was, name as it is after]`. */
  collectionsRenamed?: [number, string, string][];
}

/** The same step backwards. */
export function invertDelta({ marks, ...delta }: CurationDelta): CurationDelta {
  return {
    marks: marks.map(([id, flag, label, newFlag, newLabel]) => [id, newFlag, newLabel, flag, label]),
    tagsAdded: delta.tagsRemoved,
    tagsRemoved: delta.tagsAdded,
    membersAdded: delta.membersRemoved,
    membersRemoved: delta.membersAdded,
    collectionsAdded: delta.collectionsRemoved ?? [],
    collectionsRemoved: delta.collectionsAdded ?? [],
    collectionsRenamed: (delta.collectionsRenamed ?? []).map(([id, was, is]) => [id, is, was]),
  };
}

/** Does what a delta says, in one transaction. */
export function applyDelta(db: Db, delta: CurationDelta): void {
  db.transaction(() => {
    const mark = db.prepare(
      `INSERT INTO mark VALUES (?, ?, ?) ON CONFLICT (image_id) DO UPDATE SET flag = excluded.flag, label = excluded.label`,
    );
    for (const [id, , , flag, label] of delta.marks) mark.run(id, flag, label);
    // A collection is there before its first image, and goes after its last.
    const statements: [string, (string | number)[][]][] = [
      ['INSERT OR IGNORE INTO collection VALUES (?, ?, ?)', delta.collectionsAdded ?? []],
      [
        'UPDATE collection SET name = ? WHERE id = ?',
        (delta.collectionsRenamed ?? []).map(([id, , name]) => [name, id]),
      ],
      ['INSERT OR IGNORE INTO tag VALUES (?, ?)', delta.tagsAdded],
      ['DELETE FROM tag WHERE name = ? AND image_id = ?', delta.tagsRemoved],
      ['INSERT OR IGNORE INTO collection_image VALUES (?, ?)', delta.membersAdded],
      ['DELETE FROM collection_image WHERE collection_id = ? AND image_id = ?', delta.membersRemoved],
      ['DELETE FROM collection WHERE id = ?', (delta.collectionsRemoved ?? []).map(([id]) => [id])],
    ];
    for (const [sql, rows] of statements) for (const row of rows) db.prepare(sql).run(...row);
  });
}

/** Which of these are no images. */
export function unknownImages(db: Db, imageIds: readonly number[]): number[] {
  return db
    .prepare('SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM image)')
    .pluck(true)
    .all(JSON.stringify(imageIds)) as number[];
}

/** `[imageId, flag, label]` of each of the images, nulls where it has none. */
export function readMarks(db: Db, imageIds: readonly number[]): [number, string | null, string | null][] {
  return db
    .prepare(
      'SELECT wanted.value, m.flag, m.label FROM json_each(?) wanted LEFT JOIN mark m ON m.image_id = wanted.value',
    )
    .raw(true)
    .all(JSON.stringify(imageIds)) as [number, string | null, string | null][];
}

/** Which of the images have a tag. */
export function imagesWithTag(db: Db, name: string, imageIds: readonly number[]): Set<number> {
  const statement = db.prepare(
    'SELECT image_id FROM tag WHERE name = ? AND image_id IN (SELECT value FROM json_each(?))',
  );
  return new Set(statement.pluck(true).all(name, JSON.stringify(imageIds)) as number[]);
}

/** Which of the images are in a collection. */
export function imagesInCollection(db: Db, id: number, imageIds: readonly number[]): Set<number> {
  const statement = db.prepare(
    'SELECT image_id FROM collection_image WHERE collection_id = ? AND image_id IN (SELECT value FROM json_each(?))',
  );
  return new Set(statement.pluck(true).all(id, JSON.stringify(imageIds)) as number[]);
}

/** The id of a collection, whatever the case of its name. */
export function collectionByName(db: Db, name: string): number | undefined {
  return db.prepare('SELECT id FROM collection WHERE name = ?').pluck(true).get(name) as number | undefined;
}

/** A collection as it is stored, with the images in it. */
export function readCollection(
  db: Db,
  id: number,
): { name: string; createdAt: number; imageIds: number[] } | undefined {
  const row = db.prepare('SELECT name, created_at AS createdAt FROM collection WHERE id = ?').get(id) as
    | { name: string; createdAt: number }
    | undefined;
  const members = db.prepare('SELECT image_id FROM collection_image WHERE collection_id = ?').pluck(true);
  return row && { ...row, imageIds: members.all(id) as number[] };
}

/** The id that the next new collection has. */
export function nextCollectionId(db: Db): number {
  return db.prepare('SELECT coalesce(max(id), 0) + 1 FROM collection').pluck(true).get() as number;
}

/** All collections by name, with how many images each has. */
export function listCollections(db: Db): { id: number; name: string; images: number; createdAt: number }[] {
  return db
    .prepare(
      `SELECT c.id, c.name, c.created_at AS createdAt, (SELECT count(*) FROM collection_image i WHERE i.collection_id = c.id) AS images
       FROM collection c ORDER BY c.name`,
    )
    .all() as { id: number; name: string; images: number; createdAt: number }[];
}

/** Tags and collections of one image, by name. */
export function placesOfImage(db: Db, imageId: number): { tags: string[]; collections: string[] } {
  const names = (sql: string) => db.prepare(sql).pluck(true).all(imageId) as string[];
  return {
    tags: names('SELECT name FROM tag WHERE image_id = ? ORDER BY name'),
    collections: names(
      'SELECT c.name FROM collection_image i JOIN collection c ON c.id = i.collection_id WHERE i.image_id = ? ORDER BY c.name',
    ),
  };
}

export interface CurationStep {
  id: number;
  title: string;
  delta: CurationDelta;
}

/** Remembers a step; those that had been undone are no longer to be done again, and only the newest stay. */
export function addStep(
  db: Db,
  step: Omit<CurationStep, 'id'>,
  { now, kept }: { now: number; kept: number },
): void {
  db.prepare('DELETE FROM curation_step WHERE is_undone = 1').run();
  db.prepare('INSERT INTO curation_step (title, change, done_at) VALUES (?, ?, ?)').run(
    step.title,
    JSON.stringify(step.delta),
    now,
  );
  db.prepare('DELETE FROM curation_step WHERE id <= (SELECT max(id) FROM curation_step) - ?').run(kept);
}

/** The step to be undone next (the newest that stands), or done again next (the oldest that was undone). */
export function nextStep(db: Db, direction: 'undo' | 'redo'): CurationStep | undefined {
  const sql =
    direction === 'undo'
      ? 'SELECT id, title, change FROM curation_step WHERE is_undone = 0 ORDER BY id DESC LIMIT 1'
      : 'SELECT id, title, change FROM curation_step WHERE is_undone = 1 ORDER BY id LIMIT 1';
  const row = db.prepare(sql).get() as { id: number; title: string; change: string } | undefined;
  return row && { id: row.id, title: row.title, delta: JSON.parse(row.change) as CurationDelta };
}

export function markStep(db: Db, id: number, isUndone: boolean): void {
  db.prepare('UPDATE curation_step SET is_undone = ? WHERE id = ?').run(isUndone ? 1 : 0, id);
}
