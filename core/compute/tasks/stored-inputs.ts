/** What compute threads do with what heads read, straight from the library: collect it for a training, apply a head to it. */
import type { PackManifest } from '../../../contract/pack.ts';
import { type InputSource, readInputsOf } from '../../head-inputs.ts';
import { predictHead } from '../../maths/head.ts';
import { decodeHead } from '../../maths/head-codec.ts';
import { collectRows, type TrainingRows, type TrainOrder } from '../../training-rows.ts';
import type { Carried } from '../carry-error.ts';
import { rescoreRange } from '../rescore-range.ts';
import { withDb } from '../study-votes.ts';

/** What a training learns from. */
export function trainingRows(task: {
  libraryFolder: string;
  manifest: PackManifest;
  order: TrainOrder;
}): Carried<TrainingRows> {
  const { libraryFolder, manifest, order } = task;
  return withDb(libraryFolder, (db) => collectRows(db, manifest, order));
}

/** A head's values for those of some images that have its inputs. */
export function predictStored(task: {
  libraryFolder: string;
  source: InputSource;
  head: Uint8Array;
  imageIds: readonly number[];
}): { imageIds: number[]; values: Float32Array<ArrayBuffer> } {
  const { libraryFolder, source, head, imageIds: wanted } = task;
  const { imageIds, values } = withDb(libraryFolder, (db) => readInputsOf(db, source, wanted));
  return { imageIds, values: predictHead(decodeHead(head), values, imageIds.length) };
}

/** A head's values for a range of stored inputs. */
export const rescore = rescoreRange;
