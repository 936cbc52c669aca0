/** What compute threads work out of scores beside MOS: arithmetic alone. */
import { move } from 'piscina';
import { measureCoefficients } from '../../maths/agreement.ts';
import { measureSplit } from '../../maths/evaluate-split.ts';
import { mapToMos } from '../../maths/map-to-mos.ts';
import { comparePaired } from '../../maths/paired-difference.ts';
import { findOppositePairs, measureCalibration } from '../../maths/residuals.ts';
import { density, disagreements, points, residuals } from '../agreement-points.ts';

/** Coefficients of one score against MOS. */
export const coefficients = measureCoefficients;

/** Two scores on the same images. */
export const compare = comparePaired;

/** Where a score errs. */
export const calibration = measureCalibration;
export const oppositePairs = findOppositePairs;

/** What a comparison says of every image. */
export { density, disagreements, points, residuals };

const large = { density, points, residuals };
export type LargeTask = keyof typeof large;
const largeTasks: { [Name in LargeTask]: (task: Parameters<(typeof large)[Name]>[0]) => unknown } = large;

/** The same as JSON in UTF-8, handed over as it is. */
export function written<Name extends LargeTask>(order: {
  name: Name;
  task: Parameters<(typeof large)[Name]>[0];
}): Uint8Array<ArrayBuffer> {
  const json = JSON.stringify(largeTasks[order.name](order.task));
  return move(new TextEncoder().encode(json)) as Uint8Array<ArrayBuffer>;
}

/** Predictions mapped to the MOS scale. */
export const map = mapToMos;

/** One repeat of an evaluation, by a score as it is. */
export const evaluateScore = measureSplit;
