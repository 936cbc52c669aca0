/** What worker threads compute: each named export is a task of the pool. */
import type { MessagePort } from 'node:worker_threads';
import { measureAgreement } from '../maths/agreement.ts';
import { type FitOrder, type FittedHead, fitHead } from '../maths/fit-head.ts';
import { decodeHead, encodeHead } from '../maths/head-codec.ts';
import { mapToMos } from '../maths/map-to-mos.ts';
import { rescoreRange } from './rescore-range.ts';

/** Sent through a training's port. */
export interface TrainingProgress {
  phase: string;
  done: number;
  total: number;
}

export interface FitTask extends Omit<FitOrder, 'parent'> {
  /** The parent's weights, encoded. */
  parent: Uint8Array | null;
  progress: MessagePort;
}

/** Agreement of predictions with MOS. */
export const agree = measureAgreement;

/** Predictions mapped to the MOS scale. */
export const map = mapToMos;

/** Trains a head; tells its progress through the port. */
export function fit({
  parent,
  progress,
  ...order
}: FitTask): Omit<FittedHead, 'head'> & { head: Uint8Array<ArrayBuffer> } {
  const fitted = fitHead({ ...order, parent: parent && decodeHead(parent) }, (done, total) => {
    progress.postMessage({ phase: 'training', done, total } satisfies TrainingProgress);
  });
  progress.close();
  return { ...fitted, head: encodeHead(fitted.head) };
}

/** A head's values for a range of stored inputs. */
export const rescore = rescoreRange;

export interface ComputeTasks {
  agree: typeof agree;
  map: typeof map;
  fit: typeof fit;
  rescore: typeof rescore;
}
