/** Features and signals: what packs gave for images, stored once, read for every head. */
import { type Db, sqlFor } from './database.ts';

const upsertFeature = `INSERT INTO feature (pack_id, image_id, kind, version, data) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (pack_id, kind, image_id) DO UPDATE SET version = excluded.version, data = excluded.data`;
const upsertSignal = `INSERT INTO signal (pack_id, name, image_id, prompt_id, value, reason) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (pack_id, name, image_id, prompt_id) DO UPDATE SET value = excluded.value, reason = excluded.reason`;

export interface NewFeature {
  packId: string;
  imageId: number;
  /** `features`: what heads read; other kinds are kept for inspection. */
  kind: string;
  version: number;
  values: Float32Array;
}

/** Stores a vector as little-endian float32. */
export function saveFeature(db: Db, feature: NewFeature): void {
  const { packId, imageId, kind, version, values } = feature;
  const data = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  db.prepare(upsertFeature).run(packId, imageId, kind, version, data);
}

export interface NewSignal {
  packId: string;
  name: string;
  imageId: number;
  /** 0 where the signal does not depend on the prompt. */
  promptId: number;
  /** The value, or the reason why there is none. */
  value: number | { reason: string };
}

export function saveSignal(db: Db, signal: NewSignal): void {
  const { packId, name, imageId, promptId, value } = signal;
  const [number, reason] = typeof value === 'number' ? [value, null] : [null, value.reason];
  db.prepare(upsertSignal).run(packId, name, imageId, promptId, number, reason);
}

/** Ids of the images that have a pack's features in this version. */
export function imagesWithFeatures(db: Db, packId: string, version: number): Set<number> {
  const rows = db.all(
    sqlFor
      .selectFrom('feature')
      .select('image_id')
      .where('pack_id', '=', packId)
      .where('kind', '=', 'features')
      .where('version', '=', version),
  );
  return new Set(rows.map((row) => row.image_id));
}

/** Whether an image has a pack's features in this version. */
export function hasFeatures(db: Db, packId: string, version: number, imageId: number): boolean {
  const statement = db.prepare(
    `SELECT 1 FROM feature WHERE pack_id = ? AND kind = 'features' AND image_id = ? AND version = ?`,
  );
  return statement.get(packId, imageId, version) !== undefined;
}

/** A block of feature rows: `values` is row-major, `imageIds.length` × `length`. */
export interface FeatureBlock {
  imageIds: number[];
  values: Float32Array<ArrayBuffer>;
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
  from: { packId: string; version: number; length: number },
  { first, last }: IdRange,
  room: Float32Array<ArrayBuffer> = new Float32Array(),
): FeatureBlock {
  const statement = db.prepare(
    `SELECT image_id, data FROM feature
     WHERE pack_id = ? AND kind = 'features' AND image_id BETWEEN ? AND ? AND version = ? ORDER BY image_id`,
  );
  const rows = statement.raw(true).all(from.packId, first, last, from.version) as [number, Buffer][];
  return packBlock(rows, from.length, room);
}

/** The features of the given images, in their order; images without features are left out. */
export function readFeaturesOf(
  db: Db,
  from: { packId: string; version: number; length: number },
  imageIds: readonly number[],
): FeatureBlock {
  const statement = db.prepare(
    `SELECT image_id, data FROM feature WHERE pack_id = ? AND kind = 'features' AND image_id = ? AND version = ?`,
  );
  const rows: [number, Buffer][] = [];
  for (const id of imageIds) {
    const row = statement.raw(true).get(from.packId, id, from.version) as [number, Buffer] | undefined;
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
