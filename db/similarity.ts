/** What image–text similarity needs: texts without an embedding, pairs of image and prompt without a value. */
import type { Db } from './database.ts';
import { bytesOf } from './features.ts';

/** One member of a pack, as far as its similarity is stored. */
export interface MemberSource {
  packId: string;
  member: string;
  /** The kind its image embeddings have in `feature`. */
  kind: string;
  /** The signal its similarity is stored as. */
  signal: string;
  version: number;
}

/** An image with an embedding and a prompt. */
export interface Pair {
  imageId: number;
  promptId: number;
}

/** Those of the given images that have an image embedding and a prompt, but no similarity for that prompt. */
export function pairsWithoutSimilarity(
  db: Db,
  { packId, kind, signal, version }: MemberSource,
  imageIds: readonly number[],
): Pair[] {
  return db
    .prepare(
      `SELECT i.id AS imageId, i.prompt_id AS promptId FROM json_each(?) wanted JOIN image i ON i.id = wanted.value
       WHERE i.prompt_id IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM signal s WHERE s.pack_id = ? AND s.name = ? AND s.image_id = i.id AND s.prompt_id = i.prompt_id)
         AND EXISTS (SELECT 1 FROM feature f WHERE f.pack_id = ? AND f.kind = ? AND f.image_id = i.id AND f.version = ?)`,
    )
    .all(JSON.stringify(imageIds), packId, signal, packId, kind, version) as Pair[];
}

/** The given images with their prompts; those without one are left out. */
export function pairsOfImages(db: Db, imageIds: readonly number[]): Pair[] {
  return db
    .prepare(
      `SELECT i.id AS imageId, i.prompt_id AS promptId FROM json_each(?) wanted JOIN image i ON i.id = wanted.value
       WHERE i.prompt_id IS NOT NULL`,
    )
    .all(JSON.stringify(imageIds)) as Pair[];
}

/** Those of the given prompts that a member has not embedded, with their texts. */
export function promptsWithoutEmbedding(
  db: Db,
  { packId, member, version }: MemberSource,
  promptIds: readonly number[],
): { id: number; text: string }[] {
  return db
    .prepare(
      `SELECT p.id, p.text FROM json_each(?) wanted JOIN prompt p ON p.id = wanted.value
       WHERE NOT EXISTS (SELECT 1 FROM text_embedding t
         WHERE t.pack_id = ? AND t.member = ? AND t.prompt_id = p.id AND t.version = ?)`,
    )
    .all(JSON.stringify(promptIds), packId, member, version) as { id: number; text: string }[];
}

export interface NewTextEmbedding {
  promptId: number;
  values: Float32Array;
  provenanceId: number;
}

/** Stores a prompt's embedding as little-endian float32. */
export function saveTextEmbedding(
  db: Db,
  { packId, member, version }: MemberSource,
  { promptId, values, provenanceId }: NewTextEmbedding,
): void {
  db.prepare(
    `INSERT INTO text_embedding (pack_id, member, prompt_id, version, data, provenance_id) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (pack_id, member, prompt_id) DO UPDATE
     SET version = excluded.version, data = excluded.data, provenance_id = excluded.provenance_id`,
  ).run(packId, member, promptId, version, bytesOf(values), provenanceId);
}

/** A prompt's embedding with what computed it, where it is there. */
export function readTextEmbedding(
  db: Db,
  { packId, member, version }: MemberSource,
  promptId: number,
): { data: Buffer; provenanceId: number | null } | undefined {
  return db
    .prepare(
      `SELECT data, provenance_id AS provenanceId FROM text_embedding
       WHERE pack_id = ? AND member = ? AND prompt_id = ? AND version = ?`,
    )
    .get(packId, member, promptId, version) as { data: Buffer; provenanceId: number | null } | undefined;
}

/** An image's embedding by a member, where it is there. */
export function readImageEmbedding(
  db: Db,
  { packId, kind, version }: MemberSource,
  imageId: number,
): Buffer | undefined {
  return db
    .prepare('SELECT data FROM feature WHERE pack_id = ? AND kind = ? AND image_id = ? AND version = ?')
    .pluck(true)
    .get(packId, kind, imageId, version) as Buffer | undefined;
}
