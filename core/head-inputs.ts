/** What heads read: a stored vector of a pack, or its signals [Q, S] of each member, with the features that Q was made from or without. */
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
import type { QualityBlock } from './maths/quality-layer.ts';
import { headVectorOf, qualityVectors } from './pack-vectors.ts';

/** The order of the fusion network's inputs (SF-IQA equation 3: v = [Q(I), S(I,T)]), where a pack does not say its own. */
const fusionSignals = ['q', 's'];

/** Where inputs come from: plain data, which threads can be sent. */
export interface InputSource {
  inputs: HeadInputs;
  vector: VectorSource;
  signals: readonly string[];
  /** Vectors after the signals, of heads whose last quality layer trained along; none for others. */
  layered: readonly VectorSource[];
}

/** The source of a pack's inputs. */
export function inputSourceOf(manifest: PackManifest, inputs: HeadInputs): InputSource {
  const signals = manifest.fusion.length > 0 ? manifest.fusion : fusionSignals;
  return { inputs, vector: headVectorOf(manifest), signals, layered: [] };
}

/** The same with the features that every Q among the signals was made from; undefined where the pack has none. */
export function layeredSourceOf(manifest: PackManifest): InputSource | undefined {
  const source = inputSourceOf(manifest, 'signals');
  const layered = qualityVectors(manifest).filter(({ signal }) => source.signals.includes(signal));
  return layered.length === 0 ? undefined : { ...source, layered: layered.map(({ vector }) => vector) };
}

/** Which Q each part of a layered source's features belongs to. */
export function qualityBlocksOf(manifest: PackManifest): QualityBlock[] {
  const { signals } = inputSourceOf(manifest, 'signals');
  const own = qualityVectors(manifest).filter(({ signal }) => signals.includes(signal));
  return own.map(({ signal, vector: { length } }, at) => ({
    signal: signals.indexOf(signal),
    from: at * length,
    length,
  }));
}

/** What a head reads; undefined where the pack does not give as many numbers. */
export function sourceOfHead(
  manifest: PackManifest,
  { inputs, length }: { inputs: HeadInputs; length: number },
): InputSource | undefined {
  const plain = inputSourceOf(manifest, inputs);
  const sources = [plain, inputs === 'signals' ? layeredSourceOf(manifest) : undefined];
  return sources.find((source) => source !== undefined && inputLength(source) === length);
}

/** How many numbers a head reads an image. */
export function inputLength({ inputs, vector, signals, layered }: InputSource): number {
  if (inputs === 'features') return vector.length;
  return layered.reduce((sum, { length }) => sum + length, signals.length);
}

/** The inputs of a range of images, in the order of ids. Images that lack an input are left out. `room` as in `readFeatureRange`. */
export function readInputRange(
  db: Db,
  source: InputSource,
  range: IdRange,
  room: Float32Array<ArrayBuffer>,
): FeatureBlock {
  const { inputs, vector, signals, layered } = source;
  if (inputs === 'features') return readFeatureRange(db, vector, range, room);
  const columns = signals.map((name) => new Map(readSignal(db, vector.packId, name, range)));
  const block = joinColumns([...columns[0]!.keys()], columns);
  return joinBlocks([block, ...layered.map((one) => readFeatureRange(db, one, range))]);
}

/** The inputs of the given images, in their order; images that lack an input are left out. */
export function readInputsOf(db: Db, source: InputSource, imageIds: readonly number[]): FeatureBlock {
  const { inputs, vector, signals, layered } = source;
  if (inputs === 'features') return readFeaturesOf(db, vector, imageIds);
  const block = joinColumns(
    imageIds,
    signals.map((name) => readSignalOf(db, vector.packId, name, imageIds)),
  );
  return joinBlocks([block, ...layered.map((one) => readFeaturesOf(db, one, imageIds))]);
}

/** Blocks side by side: the images that all of them have, in the order of the first. */
function joinBlocks(blocks: readonly FeatureBlock[]): FeatureBlock {
  const [first, ...rest] = blocks;
  if (rest.length === 0) return first!;
  const places = blocks.map(({ imageIds }) => new Map(imageIds.map((id, row) => [id, row])));
  const whole = first!.imageIds.filter((id) => places.every((place) => place.has(id)));
  const widths = blocks.map(({ imageIds, values }) => values.length / Math.max(1, imageIds.length));
  const width = widths.reduce((sum, one) => sum + one, 0);
  const values = new Float32Array(whole.length * width);
  for (const [row, id] of whole.entries()) {
    let to = row * width;
    for (const [at, block] of blocks.entries()) {
      const from = places[at]!.get(id)! * widths[at]!;
      values.set(block.values.subarray(from, from + widths[at]!), to);
      to += widths[at]!;
    }
  }
  return { imageIds: whole, values };
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
