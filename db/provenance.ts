/** What computed stored numbers: runtime, provider and precision, how many there are of each, and what goes when they are computed again. */
import type { Db } from './database.ts';

/** What numbers were computed with, as the table has it. */
export interface ProvenanceColumns {
  runtime: string;
  provider: string;
  precision: string;
}

/** The id of a provenance, added if it is new. The table's column for sessions that rearrange weights is always 0: there are none (decision 7). */
export function saveProvenance(db: Db, provenance: ProvenanceColumns): number {
  const { runtime, provider, precision } = provenance;
  const columns = [runtime, provider, precision];
  const find = db.prepare(
    'SELECT id FROM provenance WHERE runtime = ? AND provider = ? AND precision = ? AND is_prepacked = 0',
  );
  const known = find.pluck(true).get(...columns) as number | undefined;
  if (known !== undefined) return known;
  const add = db.prepare(
    'INSERT INTO provenance (runtime, provider, precision, is_prepacked) VALUES (?, ?, ?, 0)',
  );
  return Number(add.run(...columns).lastInsertRowid);
}

/** How much of a pack was computed with one provenance. */
export interface ProvenanceCount extends ProvenanceColumns {
  /** Images with vectors, and prompts with embeddings; of several members the most that one has. */
  images: number;
  prompts: number;
}

/** What computed the stored vectors and embeddings of a pack in one version, the most frequent first: from indexes alone. */
export function countByProvenance(db: Db, packId: string, version: number): ProvenanceCount[] {
  return db
    .prepare(
      `WITH counted AS (
         SELECT provenance_id AS id, count(*) AS images, 0 AS prompts FROM feature
         WHERE pack_id = @packId AND version = @version GROUP BY kind, provenance_id
         UNION ALL
         SELECT provenance_id, 0, count(*) FROM text_embedding
         WHERE pack_id = @packId AND version = @version GROUP BY member, provenance_id)
       SELECT p.runtime, p.provider, p.precision, max(c.images) AS images, max(c.prompts) AS prompts
       FROM counted c JOIN provenance p ON p.id = c.id
       GROUP BY p.id ORDER BY images DESC, prompts DESC, p.id`,
    )
    .all({ packId, version }) as ProvenanceCount[];
}

/** Where it stands what computed the numbers of a pack: the kinds of its vectors, and the members that embed prompts. */
export interface ComputedSource {
  packId: string;
  version: number;
  kinds: readonly string[];
  members: readonly string[];
}

/** What computed the vectors of some images and the embeddings of their prompts: each provenance of an image once. */
export function readProvenanceOf(
  db: Db,
  { packId, version, kinds, members }: ComputedSource,
  imageIds: readonly number[],
): (ProvenanceColumns & { imageId: number })[] {
  return db
    .prepare(
      `WITH used AS (
         SELECT wanted.value AS imageId, f.provenance_id AS id FROM json_each(@ids) wanted CROSS JOIN json_each(@kinds) k
         CROSS JOIN feature f ON f.pack_id = @packId AND f.kind = k.value AND f.image_id = wanted.value AND f.version = @version
         UNION
         SELECT i.id, t.provenance_id FROM json_each(@ids) wanted CROSS JOIN image i ON i.id = wanted.value
         CROSS JOIN json_each(@members) m CROSS JOIN text_embedding t
         ON t.pack_id = @packId AND t.member = m.value AND t.prompt_id = i.prompt_id AND t.version = @version
         WHERE EXISTS (SELECT 1 FROM feature f WHERE f.pack_id = @packId AND f.kind IN (SELECT value FROM json_each(@kinds))
                       AND f.image_id = i.id AND f.version = @version))
       SELECT used.imageId, p.runtime, p.provider, p.precision FROM used JOIN provenance p ON p.id = used.id`,
    )
    .all({
      ids: JSON.stringify(imageIds),
      kinds: JSON.stringify(kinds),
      members: JSON.stringify(members),
      packId,
      version,
    }) as (ProvenanceColumns & { imageId: number })[];
}

/** Whether a pack has text embeddings in a version that were computed with something else. */
export function hasTextsOfOthers(db: Db, packId: string, version: number, provenanceId: number): boolean {
  const found = db
    .prepare(
      'SELECT 1 FROM text_embedding WHERE pack_id = ? AND version = ? AND provenance_id IS NOT ? LIMIT 1',
    )
    .get(packId, version, provenanceId);
  return found !== undefined;
}

/** Takes away a pack's text embeddings that were computed with something else. */
export function forgetTextsOfOthers(db: Db, packId: string, provenanceId: number): void {
  db.prepare('DELETE FROM text_embedding WHERE pack_id = ? AND provenance_id IS NOT ?').run(
    packId,
    provenanceId,
  );
}
