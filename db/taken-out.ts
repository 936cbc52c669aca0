/** Folders that are taken out of a library: their files are forgotten, and images that lie nowhere else are not shown any more. */
import { sql } from 'kysely';
import type { Db } from './database.ts';

/** A file of a root, by its row. */
export interface TakenFile {
  id: number;
  image_id: number | null;
}

/** How many files of a root are known, there or not. */
export function countFiles(db: Db, rootId: number): number {
  return db.prepare('SELECT count(*) FROM file WHERE root_id = ?').pluck(true).get(rootId) as number;
}

/** Some files of a root; none where it has none any more. */
export function someFilesOf(db: Db, rootId: number, most: number): TakenFile[] {
  return db
    .prepare('SELECT id, image_id FROM file WHERE root_id = ? LIMIT ?')
    .all(rootId, most) as TakenFile[];
}

/** Forgets where a file lies; its image is not shown from then on, unless another file of it is there. */
export function takeFileOut(db: Db, { id, image_id }: TakenFile): void {
  db.prepare('DELETE FROM file WHERE id = ?').run(id);
  if (image_id === null) return;
  db.prepare(
    'INSERT OR IGNORE INTO taken_out SELECT :id WHERE NOT EXISTS (SELECT 1 FROM file WHERE image_id = :id AND is_missing = 0)',
  ).run({ id: image_id });
}

/** A file of the image is there (again): it is shown as ever. */
export function bringBack(db: Db, imageId: number): void {
  db.prepare('DELETE FROM taken_out WHERE image_id = ?').run(imageId);
}

/** Whether any image is not shown. */
export function hasTakenOut(db: Db): boolean {
  return db.prepare('SELECT 1 FROM taken_out LIMIT 1').get() !== undefined;
}

/** The images that are not shown. */
export const takenOutImages = sql`(select image_id from taken_out)`;

/** The condition that an image is shown. */
export const isShownImage = sql<boolean>`image.id not in ${takenOutImages}`;

/** What a folder takes along. */
export interface TakeOutCounts {
  /** Images that are there nowhere else. */
  images: number;
  /** Images that are in another folder of the library, too, and there. */
  elsewhere: number;
  /** Of `images` those with votes or a MOS, or that are in a study. */
  rated: number;
}

/** What would be taken out with a root. */
export function countTakeOut(db: Db, rootId: number): TakeOutCounts {
  return db
    .prepare(
      `WITH own AS MATERIALIZED (SELECT DISTINCT image_id FROM file WHERE root_id = :rootId AND image_id IS NOT NULL),
            alone AS MATERIALIZED (SELECT image_id FROM own WHERE NOT EXISTS
              (SELECT 1 FROM file f WHERE f.image_id = own.image_id AND f.root_id <> :rootId AND f.is_missing = 0))
       SELECT (SELECT count(*) FROM alone) AS images,
              (SELECT count(*) FROM own) - (SELECT count(*) FROM alone) AS elsewhere,
              (SELECT count(*) FROM alone WHERE image_id IN (SELECT image_id FROM stimulus)
                OR EXISTS (SELECT 1 FROM mos m WHERE m.image_id = alone.image_id)
                OR EXISTS (SELECT 1 FROM presentation p JOIN vote v ON v.presentation_id = p.id WHERE p.image_id = alone.image_id)) AS rated`,
    )
    .get({ rootId }) as TakeOutCounts;
}
