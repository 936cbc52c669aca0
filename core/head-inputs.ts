/** What heads read: a stored vector of a pack, or its signals [Q, S] of each member. */
import type { HeadInputs } from '../contract/heads.ts';
import type { PackManifest } from '../contract/pack.ts';
import type { Db } from '../db/database.ts';
import {
  type FeatureBlock,
  type IdRange,
  readFeatureRange,
  readFeaturesOf,
  readSignal,
  readSignalOf,
  type VectorSource,
} from '../db/features.ts';
import { headVectorOf } from './pack-vectors.ts';

/** The order of the fusion network's inputs (SF-IQA equation 3: v = [Q(I), S(I,T)]), where a pack does not say its own. */
const fusionSignals = ['q', 's'];

/** Where inputs come from: plain data, which threads can be sent. */
export interface InputSource {
  inputs: HeadInputs;
  vector: VectorSource;
  signals: readonly string[];
}

/** The source of a pack's inputs. */
export function inputSourceOf(manifest: PackManifest, inputs: HeadInputs): InputSource {
  const signals = manifest.fusion.length > 0 ? manifest.fusion : fusionSignals;
  return { inputs, vector: headVectorOf(manifest), signals };
}

/** How many numbers a head reads an image. */
export function inputLength({ inputs, vector, signals }: InputSource): number {
  return inputs === 'features' ? vector.length : signals.length;
}

/** The inputs of a range of images, in the order of ids. Images that lack an input are left out. `room` as in `readFeatureRange`. */
export function readInputRange(
  db: Db,
  source: InputSource,
  range: IdRange,
  room: Float32Array<ArrayBuffer>,
): FeatureBlock {
  const { inputs, vector, signals } = source;
  if (inputs === 'features') return readFeatureRange(db, vector, range, room);
  const columns = signals.map((name) => new Map(readSignal(db, vector.packId, name, range)));
  return joinColumns([...columns[0]!.keys()], columns);
}

/** The inputs of the given images, in their order; images that lack an input are left out. */
export function readInputsOf(db: Db, source: InputSource, imageIds: readonly number[]): FeatureBlock {
  const { inputs, vector, signals } = source;
  if (inputs === 'features') return readFeaturesOf(db, vector, imageIds);
  return joinColumns(
    imageIds,
    signals.map((name) => readSignalOf(db, vector.packId, name, imageIds)),
  );
}

function joinColumns(
  imageIds: readonly number[],
  columns: readonly ReadonlyMap<number, number>[],
): FeatureBlock {
  const whole = imageIds.filter((id) => columns.every((column) => column.has(id)));
  const values = new Float32Array(whole.length * columns.length);
  for (const [row, id] of whole.entries()) {
    for (const [at, column] of columns.entries()) values[row * columns.length + at] = column.get(id)!;
  }
  return { imageIds: whole, values };
}
