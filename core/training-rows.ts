/** The rows that a head is trained on: MOS with stored features or signals, grouped, and what a new head is compared with. */
import { createHash } from 'node:crypto';
import type { CompleteTrainHead, LabelSource } from '../contract/heads.ts';
import type { PackManifest } from '../contract/pack.ts';
import type { Db } from '../db/database.ts';
import { readSignalOf } from '../db/features.ts';
import { activeHeads } from '../db/heads.ts';
import type { HeadRow } from '../db/schema.ts';
import { type Carried, carryNow } from './compute/carry-error.ts';
import {
  type InputSource,
  inputLength,
  inputSourceOf,
  layeredSourceOf,
  qualityBlocksOf,
  readInputsOf,
} from './head-inputs.ts';
import { getField, groupRows, readFields } from './image-fields.ts';
import { readLabels } from './labels.ts';
import { averageStandardised } from './maths/average-standardised.ts';
import { decodeHead } from './maths/head-codec.ts';
import type { QualityFeatures } from './maths/quality-layer.ts';
import { fitsPack } from './register-pack.ts';

export type TrainOrder = CompleteTrainHead & { target: string };

export interface TrainingRows {
  imageIds: number[];
  /** Shared with the threads. */
  inputs: Float32Array;
  /** What Q was made from, where the last quality layer trains along. */
  quality: QualityFeatures | null;
  labels: Float64Array;
  /** Group of each row: the value of the field it is split by, or the image itself where it has none. */
  groups: string[];
  promptIds: (number | null)[];
  /** The mean of Q and S, each standardised, NaN where one is missing; null where the pack has not both. */
  baseline: Float64Array | null;
  dataHash: string;
}

/** The active head of the target is what a new one starts from and is compared with. */
export function findParent(db: Db, order: TrainOrder, manifest: PackManifest): HeadRow | undefined {
  return activeHeads(db, order.packId).find(
    (head) => head.target === order.target && head.inputs === order.inputs && fitsPack(head, manifest),
  );
}

/** The MOS that are learnt from; the first says on which scale. */
export function sourcesOf({ mosSetId, dimension, scale, also }: TrainOrder): LabelSource[] {
  return [{ mosSetId, dimension, ...(scale === undefined ? {} : { scale }) }, ...also];
}

/** Images with a MOS and everything that the head reads. @throws StudioError as `readLabels` */
export function collectRows(db: Db, manifest: PackManifest, order: TrainOrder): Carried<TrainingRows> {
  return carryNow(() => readRows(db, manifest, order));
}

function readRows(db: Db, manifest: PackManifest, order: TrainOrder): TrainingRows {
  const sources = sourcesOf(order);
  const mos = readLabels({ db }, sources);
  const byImage = new Map(mos.map((row) => [row.image_id, row]));
  const ids = mos.map((row) => row.image_id);
  const { source, width } = readsOf(db, manifest, order);
  const { imageIds, values } = readInputsOf(db, source, ids);
  const rows = imageIds.map((id) => byImage.get(id)!);
  const hash = createHash('sha256');
  for (const row of rows) hash.update(`${row.hash ?? row.name}\t${row.mean}\n`);
  const whole = inputLength(source);
  const blocks = qualityBlocksOf(manifest);
  return {
    imageIds,
    inputs: shareColumns(values, whole, [0, width]),
    quality:
      whole === width
        ? null
        : { values: shareColumns(values, whole, [width, whole]), width: whole - width, blocks },
    labels: Float64Array.from(rows, (row) => row.mean),
    promptIds: rows.map((row) => row.prompt_id),
    groups: groupRows(
      rows,
      getField(readFields({ db }, ...sources.map(({ mosSetId }) => mosSetId)), order.groupBy),
    ),
    baseline: readBaseline(db, order.packId, imageIds),
    dataHash: hash.digest('hex'),
  };
}

/** What rows are read from: with the features behind Q where its layer trains along, or did so in the head that is compared with. */
function readsOf(db: Db, manifest: PackManifest, order: TrainOrder): { source: InputSource; width: number } {
  const plain = inputSourceOf(manifest, order.inputs);
  const width = inputLength(plain);
  const parent = order.inputs === 'signals' ? findParent(db, order, manifest) : undefined;
  const isLayered =
    order.withQualityLayer || (parent !== undefined && decodeHead(parent.weights).length > width);
  return { source: (isLayered ? layeredSourceOf(manifest) : undefined) ?? plain, width };
}

/** Columns of rows × width numbers, copied to where all threads read them: sent along, each task would copy them anew. */
export function shareColumns(
  values: Float32Array,
  width: number,
  [from, to]: readonly [number, number],
): Float32Array {
  const rows = values.length / width;
  const shared = new Float32Array(new SharedArrayBuffer(rows * (to - from) * 4));
  for (let row = 0; row < rows; row += 1) {
    shared.set(values.subarray(row * width + from, row * width + to), row * (to - from));
  }
  return shared;
}

function readBaseline(db: Db, packId: string, imageIds: number[]): Float64Array | null {
  const [q, s] = ['q', 's'].map((name) => readSignalOf(db, packId, name, imageIds));
  if (q!.size === 0 || s!.size === 0) return null;
  const column = (values: Map<number, number>) =>
    Float64Array.from(imageIds, (id) => values.get(id) ?? Number.NaN);
  return averageStandardised(column(q!), column(s!));
}
