/** What worker threads compute: each named export is a task of the pool. */
import type { MessagePort } from 'node:worker_threads';
import type { PointDensity } from '../../contract/agreement-views.ts';
import { measureByGenerator, measureCoefficients } from '../maths/agreement.ts';
import { type FitOrder, type FittedHead, fitHead } from '../maths/fit-head.ts';
import { decodeHead, encodeHead } from '../maths/head-codec.ts';
import { countInBins, measureDensity } from '../maths/histogram.ts';
import { measureHumanCeiling } from '../maths/human-ceiling.ts';
import { mapToMos } from '../maths/map-to-mos.ts';
import { comparePaired } from '../maths/paired-difference.ts';
import { findOppositePairs, measureCalibration, measureResiduals } from '../maths/residuals.ts';
import { rescoreRange } from './rescore-range.ts';

/** Bins of a scatter's margins. */
const marginBins = 60;

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

/** Coefficients of one score against MOS; the same for each generator; the ceiling that the raters set. */
export const coefficients = measureCoefficients;
export const agreeByGenerator = measureByGenerator;
export const ceiling = measureHumanCeiling;

/** Two scores on the same images. */
export const compare = comparePaired;

/** Where a score errs. */
export const residuals = measureResiduals;
export const calibration = measureCalibration;
export const oppositePairs = findOppositePairs;

/** How dense the points of a scatter lie, and both margins. */
export function density({ predicted, mos }: { predicted: Float64Array; mos: Float64Array }): PointDensity {
  return {
    density: [...measureDensity(predicted, mos)],
    predicted: countInBins(predicted, marginBins),
    mos: countInBins(mos, marginBins),
  };
}

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
  coefficients: typeof coefficients;
  agreeByGenerator: typeof agreeByGenerator;
  ceiling: typeof ceiling;
  compare: typeof compare;
  residuals: typeof residuals;
  calibration: typeof calibration;
  oppositePairs: typeof oppositePairs;
  density: typeof density;
  map: typeof map;
  fit: typeof fit;
  rescore: typeof rescore;
}
