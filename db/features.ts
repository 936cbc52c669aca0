/** Features and signals: what packs gave for images, stored once, read for every head. */
import { type Db, sqlFor } from './database.ts';

const upsertFeature = `INSERT INTO feature (pack_id, image_id, kind, version, data, provenance_id) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (pack_id, kind, image_id) DO UPDATE
  SET version = excluded.version, data = excluded.data, provenance_id = excluded.provenance_id`;
const upsertSignal = `INSERT INTO signal (pack_id, name, image_id, prompt_id, value, reason, provenance_id) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (pack_id, name, image_id, prompt_id) DO UPDATE
  SET value = excluded.value, reason = excluded.reason, provenance_id = excluded.provenance_id`;

export interface NewFeature {
  packId: string;
  imageId: number;
  /** `features`: of the quality branch or backbone; `image`: the image embedding; of further members with `@` and their name. */
  kind: string;
  version: number;
  values: Float32Array;
  provenanceId?: number | null;
}

/** Stores a vector as little-endian float32. */
export function saveFeature(db: Db, feature: NewFeature): void {
  const { packId, imageId, kind, version, values, provenanceId = null } = feature;
  db.prepare(upsertFeature).run(packId, imageId, kind, version, bytesOf(values), provenanceId);
}

/** Float32 numbers as the bytes that are stored. */
export function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

export interface NewSignal {
  packId: string;
  name: string;
  imageId: number;
  /** 0 where the signal does not depend on the prompt. */
  promptId: number;
  /** The value, or the reason why there is none. */
  value: number | { reason: string };
  provenanceId?: number | null;
}

export function saveSignal(db: Db, signal: NewSignal): void {
  const { packId, name, imageId, promptId, value, provenanceId = null } = signal;
  const [number, reason] = typeof value === 'number' ? [value, null] : [null, value.reason];
  db.prepare(upsertSignal).run(packId, name, imageId, promptId, number, reason, provenanceId);
}

/** Vectors of a pack in the version that counts. */
export interface VectorKinds {
  packId: string;
  version: number;
  kinds: readonly string[];
  /** Where given, only what was computed with it counts. */
  provenanceId?: number | undefined;
}

/** Ids of the images that have a vector; where a provenance is given, one that was computed with it. */
export function imagesWithVector(
  db: Db,
  of: Omit<VectorSource, 'length'> & Pick<VectorKinds, 'provenanceId'>,
): Set<number> {
  const having = 'SELECT image_id FROM feature WHERE pack_id = ? AND kind = ? AND version = ?';
  const { packId, kind, version, provenanceId } = of;
  const ids =
    provenanceId === undefined
      ? db.prepare(having).pluck(true).all(packId, kind, version)
      : db.prepare(`${having} AND provenance_id = ?`).pluck(true).all(packId, kind, version, provenanceId);
  return new Set(ids as number[]);
}

/** How many vectors of a kind there are, whatever their version, and the last image that has one: from the index alone. */
export function countVectors(
  db: Db,
  { packId, kind }: Pick<VectorSource, 'packId' | 'kind'>,
): { count: number; last: number | null } {
  return db
    .prepare('SELECT count(*) AS count, max(image_id) AS last FROM feature WHERE pack_id = ? AND kind = ?')
    .get(packId, kind) as { count: number; last: number | null };
}

/** Ranges of images that together have all vectors of a kind, about `perRange` each; none where there are none. */
export function rangesOfVectors(
  db: Db,
  { packId, kind }: Pick<VectorSource, 'packId' | 'kind'>,
  perRange: number,
): IdRange[] {
  const starts = db
    .prepare(
      `SELECT image_id FROM (SELECT image_id, row_number() OVER (ORDER BY image_id) AS at FROM feature WHERE pack_id = ? AND kind = ?)
       WHERE (at - 1) % ? = 0`,
    )
    .pluck(true)
    .all(packId, kind, perRange) as number[];
  return starts.map((first, at) => ({ first, last: (starts[at + 1] ?? Number.MAX_SAFE_INTEGER) - 1 }));
}

/** How many vectors of a kind the images of a range have, whatever their version. */
export function countVectorsIn(
  db: Db,
  { packId, kind }: Pick<VectorSource, 'packId' | 'kind'>,
  { first, last }: IdRange,
): number {
  return db
    .prepare('SELECT count(*) FROM feature WHERE pack_id = ? AND kind = ? AND image_id BETWEEN ? AND ?')
    .pluck(true)
    .get(packId, kind, first, last) as number;
}

/** The vectors of the images of a range one by one, in the order of ids. */
export function eachVector(
  db: Db,
  { packId, kind, version }: Omit<VectorSource, 'length'>,
  { first, last }: IdRange,
): IterableIterator<[number, Buffer]> {
  return db
    .prepare(
      `SELECT image_id, data FROM feature
       WHERE pack_id = ? AND kind = ? AND image_id BETWEEN ? AND ? AND version = ? ORDER BY image_id`,
    )
    .raw(true)
    .iterate(packId, kind, first, last, version) as IterableIterator<[number, Buffer]>;
}

/** Which of these vectors an image lacks. */
export function missingVectors(
  db: Db,
  { packId, version, kinds, provenanceId }: VectorKinds,
  imageId: number,
): string[] {
  const statement = db
    .prepare(
      'SELECT provenance_id FROM feature WHERE pack_id = ? AND kind = ? AND image_id = ? AND version = ?',
    )
    .pluck(true);
  return kinds.filter((kind) => {
    const found = statement.get(packId, kind, imageId, version);
    return found === undefined || (provenanceId !== undefined && found !== provenanceId);
  });
}

/**
 * Takes away what was derived with other weights of a pack: signals, and scores of its heads. (Vectors and text embeddings carry the
 * version themselves.)
 */
export function forgetDerived(db: Db, packId: string): void {
  db.prepare('DELETE FROM signal WHERE pack_id = ?').run(packId);
  db.prepare('DELETE FROM score WHERE head_id IN (SELECT id FROM head WHERE pack_id = ?)').run(packId);
}

/** Takes away what was derived from vectors of an image that are being replaced: S, and scores; of heads that read signals alone where their vector stays. */
export function forgetDerivedOf(
  db: Db,
  { packId, imageId, heads }: { packId: string; imageId: number; heads: 'all' | 'signals' },
): void {
  db.prepare('DELETE FROM signal WHERE image_id = ? AND pack_id = ? AND prompt_id <> 0').run(imageId, packId);
  const all = 'DELETE FROM score WHERE image_id = ? AND head_id IN (SELECT id FROM head WHERE pack_id = ?';
  db.prepare(heads === 'all' ? `${all})` : `${all} AND inputs = 'signals')`).run(imageId, packId);
}

/** A block of feature rows: `values` is row-major, `imageIds.length` × `length`. */
export interface FeatureBlock {
  imageIds: number[];
  values: Float32Array<ArrayBuffer>;
}

/** One kind of vector of a pack, in the version and of the length that count. */
export interface VectorSource {
  packId: string;
  kind: string;
  version: number;
  length: number;
}

/** Images from one id to another, both included. */
export interface IdRange {
  first: number;
  last: number;
}

/**
 * The features of the images of a range, in the order of ids. Rows whose length differs (another version) are left out.
 *
 * @param room where the values go if they fit; they are overwritten by the next call with the same room
 */
export function readFeatureRange(
  db: Db,
  from: VectorSource,
  { first, last }: IdRange,
  room: Float32Array<ArrayBuffer> = new Float32Array(),
): FeatureBlock {
  const statement = db.prepare(
    `SELECT image_id, data FROM feature
     WHERE pack_id = ? AND kind = ? AND image_id BETWEEN ? AND ? AND version = ? ORDER BY image_id`,
  );
  const rows = statement.raw(true).all(from.packId, from.kind, first, last, from.version) as [
    number,
    Buffer,
  ][];
  return packBlock(rows, from.length, room);
}

/** The features of the given images, in their order; images without features are left out. */
export function readFeaturesOf(db: Db, from: VectorSource, imageIds: readonly number[]): FeatureBlock {
  const statement = db.prepare(
    'SELECT image_id, data FROM feature WHERE pack_id = ? AND kind = ? AND image_id = ? AND version = ?',
  );
  const rows: [number, Buffer][] = [];
  for (const id of imageIds) {
    const row = statement.raw(true).get(from.packId, from.kind, id, from.version) as
      | [number, Buffer]
      | undefined;
    if (row !== undefined) rows.push(row);
  }
  return packBlock(rows, from.length);
}

function packBlock(
  rows: [number, Buffer][],
  length: number,
  room: Float32Array<ArrayBuffer> = new Float32Array(),
): FeatureBlock {
  const whole = rows.filter(([, data]) => data.byteLength === length * 4);
  const count = whole.length * length;
  const values = count <= room.length ? room.subarray(0, count) : new Float32Array(count);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (const [index, [, data]] of whole.entries()) bytes.set(data, index * length * 4);
  return { imageIds: whole.map(([id]) => id), values };
}

/**
 * One signal of the images that have it, of a range or all: `[imageId, value]` in the order of ids. A prompt-dependent signal is the
 * one of the image's prompt.
 */
export function readSignal(
  db: Db,
  packId: string,
  name: string,
  { first, last }: IdRange = { first: 0, last: Number.MAX_SAFE_INTEGER },
): [number, number][] {
  return db
    .prepare(
      `SELECT s.image_id, s.value FROM signal s JOIN image i ON i.id = s.image_id
       WHERE s.pack_id = ? AND s.name = ? AND s.image_id BETWEEN ? AND ?
         AND s.value IS NOT NULL AND s.prompt_id IN (0, i.prompt_id)
       ORDER BY s.image_id`,
    )
    .raw(true)
    .all(packId, name, first, last) as [number, number][];
}

/** One signal of the given images that have it, by image; of a prompt-dependent signal the one of the image's prompt. */
export function readSignalOf(
  db: Db,
  packId: string,
  name: string,
  imageIds: readonly number[],
): Map<number, number> {
  // CROSS JOIN keeps the order: the planner would walk all wanted ids for every signal.
  const rows = db
    .prepare(
      `SELECT s.image_id, s.value FROM json_each(?) wanted CROSS JOIN image i ON i.id = wanted.value
       CROSS JOIN signal s ON s.pack_id = ? AND s.name = ? AND s.image_id = i.id AND s.prompt_id IN (0, i.prompt_id)
       WHERE s.value IS NOT NULL`,
    )
    .raw(true)
    .all(JSON.stringify(imageIds), packId, name) as [number, number][];
  return new Map(rows);
}

/** All signals of one image for its current prompt. */
export function signalsOfImage(
  db: Db,
  imageId: number,
): { pack_id: string; name: string; value: number | null; reason: string | null }[] {
  return db.all(
    sqlFor
      .selectFrom('signal')
      .innerJoin('image', 'image.id', 'signal.image_id')
      .select(['signal.pack_id', 'signal.name', 'signal.value', 'signal.reason'])
      .where('signal.image_id', '=', imageId)
      .where((e) =>
        e.or([e('signal.prompt_id', '=', 0), e('signal.prompt_id', '=', e.ref('image.prompt_id'))]),
      )
      .orderBy('signal.pack_id')
      .orderBy('signal.name'),
  );
}

/** How many images have each signal of each pack, for their current prompt, as `readSignal` gives them. */
export function countSignals(db: Db): { pack_id: string; name: string; images: number }[] {
  return db.all(
    sqlFor
      .selectFrom('signal')
      .innerJoin('image', 'image.id', 'signal.image_id')
      .select(['signal.pack_id', 'signal.name'])
      .select((e) => e.fn.count<number>('signal.image_id').as('images'))
      .where('signal.value', 'is not', null)
      .where((e) =>
        e.or([e('signal.prompt_id', '=', 0), e('signal.prompt_id', '=', e.ref('image.prompt_id'))]),
      )
      .groupBy(['signal.pack_id', 'signal.name']),
  );
}
