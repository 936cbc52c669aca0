/** Views that explain an agreement: distributions of a split, residuals by a field, calibration, opposite pairs. */

import type { Comparison, MosChoice } from '../contract/agreement.ts';
import type {
  Calibration,
  Distributions,
  Field,
  OppositeOrder,
  OppositePair,
  ResidualOrder,
  Residuals,
  SplitOrder,
} from '../contract/agreement-views.ts';
import { type ExportedMos, readMosOf } from '../db/export-rows.ts';
import { type CallContext, ownerContext } from './access/caller.ts';
import { collectPairs, describePlaces } from './agree.ts';
import { unpack } from './compute/carry-error.ts';
import { answerComputed } from './http/written-answer.ts';
import { mosInterval } from './maths/mos.ts';
import { getMosSetCore } from './mos-sets.ts';
import type { Studio } from './studio.ts';

/** The fields in which the images of a MOS set differ. @throws StudioError `notFound` */
export async function listFields({ db, reading }: Studio, choice: MosChoice): Promise<Field[]> {
  getMosSetCore({ db }, choice.mosSetId);
  return await reading.read('readDifferingFields', choice);
}

/** Figures 3 and 4: MOS and generators of a split by group. @throws StudioError `notFound`, `badInput` for a field that the set does not have */
export async function describeSplit({ db, reading }: Studio, order: SplitOrder): Promise<Distributions> {
  getMosSetCore({ db }, order.mosSetId);
  return unpack(await reading.read('readSplit', order));
}

/** Residuals of the mapped prediction by the values, or ranges, of a field. @throws StudioError as `describeSplit` */
export async function describeResiduals(
  studio: Studio,
  { field, ...comparison }: ResidualOrder,
  context: CallContext = ownerContext,
): Promise<Residuals> {
  const pairs = await collectPairs(studio, comparison);
  const { mosSetId, dimension } = comparison;
  const { imageIds, upward: predicted, mos, groups } = pairs;
  const classes = unpack(
    await studio.reading.read('readClasses', { mosSetId, dimension, name: field, imageIds }),
  );
  const task = { ...classes, imageIds, predicted, mos, groups };
  return await answerComputed(studio, context, ['residuals', task]);
}

/** Whether the raters say what the mapped prediction says, from low to high. */
export async function describeCalibration(studio: Studio, comparison: Comparison): Promise<Calibration> {
  const { upward, mos, groups } = await collectPairs(studio, comparison);
  return await studio.compute.run('calibration', { predicted: upward, mos, groups });
}

/** Pairs of images that model and raters order oppositely, the clearest first. */
export async function listOppositePairs(
  studio: Studio,
  { within, limit, ...comparison }: OppositeOrder,
): Promise<OppositePair[]> {
  const pairs = await collectPairs(studio, comparison);
  const { imageIds, upward: predicted, mos, groups } = pairs;
  const found = await studio.compute.run('oppositePairs', {
    predicted,
    mos,
    within: within === 'prompt' ? groups : null,
    limit,
  });
  const places = found.pairs.flatMap(({ a, b }) => [a, b]);
  const described = describePlaces(studio, { ...pairs, mapped: found.mapped }, places);
  const rated = readMosOf(
    studio.db,
    comparison,
    places.map((at) => imageIds[at]!),
  );
  const rowOf = (at: number) => rated.get(imageIds[at]!)!;
  return found.pairs.map(({ a, b, predictedGap, mosGap }, at) => ({
    model: described[2 * at]!,
    humans: described[2 * at + 1]!,
    predictedGap,
    mosGap,
    strength: Math.min(predictedGap, mosGap),
    isBeyondVotes: isApart(rowOf(a), rowOf(b)),
  }));
}

/** Whether the upper image's MOS interval begins above where the lower one's ends. */
function isApart(lower: ExportedMos, upper: ExportedMos): boolean | null {
  const [a, b] = [mosInterval(lower), mosInterval(upper)];
  return a.high === null || b.low === null ? null : b.low > a.high;
}
