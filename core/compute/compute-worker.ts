/** What worker threads compute: each named export is a task of the pool. */
import type { MessagePort } from 'node:worker_threads';
import { measureAgreement } from '../maths/agreement.ts';
import { type FitOrder, type FittedHead, fitHead } from '../maths/fit-head.ts';
import { type Head, predictHead } from '../maths/head.ts';
import { decodeHead, encodeHead } from '../maths/head-codec.ts';
import { mapToMos } from '../maths/map-to-mos.ts';

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

export interface PredictTask {
  /** Encoded weights, and their hash, by which a thread keeps the head from block to block. */
  head: Uint8Array;
  headHash: string;
  values: Float32Array;
  rows: number;
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

let kept: { hash: string; head: Head } | null = null;

/** A head's values for rows of inputs. */
export function predict({ head, headHash, values, rows }: PredictTask): Float32Array<ArrayBuffer> {
  if (kept?.hash !== headHash) kept = { hash: headHash, head: decodeHead(head) };
  return predictHead(kept.head, values, rows);
}

export interface ComputeTasks {
  agree: typeof agree;
  map: typeof map;
  fit: typeof fit;
  predict: typeof predict;
}
