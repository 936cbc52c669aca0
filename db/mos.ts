/** MOS sets and their rows: derived from votes, or imported. */
import { type Db, sqlFor } from './database.ts';

export function insertMosSet(
  db: Db,
  set: {
    name: string;
    kind: 'study' | 'imported';
    study_id: number | null;
    method: string;
    source: string;
    created_at: number;
  },
): number {
  return db.run(sqlFor.insertInto('mos_set').values(set)).insertedId;
}

export interface MosSetSummary {
  id: number;
  name: string;
  kind: 'study' | 'imported';
  study_id: number | null;
  method: string;
  source: string;
  created_at: number;
  images: number;
  with_files: number;
  dimensions: string | null;
}

const mosSetSummary = `SELECT s.id, s.name, s.kind, s.study_id, s.method, s.source, s.created_at,
  (SELECT count(DISTINCT image_id) FROM mos m WHERE m.mos_set_id = s.id) AS images,
  (SELECT count(DISTINCT m.image_id) FROM mos m JOIN file f ON f.image_id = m.image_id AND f.is_missing = 0
   WHERE m.mos_set_id = s.id) AS with_files,
  (SELECT json_group_array(dimension) FROM (SELECT DISTINCT dimension FROM mos m WHERE m.mos_set_id = s.id)) AS dimensions
  FROM mos_set s`;

/** Not of a study that is still being taken in. */
const isWhole = 'NOT EXISTS (SELECT 1 FROM study t WHERE t.id = s.study_id AND t.is_partial = 1)';

/** All MOS sets, the newest first. */
export function listMosSets(db: Db): MosSetSummary[] {
  return db
    .prepare(`${mosSetSummary} WHERE ${isWhole} ORDER BY s.created_at DESC, s.id DESC`)
    .all() as MosSetSummary[];
}

/** What a set has MOS of. */
export function dimensionsOfMosSet(db: Db, mosSetId: number): string[] {
  // Leaps from one dimension to the next in the index: rows of large sets are not read.
  return db
    .prepare(
      `WITH RECURSIVE d (dimension) AS (
         SELECT min(dimension) FROM mos WHERE mos_set_id = @set
         UNION ALL SELECT (SELECT min(dimension) FROM mos WHERE mos_set_id = @set AND dimension > d.dimension) FROM d
         WHERE d.dimension IS NOT NULL)
       SELECT dimension FROM d WHERE dimension IS NOT NULL`,
    )
    .pluck(true)
    .all({ set: mosSetId }) as string[];
}

export function mosSetById(db: Db, id: number): MosSetSummary | undefined {
  return db.prepare(`${mosSetSummary} WHERE s.id = ?`).get(id) as MosSetSummary | undefined;
}

/** What a set is called and where it came from, without counting what it has. */
export function mosSetOrigin(
  db: Db,
  id: number,
): { name: string; study_id: number | null; source: string | null } | undefined {
  return db.first(sqlFor.selectFrom('mos_set').select(['name', 'study_id', 'source']).where('id', '=', id));
}

/** Sets the MOS of one image and dimension; call it in the transaction of the vote that changed it. */
export function saveMos(
  db: Db,
  row: {
    mosSetId: number;
    dimension: string;
    imageId: number;
    mean: number;
    sd: number | null;
    n: number | null;
  },
): void {
  db.prepare(
    'INSERT OR REPLACE INTO mos (mos_set_id, dimension, image_id, mean, sd, n) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(row.mosSetId, row.dimension, row.imageId, row.mean, row.sd, row.n);
}

/** Takes the MOS of one image and dimension away, where no vote is left that counts. */
export function deleteMos(db: Db, row: { mosSetId: number; imageId: number; dimension: string }): void {
  db.prepare('DELETE FROM mos WHERE mos_set_id = ? AND dimension = ? AND image_id = ?').run(
    row.mosSetId,
    row.dimension,
    row.imageId,
  );
}

/** The lowest and highest mean of a dimension; undefined where it has none. */
export function rangeOfMos(db: Db, mosSetId: number, dimension: string): [number, number] | undefined {
  const [low, high] = db
    .prepare('SELECT min(mean), max(mean) FROM mos WHERE mos_set_id = ? AND dimension = ?')
    .raw(true)
    .get(mosSetId, dimension) as [number | null, number | null];
  return low === null || high === null ? undefined : [low, high];
}

/** Moves the means of a dimension: each becomes `factor` times itself plus `offset`. */
export function moveMos(
  db: Db,
  {
    mosSetId,
    dimension,
    factor,
    offset,
  }: { mosSetId: number; dimension: string; factor: number; offset: number },
): void {
  db.prepare('UPDATE mos SET mean = mean * ? + ? WHERE mos_set_id = ? AND dimension = ?').run(
    ...[factor, offset, mosSetId, dimension],
  );
}

/** Says where a set came from and how its means are made now. */
export function setMosOrigin(
  db: Db,
  mosSetId: number,
  { source, method }: { source: string; method: string },
): void {
  db.run(sqlFor.updateTable('mos_set').set({ source, method }).where('id', '=', mosSetId));
}

/** Says how the means of a set are made now. */
export function setMosMethod(db: Db, mosSetId: number, method: string): void {
  db.run(sqlFor.updateTable('mos_set').set({ method }).where('id', '=', mosSetId));
}

export interface MosRowWithName {
  image_id: number;
  name: string;
  prompt: string | null;
  prompt_id: number | null;
  generator: string | null;
  hash: string | null;
  dimension: string;
  mean: number;
  sd: number | null;
  n: number | null;
}

/** All rows of a set, or those of one dimension: one a dimension and image, in the order of image ids. */
export function mosRows(db: Db, mosSetId: number, dimension?: string): MosRowWithName[] {
  const rows = sqlFor
    .selectFrom('mos')
    .innerJoin('image', 'image.id', 'mos.image_id')
    .leftJoin('prompt', 'prompt.id', 'image.prompt_id')
    .select([
      'mos.image_id',
      'image.name',
      'prompt.text as prompt',
      'image.prompt_id',
      'image.generator',
      'image.hash',
      'mos.dimension',
      'mos.mean',
      'mos.sd',
      'mos.n',
    ])
    .where('mos.mos_set_id', '=', mosSetId)
    .orderBy('mos.image_id')
    .orderBy('mos.dimension');
  return db.all(dimension === undefined ? rows : rows.where('mos.dimension', '=', dimension));
}

/** The images of a set with their prompts, each once. */
export function imagesOfMosSet(db: Db, mosSetId: number): { image_id: number; prompt_id: number | null }[] {
  return db
    .prepare(
      'SELECT id AS image_id, prompt_id FROM image WHERE id IN (SELECT image_id FROM mos WHERE mos_set_id = ?)',
    )
    .all(mosSetId) as { image_id: number; prompt_id: number | null }[];
}

/** The id of the newest MOS set that has rows. */
export function newestMosSetId(db: Db): number | undefined {
  return db
    .prepare(
      `SELECT s.id FROM mos_set s WHERE EXISTS (SELECT 1 FROM mos m WHERE m.mos_set_id = s.id) AND ${isWhole}
       ORDER BY s.created_at DESC, s.id DESC LIMIT 1`,
    )
    .pluck()
    .get() as number | undefined;
}
