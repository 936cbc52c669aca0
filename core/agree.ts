/** The agree stage: pairs predictions with MOS, measures how far they agree, and finds where they differ most. */

import type {
  Agreement,
  AgreementPoints,
  Comparison,
  Disagreement,
  MosChoice,
  Prediction,
} from '../contract/agreement.ts';
import type { PointDensity } from '../contract/agreement-views.ts';
import type { EstimateOrReason } from '../contract/common.ts';
import { readCards } from '../db/image-list.ts';
import { type CallContext, ownerContext } from './access/caller.ts';
import { generatorsWithin } from './compute/agreement-points.ts';
import { type MosColumns, pickNumbers, pickPlaces } from './compute/mos-columns.ts';
import { answerComputed } from './http/written-answer.ts';
import type { ScorePairs } from './maths/score-measures.ts';
import { getMosSetCore } from './mos-sets.ts';
import { describeMixedPrediction, readPrediction } from './predictions.ts';
import type { Studio } from './studio.ts';

/** The images of a MOS set on one dimension. @throws StudioError `notFound` */
export async function readMos(studio: Studio, choice: MosChoice): Promise<MosColumns> {
  getMosSetCore(studio, choice.mosSetId);
  return await studio.reading.read('readMosColumns', choice);
}

/** A score beside the MOS of the images that have both. */
export interface Pairs extends MosColumns {
  label: string;
  /** As stored. */
  predicted: Float64Array;
  /** With the sign turned where less is better, so that agreement is positive. */
  upward: Float64Array;
  missing: number;
  higherIsBetter: boolean;
}

/** The images of a MOS set that have a prediction. */
export async function collectPairs(studio: Studio, comparison: Comparison): Promise<Pairs> {
  const { mosSetId, dimension, prediction } = comparison;
  return await pairWith(studio, prediction, await readMos(studio, { mosSetId, dimension }));
}

/** The same for images that were read before. */
export async function pairWith(studio: Studio, prediction: Prediction, all: MosColumns): Promise<Pairs> {
  const { label, higherIsBetter, imageIds, values } = await readPrediction(studio, prediction);
  const places: number[] = [];
  const found: number[] = [];
  let next = 0;
  for (const [place, id] of all.imageIds.entries()) {
    while (next < imageIds.length && imageIds[next]! < id) next += 1;
    if (imageIds[next] !== id) continue;
    places.push(place);
    found.push(values[next]!);
  }
  const predicted = Float64Array.from(found);
  return {
    ...pickPlaces(all, places),
    label,
    predicted,
    upward: higherIsBetter ? predicted : predicted.map((value) => -value),
    missing: all.imageIds.length - places.length,
    higherIsBetter,
  };
}

/** Some of the pairs, by place. */
export function pickPairs(pairs: Pairs, keep: (at: number) => boolean): Pairs {
  const places: number[] = [];
  for (let at = 0; at < pairs.imageIds.length; at += 1) if (keep(at)) places.push(at);
  return {
    ...pairs,
    ...pickPlaces(pairs, places),
    predicted: pickNumbers(pairs.predicted, places),
    upward: pickNumbers(pairs.upward, places),
  };
}

/** The pairs as the arithmetic takes them. */
export function scorePairs({ upward, mos, groups, halfWidths }: Pairs): ScorePairs {
  return { predicted: upward, mos, groups, halfWidths };
}

/** How well one half of the raters predicts the other: the ceiling for every score. */
export async function measureCeiling(
  studio: Studio,
  { mosSetId, dimension }: MosChoice,
): Promise<EstimateOrReason> {
  const { studyId } = getMosSetCore(studio, mosSetId);
  return await studio.compute.run('ceiling', { libraryFolder: studio.folder, studyId, dimension });
}

/**
 * Coefficients with 95 % intervals, overall and by generator, and the human ceiling. For a signal of which less is better
 * (NIQE) the sign is turned first, so that agreement is positive.
 */
export async function measureComparison(studio: Studio, comparison: Comparison): Promise<Agreement> {
  const pairs = await collectPairs(studio, comparison);
  const { missing, higherIsBetter, imageIds } = pairs;
  const measure = (some: Pairs) => studio.compute.run('coefficients', scorePairs(some));
  const generators = generatorsWithin(pairs);
  // Each a task of its own, so that all threads have work.
  const [overall, humanCeiling, mixed, ...parts] = await Promise.all([
    measure(pairs),
    measureCeiling(studio, comparison),
    describeMixedPrediction(studio, comparison.prediction, imageIds),
    ...generators.map((generator) => measure(pickPairs(pairs, (at) => pairs.generatorOf[at] === generator))),
  ]);
  const byGenerator = parts.map((coefficients, at) => ({
    generator: pairs.generators[generators[at]!]!,
    coefficients,
  }));
  return { overall, byGenerator, humanCeiling, missingPrediction: missing, higherIsBetter, mixed };
}

/** The scatter: predictions, MOS and predictions mapped to the MOS scale, in columns. */
export async function readPoints(
  studio: Studio,
  comparison: Comparison,
  context: CallContext = ownerContext,
): Promise<AgreementPoints> {
  return await answerComputed(studio, context, ['points', await collectPairs(studio, comparison)]);
}

/** How dense each point of the scatter lies, in the order of `readPoints`, and both margins. */
export async function readDensity(
  studio: Studio,
  comparison: Comparison,
  context: CallContext,
): Promise<PointDensity> {
  return await answerComputed(studio, context, ['density', await collectPairs(studio, comparison)]);
}

/** The images whose mapped prediction is farthest from their MOS, the farthest first. */
export async function listDisagreements(
  studio: Studio,
  { limit, ...comparison }: Comparison & { limit: number },
): Promise<Disagreement[]> {
  const pairs = await collectPairs(studio, comparison);
  const { predicted, mos } = pairs;
  const { mapped, places } = await studio.compute.run('disagreements', { predicted, mos, limit });
  return describePlaces(studio, { ...pairs, mapped }, places);
}

/** Some images of a comparison with what the model and the raters say of them. */
export function describePlaces(
  studio: Studio,
  { imageIds, predicted, mapped, mos }: Pairs & { mapped: Float64Array },
  places: readonly number[],
): Disagreement[] {
  const cards = readCards(
    studio.db,
    places.map((at) => imageIds[at]!),
  );
  const known = new Map(cards.map((card) => [card.id, card]));
  return places.map((at) => {
    const card = known.get(imageIds[at]!)!;
    return {
      imageId: card.id,
      name: card.name,
      hasFile: card.has_file === 1,
      prompt: card.prompt,
      generator: card.generator,
      predicted: predicted[at]!,
      mapped: mapped[at]!,
      mos: mos[at]!,
      gap: mapped[at]! - mos[at]!,
    };
  });
}
