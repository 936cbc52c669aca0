/** Files that go from one root to another, where the folder of one lies inside the other's. */
import type { Db } from './database.ts';

export interface FilesMove {
  from: { rootId: number /** What their paths begin with there: empty, or ends with `/`. */; prefix: string };
  to: { rootId: number; prefix: string };
}

/** Gives the files of one root below a prefix to another root; of two rows for one file the one that knows it better stays. */
export function giveFiles(db: Db, { from, to }: FilesMove): void {
  const values = { from: from.rootId, fromPrefix: from.prefix, to: to.rootId, toPrefix: to.prefix };
  db.prepare(
    `WITH pair AS (
       SELECT a.id AS given, b.id AS there,
              (a.is_missing, a.image_id IS NULL, -a.checked_at) < (b.is_missing, b.image_id IS NULL, -b.checked_at) AS is_better
       FROM file a JOIN file b ON b.root_id = :to AND b.path = :toPrefix || substr(a.path, length(:fromPrefix) + 1)
       WHERE a.root_id = :from AND substr(a.path, 1, length(:fromPrefix)) = :fromPrefix)
     DELETE FROM file WHERE id IN (SELECT CASE WHEN is_better THEN there ELSE given END FROM pair)`,
  ).run(values);
  db.prepare(
    `UPDATE file SET root_id = :to, path = :toPrefix || substr(path, length(:fromPrefix) + 1)
     WHERE root_id = :from AND substr(path, 1, length(:fromPrefix)) = :fromPrefix`,
  ).run(values);
}

/** Takes a root away that has no files any more. */
export function deleteRoot(db: Db, id: number): void {
  db.prepare('DELETE FROM root WHERE id = ?').run(id);
}
