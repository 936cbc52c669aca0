/** Groups of near-duplicates as they were found last, and contents that lie under several paths. */
import type { Flag } from '../contract/curate.ts';
import type { Db } from './database.ts';

/** An image of a group with what the best is chosen by; `score` is of a pack's active head. */
export interface GroupedImage {
  groupId: number;
  imageId: number;
  pixels: number;
  flag: Flag | null;
  /** 1: it lies at a path where it was seen last, on a drive that may be off; 0: it is gone, or never came. */
  hasFile: 0 | 1;
  score: number | null;
}

/** Replaces what was found before. */
export function saveGroups(db: Db, groups: readonly (readonly number[])[]): void {
  db.transaction(() => {
    db.prepare('DELETE FROM near_duplicate').run();
    const insert = db.prepare('INSERT INTO near_duplicate VALUES (?, ?)');
    for (const group of groups) {
      const first = Math.min(...group);
      for (const id of group) insert.run(id, first);
    }
  });
}

/**
 * Images in groups of which at least two are shown. What was taken out stays in its group, to be in it when it comes back.
 */
export const shownInGroups = `(SELECT image_id FROM near_duplicate WHERE image_id NOT IN (SELECT image_id FROM taken_out) AND group_id IN
  (SELECT group_id FROM near_duplicate WHERE image_id NOT IN (SELECT image_id FROM taken_out) GROUP BY group_id HAVING count(*) > 1))`;

/** Every shown image that is in a group, group by group. */
export function readGroups(db: Db, { packId, target }: { packId: string; target: string }): GroupedImage[] {
  return db
    .prepare(
      `SELECT d.group_id AS groupId, d.image_id AS imageId, coalesce(i.width * i.height, 0) AS pixels, m.flag,
              EXISTS (SELECT 1 FROM file f WHERE f.image_id = d.image_id AND f.is_missing = 0) AS hasFile,
              (SELECT s.value FROM active_head a JOIN score s ON s.head_id = a.head_id
               WHERE a.pack_id = ? AND a.target = ? AND s.image_id = d.image_id) AS score
       FROM near_duplicate d JOIN image i ON i.id = d.image_id LEFT JOIN mark m ON m.image_id = d.image_id
       WHERE d.image_id IN ${shownInGroups}
       ORDER BY d.group_id, d.image_id`,
    )
    .all(packId, target) as GroupedImage[];
}

/** How many groups are shown, and how many images are in them. */
export function countShownGroups(db: Db): { groups: number; images: number } {
  return db
    .prepare(
      `SELECT count(DISTINCT group_id) AS groups, count(*) AS images FROM near_duplicate WHERE image_id IN ${shownInGroups}`,
    )
    .get() as ReturnType<typeof countShownGroups>;
}

/** How many images lie under several paths that are there. */
export function countCopied(db: Db): number {
  return db
    .prepare(
      `SELECT count(*) FROM (SELECT image_id FROM file WHERE is_missing = 0 AND image_id IS NOT NULL
       GROUP BY image_id HAVING count(*) > 1)`,
    )
    .pluck(true)
    .get() as number;
}

/** Shown images with a content that have no vector of a kind and version, with their hash. */
export function imagesWithoutVector(
  db: Db,
  { packId, kind, version }: { packId: string; kind: string; version: number },
): { id: number; hash: string }[] {
  return db
    .prepare(
      `SELECT id, hash FROM image WHERE hash IS NOT NULL AND id NOT IN (SELECT image_id FROM taken_out) AND id NOT IN
       (SELECT image_id FROM feature WHERE pack_id = ? AND kind = ? AND version = ?)`,
    )
    .all(packId, kind, version) as { id: number; hash: string }[];
}
