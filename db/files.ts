/** Roots and files: where images lie, and which files could not be scored. */
import { type Db, sqlFor } from './database.ts';
import type { FileRow, RootRow } from './schema.ts';
import { bringBack } from './taken-out.ts';

/** The root for a folder, added if it is new; `recursive` is updated. */
export function saveRoot(db: Db, path: string, recursive: boolean, now: number): RootRow {
  db.run(
    sqlFor
      .insertInto('root')
      .values({ path, recursive: recursive ? 1 : 0, added_at: now })
      .onConflict((c) => c.column('path').doUpdateSet({ recursive: recursive ? 1 : 0 })),
  );
  return db.first(sqlFor.selectFrom('root').selectAll().where('path', '=', path))!;
}

/** An image has no file that is there; a file that is elsewhere now was moved, and is not missing. */
const hasNoFile =
  'NOT EXISTS (SELECT 1 FROM file other WHERE other.image_id = f.image_id AND other.is_missing = 0)';

/** What somebody rejected, and then moved to the trash, is missed by nobody. */
const isNotRejected =
  "NOT EXISTS (SELECT 1 FROM mark WHERE mark.image_id = f.image_id AND mark.flag = 'reject')";

/** What lay in a folder that was taken out meanwhile is not missed either. */
const isShown = 'NOT EXISTS (SELECT 1 FROM taken_out WHERE taken_out.image_id = f.image_id)';

/** All roots with their file counts: those that are there, those that could not be read, those of images that are gone and that nobody rejected. */
export function listRoots(db: Db): (RootRow & { files: number; failed: number; missing: number })[] {
  return db
    .prepare(
      `SELECT r.*, count(f.id) FILTER (WHERE f.is_missing = 0) AS files,
              count(f.failure_code) FILTER (WHERE f.is_missing = 0) AS failed,
              count(f.id) FILTER (WHERE f.is_missing = 1 AND f.image_id IS NOT NULL AND ${hasNoFile} AND ${isNotRejected} AND ${isShown}) AS missing
       FROM root r LEFT JOIN file f ON f.root_id = r.id GROUP BY r.id ORDER BY r.added_at, r.id`,
    )
    .all() as ReturnType<typeof listRoots>;
}

/** The roots alone, which is quick however many files they have. */
export function allRoots(db: Db): RootRow[] {
  return db.all(sqlFor.selectFrom('root').selectAll().orderBy('added_at').orderBy('id'));
}

export function rootById(db: Db, id: number): RootRow | undefined {
  return db.first(sqlFor.selectFrom('root').selectAll().where('id', '=', id));
}

/** Whether a root has files that were there when last looked. */
export function hasFiles(db: Db, rootId: number): boolean {
  const statement = db.prepare('SELECT 1 FROM file WHERE root_id = ? AND is_missing = 0 LIMIT 1');
  return statement.get(rootId) !== undefined;
}

export function setRootWatched(db: Db, id: number, isWatched: boolean): void {
  db.run(
    sqlFor
      .updateTable('root')
      .set({ is_watched: isWatched ? 1 : 0 })
      .where('id', '=', id),
  );
}

/** @param since null: it can be reached */
export function setRootOffline(db: Db, id: number, since: number | null): void {
  db.run(sqlFor.updateTable('root').set({ offline_since: since }).where('id', '=', id));
}

/** Says where a root lies now. */
export function changeRootPath(db: Db, id: number, path: string): void {
  db.run(sqlFor.updateTable('root').set({ path }).where('id', '=', id));
}

/** Names that are not UTF-8 are kept with the whole of their path: it moves with the root. */
export function moveRawPaths(db: Db, rootId: number, { from, to }: { from: string; to: string }): void {
  const rows = db
    .prepare('SELECT id, raw_path FROM file WHERE root_id = ? AND raw_path IS NOT NULL')
    .all(rootId) as { id: number; raw_path: Buffer }[];
  const [before, after] = [from, to].map((path) => Buffer.from(path.replace(/\/+$/, '')));
  for (const { id, raw_path } of rows) {
    if (!raw_path.subarray(0, before!.length).equals(before!)) continue;
    const moved = Buffer.concat([after!, raw_path.subarray(before!.length)]);
    db.run(sqlFor.updateTable('file').set({ raw_path: moved }).where('id', '=', id));
  }
}

/** Paths of some files of a root, spread over all of them. */
export function sampleFiles(db: Db, rootId: number, most: number): string[] {
  return db
    .prepare(
      `SELECT path FROM (SELECT path, row_number() OVER (ORDER BY path) - 1 AS place, count(*) OVER () AS total
         FROM file WHERE root_id = ? AND is_missing = 0 AND raw_path IS NULL)
       WHERE place % max(1, total / ?) = 0 LIMIT ?`,
    )
    .pluck(true)
    .all(rootId, most, most) as string[];
}

/** Files of a root in the order of their paths, `limit` of them behind a path. */
export function filesOfRootAfter(db: Db, rootId: number, after: string, limit: number): FileRow[] {
  return db
    .prepare('SELECT * FROM file WHERE root_id = ? AND path > ? ORDER BY path LIMIT ?')
    .all(rootId, after, limit) as FileRow[];
}

/** The file at a path of a root, and those below it where it is, or was, a folder. */
export function filesAtOrBelow(db: Db, rootId: number, path: string): FileRow[] {
  // `0` follows `/`.
  return db
    .prepare(
      `SELECT * FROM file WHERE root_id = :rootId
       AND (path = :path OR (path > :path || '/' AND path < :path || '0'))`,
    )
    .all({ rootId, path }) as FileRow[];
}

/** Paths of a root's files that have a name of this stem: `a/fox` has `a/fox.png`. */
export function pathsOfStem(db: Db, rootId: number, stem: string): string[] {
  // `/` follows `.`.
  return db
    .prepare("SELECT path FROM file WHERE root_id = :rootId AND path > :stem || '.' AND path < :stem || '/'")
    .pluck(true)
    .all({ rootId, stem }) as string[];
}

export interface FoundFile {
  rootId: number;
  path: string;
  rawPath: Buffer | null;
  sizeBytes: number;
  mtimeMs: number;
}

/** What became of a found file: an image, or the reason why not. */
export type FileOutcome = { imageId: number } | { failure: { code: string; message: string } };

const upsertFile = `
  INSERT INTO file (root_id, path, raw_path, size_bytes, mtime_ms, image_id, failure_code, failure_message, is_missing, checked_at)
  VALUES (@rootId, @path, @rawPath, @sizeBytes, @mtimeMs, @imageId, @failureCode, @failureMessage, 0, @now)
  ON CONFLICT (root_id, path) DO UPDATE SET
    raw_path = excluded.raw_path, size_bytes = excluded.size_bytes, mtime_ms = excluded.mtime_ms, image_id = excluded.image_id,
    failure_code = excluded.failure_code, failure_message = excluded.failure_message, is_missing = 0, checked_at = excluded.checked_at`;

/** Remembers a file and what became of it; replaces what was known of the same path. */
export function saveFile(db: Db, file: FoundFile, outcome: FileOutcome, now: number): void {
  const imageId = 'imageId' in outcome ? outcome.imageId : null;
  const failure = 'failure' in outcome ? outcome.failure : null;
  if (imageId !== null) bringBack(db, imageId);
  db.prepare(upsertFile).run({
    ...{ rootId: file.rootId, path: file.path, rawPath: file.rawPath },
    ...{ sizeBytes: file.sizeBytes, mtimeMs: file.mtimeMs, imageId },
    ...{ failureCode: failure?.code ?? null, failureMessage: failure?.message ?? null, now },
  });
}

/** Marks files that were not found again; their images, scores and votes stay. */
export function markMissing(db: Db, fileIds: readonly number[], now: number): void {
  for (const id of fileIds) {
    db.run(sqlFor.updateTable('file').set({ is_missing: 1, checked_at: now }).where('id', '=', id));
  }
  const of = db
    .prepare(
      'SELECT DISTINCT image_id FROM file WHERE image_id IS NOT NULL AND id IN (SELECT value FROM json_each(?))',
    )
    .pluck(true);
  for (const imageId of of.all(JSON.stringify(fileIds)) as number[]) followRename(db, imageId);
}

/**
 * Gives an image the name of its first file by path where the one that it was called after is gone: it was renamed. The old name goes on to
 * be known (`imageIdsByName`).
 */
export function followRename(db: Db, imageId: number): void {
  const files = db
    .prepare(
      `SELECT i.name, f.is_missing, r.path || '/' || f.path AS path FROM image i JOIN file f ON f.image_id = i.id
       JOIN root r ON r.id = f.root_id WHERE i.id = ? ORDER BY r.path, f.path`,
    )
    .all(imageId) as { name: string; is_missing: 0 | 1; path: string }[];
  const carriers = files.filter(({ name, path }) => path.endsWith(`/${name}`));
  const there = files.find(({ is_missing }) => is_missing === 0);
  if (there === undefined || carriers.length === 0 || carriers.some(({ is_missing }) => is_missing === 0))
    return;
  const name = there.path.slice(there.path.lastIndexOf('/') + 1);
  db.prepare('UPDATE image SET name = ? WHERE id = ?').run(name, imageId);
}

/** How many of some files are of images that no file is left of. */
export function countLost(db: Db, fileIds: readonly number[]): number {
  return db
    .prepare(
      `SELECT count(*) FROM file f WHERE f.id IN (SELECT value FROM json_each(?)) AND f.image_id IS NOT NULL AND ${hasNoFile}`,
    )
    .pluck(true)
    .get(JSON.stringify(fileIds)) as number;
}

/**
 * Files of an image with their root's path, the newest first.
 *
 * @param andMissing also those that were not there when their folder was looked at last: they may be back since
 */
export function filesOfImage(
  db: Db,
  imageId: number,
  { andMissing = false } = {},
): { root: string; path: string; raw_path: Buffer | null; size_bytes: number; mtime_ms: number }[] {
  return db.all(
    sqlFor
      .selectFrom('file')
      .innerJoin('root', 'root.id', 'file.root_id')
      .select(['root.path as root', 'file.path', 'file.raw_path', 'file.size_bytes', 'file.mtime_ms'])
      .where('file.image_id', '=', imageId)
      .where('file.is_missing', '<=', andMissing ? 1 : 0)
      .orderBy('file.is_missing')
      .orderBy('file.checked_at', 'desc'),
  );
}

/** A file that holds an image, as it was when its content was hashed. */
export interface FileOfImage {
  id: number;
  image_id: number;
  root: string;
  path: string;
  raw_path: Buffer | null;
  size_bytes: number;
  mtime_ms: number;
}

/** Files of some images that are there, with their root's path. */
export function filesOfImages(db: Db, imageIds: readonly number[]): FileOfImage[] {
  return db
    .prepare(
      `SELECT f.id, f.image_id, r.path AS root, f.path, f.raw_path, f.size_bytes, f.mtime_ms FROM file f JOIN root r ON r.id = f.root_id
       WHERE f.is_missing = 0 AND f.image_id IN (SELECT value FROM json_each(?)) ORDER BY r.path, f.path`,
    )
    .all(JSON.stringify(imageIds)) as FileOfImage[];
}

/** Files that failed, the newest first. */
export function listFailures(
  db: Db,
): { root: string; path: string; failure_code: string; failure_message: string; checked_at: number }[] {
  return db.all(
    sqlFor
      .selectFrom('file')
      .innerJoin('root', 'root.id', 'file.root_id')
      .select(['root.path as root', 'file.path', 'file.checked_at'])
      .select((e) => [
        e.ref('file.failure_code').$notNull().as('failure_code'),
        e.ref('file.failure_message').$notNull().as('failure_message'),
      ])
      .where('file.failure_code', 'is not', null)
      .where('file.is_missing', '=', 0)
      .orderBy('file.checked_at', 'desc')
      .orderBy('file.path'),
  );
}

/** One row a file that has an image, for the scores table: in the order of paths. */
export function filesWithImages(db: Db): { root: string; path: string; image_id: number }[] {
  return db.all(
    sqlFor
      .selectFrom('file')
      .innerJoin('root', 'root.id', 'file.root_id')
      .select(['root.path as root', 'file.path'])
      .select((e) => e.ref('file.image_id').$notNull().as('image_id'))
      .where('file.image_id', 'is not', null)
      .where('file.is_missing', '=', 0)
      .orderBy('root.path')
      .orderBy('file.path'),
  );
}
