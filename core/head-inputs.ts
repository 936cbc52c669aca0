/** What heads read: the stored features of a pack, or its signals [Q, S]. */
import type { HeadInputs } from '../contract/heads.ts';
import type { PackManifest } from '../contract/pack.ts';
import type { Db } from '../db/database.ts';
import {
  type FeatureBlock,
  type IdRange,
  readFeatureRange,
  readFeaturesOf,
  readSignal,
} from '../db/features.ts';

/** The order of the fusion network's inputs (SF-IQA equation 3: v = [Q(I), S(I,T)]). */
export const fusionSignals = ['q', 's'] as const;

/** Where inputs come from: plain data, which threads can be sent. */
export interface InputSource {
  packId: string;
  inputs: HeadInputs;
  features: { version: number; length: number };
}

/** The source of a pack's inputs. */
export function inputSourceOf(manifest: PackManifest, inputs: HeadInputs): InputSource {
  return { packId: manifest.id, inputs, features: manifest.features };
}

/** How many numbers a head reads an image. */
export function inputLength({ inputs, features }: InputSource): number {
  return inputs === 'features' ? features.length : fusionSignals.length;
}

/** The inputs of a range of images, in the order of ids. Images that lack an input are left out. `room` as in `readFeatureRange`. */
export function readInputRange(
  db: Db,
  { packId, inputs, features }: InputSource,
  range: IdRange,
  room: Float32Array<ArrayBuffer>,
): FeatureBlock {
  return inputs === 'features'
    ? readFeatureRange(db, { packId, ...features }, range, room)
    : readSignalRows(db, packId, range);
}

/** The inputs of the given images, in their order; images that lack an input are left out. */
export function readInputsOf(
  db: Db,
  { packId, inputs, features }: InputSource,
  imageIds: readonly number[],
): FeatureBlock {
  if (inputs === 'features') return readFeaturesOf(db, { packId, ...features }, imageIds);
  const all = readSignalRows(db, packId);
  const rowOf = new Map(all.imageIds.map((id, row) => [id, row]));
  const found = imageIds.filter((id) => rowOf.has(id));
  const width = fusionSignals.length;
  const values = new Float32Array(found.length * width);
  for (const [index, id] of found.entries()) {
    const row = rowOf.get(id)!;
    values.set(all.values.subarray(row * width, (row + 1) * width), index * width);
  }
  return { imageIds: found, values };
}

function readSignalRows(db: Db, packId: string, range?: IdRange): FeatureBlock {
  const columns = fusionSignals.map((name) => new Map(readSignal(db, packId, name, range)));
  const imageIds = [...columns[0]!.keys()].filter((id) => columns.every((column) => column.has(id)));
  const values = Float32Array.from(imageIds.flatMap((id) => columns.map((column) => column.get(id)!)));
  return { imageIds, values };
}
