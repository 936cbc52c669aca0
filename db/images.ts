/**
 * Images and prompts: one row a content, found by hash, or by name while a table knows it but no file has come. What is asked for every
 * file is SQL as it stands: composed anew each time, the queries take longer than their answers.
 */
import type { PromptSource } from '../contract/images.ts';
import { type Db, sqlFor } from './database.ts';
import type { IdRange } from './features.ts';
import type { ImageRow } from './schema.ts';

export interface NewImage {
  hash: string | null;
  name: string;
  /** The name with the folder that the file lies in, `fox/1.png`: a table may have announced it so. */
  nameInFolder?: string;
  format: string | null;
  width: number | null;
  height: number | null;
  sizeBytes: number | null;
}

export function imageByHash(db: Db, hash: string): ImageRow | undefined {
  return db.prepare('SELECT * FROM image WHERE hash = ?').get(hash) as ImageRow | undefined;
}

export function imageById(db: Db, id: number): ImageRow | undefined {
  return db.prepare('SELECT * FROM image WHERE id = ?').get(id) as ImageRow | undefined;
}

const insertImage = `INSERT INTO image (hash, name, format, width, height, size_bytes, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)`;

/**
 * The image of a content: the one with this hash; else one of the same name that a MOS table announced and no file had
 * filled yet; else a new one.
 */
export function saveImage(db: Db, image: NewImage, now: number): number {
  if (image.hash !== null) {
    const known = imageByHash(db, image.hash);
    if (known !== undefined) {
      if (known.format === null) fillImage(db, known.id, image);
      return known.id;
    }
    const announced = db
      .prepare('SELECT id FROM image WHERE name IN (?, ?) AND hash IS NULL')
      .pluck(true)
      .get(image.name, image.nameInFolder ?? image.name) as number | undefined;
    if (announced !== undefined) {
      fillImage(db, announced, image);
      return announced;
    }
  }
  const { hash, name, format, width, height, sizeBytes } = image;
  const { lastInsertRowid } = db.prepare(insertImage).run(hash, name, format, width, height, sizeBytes, now);
  return Number(lastInsertRowid);
}

/** What a file tells of an image that a table announced, by name or by hash. */
function fillImage(db: Db, id: number, { hash, format, width, height, sizeBytes }: NewImage): void {
  const columns = { hash, format, width, height, size_bytes: sizeBytes };
  db.run(sqlFor.updateTable('image').set(columns).where('id', '=', id));
}

/** Sizes in bytes that some image with a content has. */
export function imageSizes(db: Db): Set<number> {
  return new Set(
    db
      .prepare('SELECT DISTINCT size_bytes FROM image WHERE size_bytes IS NOT NULL')
      .pluck(true)
      .all() as number[],
  );
}

/** The id of a prompt's text, added if it is new. */
export function savePrompt(db: Db, text: string): number {
  const known = db.prepare('SELECT id FROM prompt WHERE text = ?').pluck(true).get(text) as
    | number
    | undefined;
  return known ?? Number(db.prepare('INSERT INTO prompt (text) VALUES (?)').run(text).lastInsertRowid);
}

/** A source outranks those after it: what a person listed wins over what a file says of itself. */
const promptRank: Record<PromptSource, number> = { list: 3, sidecar: 2, mosTable: 1, metadata: 0 };

/**
 * Gives an image its prompt, unless it has one from a source of higher rank; says whether it is another one than before. Scores made
 * from signals of another prompt are taken away: they are computed anew.
 */
export function setPrompt(db: Db, imageId: number, text: string, source: PromptSource): boolean {
  const image = imageById(db, imageId);
  if (image === undefined) return false;
  if (image.prompt_source !== null && promptRank[image.prompt_source] > promptRank[source]) return false;
  const promptId = savePrompt(db, text);
  db.prepare('UPDATE image SET prompt_id = ?, prompt_source = ? WHERE id = ?').run(promptId, source, imageId);
  if (image.prompt_id === promptId) return false;
  db.prepare(
    `DELETE FROM score WHERE image_id = ? AND head_id IN (SELECT id FROM head WHERE inputs = 'signals')`,
  ).run(imageId);
  return true;
}

/** Gives an image its generator, unless it has one from a source of higher rank. */
export function setGenerator(
  db: Db,
  imageId: number,
  generator: string,
  source: 'list' | 'metadata' | 'mosTable',
): void {
  const image = imageById(db, imageId);
  if (image === undefined) return;
  if (image.generator_source !== null && promptRank[image.generator_source] > promptRank[source]) return;
  db.prepare('UPDATE image SET generator = ?, generator_source = ? WHERE id = ?').run(
    generator,
    source,
    imageId,
  );
}

/** Sets a further column of an image (`adj1`, `style`, …). */
export function setAttribute(db: Db, imageId: number, name: string, value: string): void {
  db.run(
    sqlFor
      .insertInto('attribute')
      .values({ image_id: imageId, name, value })
      .onConflict((c) => c.columns(['image_id', 'name']).doUpdateSet({ value })),
  );
}

/** Further columns of all images of a MOS set, by image. */
export function attributesOfMosSet(db: Db, mosSetId: number): Map<number, Record<string, string>> {
  const rows = db.all(
    sqlFor
      .selectFrom('attribute')
      .select(['attribute.image_id', 'attribute.name', 'attribute.value'])
      .where('attribute.image_id', 'in', (e) =>
        e.selectFrom('mos').select('mos.image_id').where('mos.mos_set_id', '=', mosSetId),
      ),
  );
  const byImage = new Map<number, Record<string, string>>();
  for (const row of rows) {
    const known = byImage.get(row.image_id) ?? {};
    known[row.name] = row.value;
    byImage.set(row.image_id, known);
  }
  return byImage;
}

export interface GenerationRow {
  tool: string | null;
  negative_prompt: string | null;
  model: string | null;
  seed: string | null;
  steps: number | null;
  cfg: number | null;
  sampler: string | null;
  width: number | null;
  height: number | null;
  problem: string | null;
}

export interface LoraRow {
  name: string;
  weight: number | null;
}

const replaceGeneration = `
  INSERT OR REPLACE INTO generation (image_id, tool, negative_prompt, model, seed, steps, cfg, sampler, width, height, problem)
  VALUES (@imageId, @tool, @negative_prompt, @model, @seed, @steps, @cfg, @sampler, @width, @height, @problem)`;

export function saveGeneration(db: Db, imageId: number, row: GenerationRow, loras: readonly LoraRow[]): void {
  db.prepare(replaceGeneration).run({ imageId, ...row });
  db.prepare('DELETE FROM lora WHERE image_id = ?').run(imageId);
  for (const lora of loras) db.run(sqlFor.insertInto('lora').values({ image_id: imageId, ...lora }));
}

/** In the order of names. */
export function lorasOf(db: Db, imageId: number): LoraRow[] {
  return db.all(sqlFor.selectFrom('lora').select(['name', 'weight']).where('image_id', '=', imageId));
}

export function generationOf(db: Db, imageId: number): GenerationRow | undefined {
  return db.first(sqlFor.selectFrom('generation').selectAll().where('image_id', '=', imageId));
}

/** Names and hashes of images by id. */
export function imageNames(
  db: Db,
  ids: readonly number[],
): Map<number, { name: string; hash: string | null }> {
  const rows = db
    .prepare('SELECT i.id, i.name, i.hash FROM json_each(?) j JOIN image i ON i.id = j.value')
    .all(JSON.stringify(ids)) as { id: number; name: string; hash: string | null }[];
  return new Map(rows.map(({ id, ...image }) => [id, image]));
}

/** Ids of images by name: of every file name they lie under, or lay under before, and the name a table gave them. A name may mean several. */
export function imageIdsByName(db: Db): Map<string, number[]> {
  const byName = new Map<string, number[]>();
  function add(given: string, id: number): void {
    const name = given.normalize('NFC');
    const ids = byName.get(name);
    if (ids === undefined) byName.set(name, [id]);
    else if (!ids.includes(id)) ids.push(id);
  }
  for (const row of db.all(sqlFor.selectFrom('image').select(['id', 'name']))) add(row.name, row.id);
  const files = db.all(
    sqlFor
      .selectFrom('file')
      .select('path')
      .select((e) => e.ref('image_id').$notNull().as('image_id'))
      .where('image_id', 'is not', null),
  );
  for (const file of files) add(file.path.slice(file.path.lastIndexOf('/') + 1), file.image_id);
  return byName;
}

/** The smallest and the largest id there is; null in an empty library. */
export function imageIdRange(db: Db): IdRange | null {
  const row = db.prepare('SELECT min(id) AS first, max(id) AS last FROM image').get() as Partial<IdRange>;
  return row.first == null || row.last == null ? null : { first: row.first, last: row.last };
}

/** Generators with their number of images, the largest first. */
export function listGenerators(db: Db): { generator: string | null; images: number }[] {
  return db.all(
    sqlFor
      .selectFrom('image')
      .select('generator')
      .select((e) => e.fn.countAll<number>().as('images'))
      .groupBy('generator')
      .orderBy('images', 'desc'),
  );
}

/** About how many images there are, without counting them; 0 in an empty library. */
export function largestImageId(db: Db): number {
  return db.prepare('SELECT coalesce(max(id), 0) FROM image').pluck(true).get() as number;
}

/** Counts for the library's summary: what takes a moment only, however large it is. */
export function countLibrary(db: Db): {
  images: number;
  announced: number;
  failed: number;
  studies: number;
  votes: number;
} {
  return db
    .prepare(
      `SELECT (SELECT count(*) FROM image) - (SELECT count(*) FROM taken_out) AS images,
              (SELECT count(*) FROM image WHERE hash IS NULL) AS announced,
              (SELECT count(*) FROM file WHERE failure_code IS NOT NULL AND is_missing = 0) AS failed,
              (SELECT count(*) FROM study) AS studies,
              (SELECT count(*) FROM vote) AS votes`,
    )
    .get() as ReturnType<typeof countLibrary>;
}

/** How many of its images have a file, and how many were scored. */
export function countCoverage(db: Db): { withFiles: number; scored: number } {
  return db
    .prepare(
      `SELECT (SELECT count(DISTINCT image_id) FROM file WHERE image_id IS NOT NULL AND is_missing = 0) AS withFiles,
              (SELECT count(DISTINCT image_id) FROM feature WHERE kind IN ('features', 'image')
                AND image_id NOT IN (SELECT image_id FROM taken_out)) AS scored`,
    )
    .get() as ReturnType<typeof countCoverage>;
}
