/** What exports tell of images, read for many images at once so that memory stays bounded. */
import type { ColourLabel } from '../contract/curate.ts';
import type { PromptSource } from '../contract/images.ts';
import type { Db } from './database.ts';

/** A file that holds an image. */
export interface ExportedFile {
  image_id: number;
  root: string;
  path: string;
  raw_path: Buffer | null;
  size_bytes: number;
  mtime_ms: number;
}

const fileColumns = 'f.image_id, r.path AS root, f.path, f.raw_path, f.size_bytes, f.mtime_ms';

/** Files of some images that are there, by image, in the order of paths. */
export function readFiles(db: Db, ids: readonly number[]): Map<number, ExportedFile[]> {
  const rows = db
    .prepare(
      `SELECT ${fileColumns} FROM json_each(?) wanted CROSS JOIN file f ON f.image_id = wanted.value
       JOIN root r ON r.id = f.root_id WHERE f.is_missing = 0 ORDER BY r.path, f.path`,
    )
    .all(JSON.stringify(ids)) as ExportedFile[];
  return Map.groupBy(rows, (row) => row.image_id);
}

/** All files that hold an image, in blocks, in the order of paths. */
export function* eachFileBlock(db: Db, most: number): Generator<ExportedFile[]> {
  const roots = db.prepare('SELECT id FROM root ORDER BY path').pluck(true).all() as number[];
  const next = db.prepare(
    `SELECT ${fileColumns} FROM file f JOIN root r ON r.id = f.root_id
     WHERE f.root_id = ? AND f.path > ? AND f.is_missing = 0 AND f.image_id IS NOT NULL ORDER BY f.path LIMIT ?`,
  );
  for (const rootId of roots) {
    let after = '';
    for (;;) {
      const block = next.all(rootId, after, most) as ExportedFile[];
      if (block.length > 0) yield block;
      if (block.length < most) break;
      after = block.at(-1)!.path;
    }
  }
}

/** How many files some images lie in. */
export function countFiles(db: Db, ids: readonly number[]): number {
  return db
    .prepare(
      `SELECT count(*) FROM json_each(?) wanted CROSS JOIN file f ON f.image_id = wanted.value WHERE f.is_missing = 0`,
    )
    .pluck(true)
    .get(JSON.stringify(ids)) as number;
}

export interface ExportedImage {
  id: number;
  name: string;
  hash: string | null;
  format: string | null;
  width: number | null;
  height: number | null;
  size_bytes: number | null;
  added_at: number;
  prompt: string | null;
  prompt_source: PromptSource | null;
  generator: string | null;
  flag: 'pick' | 'reject' | null;
  label: ColourLabel | null;
}

/** The images themselves, with prompt, flag and label; unknown ids are left out. */
export function readExportedImages(db: Db, ids: readonly number[]): Map<number, ExportedImage> {
  const rows = db
    .prepare(
      `SELECT i.id, i.name, i.hash, i.format, i.width, i.height, i.size_bytes, i.added_at, p.text AS prompt,
              i.prompt_source, i.generator, m.flag, m.label
       FROM json_each(?) wanted CROSS JOIN image i ON i.id = wanted.value
       LEFT JOIN prompt p ON p.id = i.prompt_id LEFT JOIN mark m ON m.image_id = i.id`,
    )
    .all(JSON.stringify(ids)) as ExportedImage[];
  return new Map(rows.map((row) => [row.id, row]));
}

export interface ExportedGeneration {
  image_id: number;
  tool: string | null;
  negative_prompt: string | null;
  model: string | null;
  seed: string | null;
  steps: number | null;
  cfg: number | null;
  sampler: string | null;
}

/** How images were generated, of those whose file says it. */
export function readGenerations(db: Db, ids: readonly number[]): Map<number, ExportedGeneration> {
  const rows = db
    .prepare(`SELECT g.* FROM json_each(?) wanted CROSS JOIN generation g ON g.image_id = wanted.value`)
    .all(JSON.stringify(ids)) as ExportedGeneration[];
  return new Map(rows.map((row) => [row.image_id, row]));
}

/** The packed texts of the images' files, by image. */
export function readPackedTexts(db: Db, ids: readonly number[]): Map<number, Buffer> {
  const rows = db
    .prepare(
      'SELECT r.image_id, r.data FROM json_each(?) wanted CROSS JOIN raw_metadata r ON r.image_id = wanted.value',
    )
    .raw(true)
    .all(JSON.stringify(ids)) as [number, Buffer][];
  return new Map(rows);
}

/** Votes of any dimension that count, by image. */
export function countVotesOf(db: Db, ids: readonly number[]): Map<number, number> {
  return readPairs(
    db,
    `SELECT v.image_id, count(*) FROM json_each(?) wanted CROSS JOIN current_vote v ON v.image_id = wanted.value
     GROUP BY v.image_id`,
    [ids],
  );
}

/** Tags, or names of collections, by image, each image's by name. */
export function readTexts(
  db: Db,
  what: 'tags' | 'collections',
  ids: readonly number[],
): Map<number, string[]> {
  const from =
    what === 'tags'
      ? 'tag t ON t.image_id = wanted.value'
      : 'collection_image i ON i.image_id = wanted.value JOIN collection t ON t.id = i.collection_id';
  const rows = db
    .prepare(`SELECT wanted.value, t.name FROM json_each(?) wanted CROSS JOIN ${from} ORDER BY t.name`)
    .raw(true)
    .all(JSON.stringify(ids)) as [number, string][];
  const byImage = new Map<number, string[]>();
  for (const [id, name] of rows) byImage.set(id, [...(byImage.get(id) ?? []), name]);
  return byImage;
}

/** Scores of the active head of a target, by image. */
export function readScoresOf(
  db: Db,
  { packId, target }: { packId: string; target: string },
  ids: readonly number[],
): Map<number, number> {
  return readPairs(
    db,
    `SELECT s.image_id, s.value FROM active_head a CROSS JOIN json_each(?) wanted
     CROSS JOIN score s ON s.head_id = a.head_id AND s.image_id = wanted.value WHERE a.pack_id = ? AND a.target = ?`,
    [ids, packId, target],
  );
}

export interface ExportedMos {
  image_id: number;
  mean: number;
  sd: number | null;
  n: number | null;
}

/** MOS of one dimension of a set, by image. */
export function readMosOf(
  db: Db,
  { mosSetId, dimension }: { mosSetId: number; dimension: string },
  ids: readonly number[],
): Map<number, ExportedMos> {
  const rows = db
    .prepare(
      `SELECT m.image_id, m.mean, m.sd, m.n FROM json_each(?) wanted
       CROSS JOIN mos m ON m.mos_set_id = ? AND m.dimension = ? AND m.image_id = wanted.value`,
    )
    .all(JSON.stringify(ids), mosSetId, dimension) as ExportedMos[];
  return new Map(rows.map((row) => [row.image_id, row]));
}

/** One further column of imported tables, by image. */
export function readAttributeOf(db: Db, name: string, ids: readonly number[]): Map<number, string> {
  return readPairs(
    db,
    `SELECT a.image_id, a.value FROM json_each(?) wanted CROSS JOIN attribute a ON a.image_id = wanted.value AND a.name = ?`,
    [ids, name],
  );
}

/** Names of all further columns. */
export function listAttributes(db: Db): string[] {
  // Leaps from one name to the next in the index: there are as many rows as images and columns.
  return db
    .prepare(
      `WITH RECURSIVE a (name) AS (
         SELECT min(name) FROM attribute
         UNION ALL SELECT (SELECT min(name) FROM attribute WHERE name > a.name) FROM a WHERE a.name IS NOT NULL)
       SELECT name FROM a WHERE name IS NOT NULL`,
    )
    .pluck(true)
    .all() as string[];
}

/** Ids of the images of a MOS set, in the order of ids. */
export function imagesOfMosSet(db: Db, mosSetId: number): number[] {
  return db
    .prepare('SELECT DISTINCT image_id FROM mos WHERE mos_set_id = ? ORDER BY image_id')
    .pluck(true)
    .all(mosSetId) as number[];
}

function readPairs<Value>(
  db: Db,
  sql: string,
  [ids, ...rest]: [readonly number[], ...(string | number)[]],
): Map<number, Value> {
  const rows = db
    .prepare(sql)
    .raw(true)
    .all(JSON.stringify(ids), ...rest) as [number, Value][];
  return new Map(rows);
}
