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
import { type MosRowWithName, mosRows } from '../db/mos.ts';
import { votesForCeiling } from '../db/votes.ts';
import { mosInterval } from './maths/mos.ts';
import type { ScorePairs } from './maths/score-measures.ts';
import { getMosSetCore } from './mos-sets.ts';
import { describeMixedPrediction, readPrediction } from './predictions.ts';
import type { Studio } from './studio.ts';

/** The rows of a MOS set on one dimension. @throws StudioError `notFound` */
export function readMosOf(studio: Pick<Studio, 'db'>, { mosSetId, dimension }: MosChoice): MosRowWithName[] {
  getMosSetCore(studio, mosSetId);
  return mosRows(studio.db, mosSetId, dimension);
}

export interface Pairs {
  label: string;
  rows: MosRowWithName[];
  /** As stored. */
  predicted: Float64Array;
  /** With the sign turned where less is better, so that agreement is positive. */
  upward: Float64Array;
  mos: Float64Array;
  missing: number;
  higherIsBetter: boolean;
}

/** The images of a MOS set that have a prediction. */
export function collectPairs(studio: Studio, comparison: Comparison): Pairs {
  return pairWith(studio, comparison.prediction, readMosOf(studio, comparison));
}

/** The same for rows that were read before. */
export function pairWith(studio: Studio, prediction: Prediction, all: readonly MosRowWithName[]): Pairs {
  const { label, values, higherIsBetter } = readPrediction(studio, prediction);
  const rows = all.filter((row) => values.has(row.image_id));
  const predicted = Float64Array.from(rows, (row) => values.get(row.image_id)!);
  return {
    label,
    rows,
    predicted,
    upward: higherIsBetter ? predicted : predicted.map((value) => -value),
    mos: Float64Array.from(rows, (row) => row.mean),
    missing: all.length - rows.length,
    higherIsBetter,
  };
}

/** What intervals are drawn over: images of one prompt together, an image without one by itself. */
export function promptGroups(rows: readonly MosRowWithName[]): number[] {
  return rows.map((row) => row.prompt_id ?? -row.image_id);
}

/** The generators of some rows, each once, by name; null where one is not known. */
export function generatorsOf(rows: readonly MosRowWithName[]): (string | null)[] {
  return [...new Set(rows.map((row) => row.generator))].sort((a, b) => (a ?? '').localeCompare(b ?? ''));
}

/** The pairs as the arithmetic takes them. */
export function scorePairs({ rows, upward, mos }: Pick<Pairs, 'rows' | 'upward' | 'mos'>): ScorePairs {
  const halves = rows.map((row) => {
    const { low, high } = mosInterval(row);
    return low === null || high === null ? Number.NaN : (high - low) / 2;
  });
  return { predicted: upward, mos, groups: promptGroups(rows), halfWidths: Float64Array.from(halves) };
}

/** How well one half of the raters predicts the other: the ceiling for every score. */
export async function measureCeiling(
  studio: Studio,
  { mosSetId, dimension }: MosChoice,
): Promise<EstimateOrReason> {
  const { studyId } = getMosSetCore(studio, mosSetId);
  const votes = studyId === null ? null : votesForCeiling(studio.db, studyId, dimension);
  return await studio.compute.run('ceiling', votes);
}

/**
 * Coefficients with 95 % intervals, overall and by generator, and the human ceiling. For a signal of which less is better
 * (NIQE) the sign is turned first, so that agreement is positive.
 */
export async function measureComparison(studio: Studio, comparison: Comparison): Promise<Agreement> {
  const pairs = collectPairs(studio, comparison);
  const { missing, higherIsBetter, rows } = pairs;
  const measure = (some: Pick<Pairs, 'rows' | 'upward' | 'mos'>) =>
    studio.compute.run('coefficients', scorePairs(some));
  const generators = generatorsOf(rows);
  const imageIds = rows.map((row) => row.image_id);
  // Each a task of its own, so that all threads have work.
  const [overall, humanCeiling, mixed, ...parts] = await Promise.all([
    measure(pairs),
    measureCeiling(studio, comparison),
    describeMixedPrediction(studio, comparison.prediction, imageIds),
    ...generators.map((generator) => measure(narrowPairs(pairs, (row) => row.generator === generator))),
  ]);
  const byGenerator = parts.map((coefficients, at) => ({ generator: generators[at]!, coefficients }));
  return { overall, byGenerator, humanCeiling, missingPrediction: missing, higherIsBetter, mixed };
}

/** Some of the pairs. */
export function narrowPairs(
  { rows, upward, mos }: Pick<Pairs, 'rows' | 'upward' | 'mos'>,
  keep: (row: MosRowWithName) => boolean,
): Pick<Pairs, 'rows' | 'upward' | 'mos'> {
  const places = [...rows.keys()].filter((at) => keep(rows[at]!));
  return {
    rows: places.map((at) => rows[at]!),
    upward: Float64Array.from(places, (at) => upward[at]!),
    mos: Float64Array.from(places, (at) => mos[at]!),
  };
}

/** The scatter: predictions, MOS and predictions mapped to the MOS scale, in columns. */
export async function readPoints(studio: Studio, comparison: Comparison): Promise<AgreementPoints> {
  const { rows, predicted, mos } = collectPairs(studio, comparison);
  const { mapped, curve } = await studio.compute.run('map', { predicted, mos });
  const generators = generatorsOf(rows);
  const index = new Map(generators.map((generator, at) => [generator, at]));
  return {
    imageIds: rows.map((row) => row.image_id),
    predicted: [...predicted],
    mos: [...mos],
    mapped: [...mapped],
    generator: rows.map((row) => index.get(row.generator)!),
    generators,
    curve,
  };
}

/** How dense each point of the scatter lies, in the order of `readPoints`, and both margins. */
export async function readDensity(studio: Studio, comparison: Comparison): Promise<PointDensity> {
  const { predicted, mos } = collectPairs(studio, comparison);
  return await studio.compute.run('density', { predicted, mos });
}

/** The images whose mapped prediction is farthest from their MOS, the farthest first. */
export async function listDisagreements(
  studio: Studio,
  { limit, ...comparison }: Comparison & { limit: number },
): Promise<Disagreement[]> {
  const pairs = collectPairs(studio, comparison);
  const { mapped } = await studio.compute.run('map', { predicted: pairs.predicted, mos: pairs.mos });
  const gaps = pairs.rows.map((_, at) => ({ at, size: Math.abs(mapped[at]! - pairs.mos[at]!) }));
  const worst = gaps.sort((a, b) => b.size - a.size).slice(0, limit);
  return describePlaces(
    studio,
    { ...pairs, mapped },
    worst.map(({ at }) => at),
  );
}

/** Some images of a comparison with what the model and the raters say of them. */
export function describePlaces(
  studio: Studio,
  { rows, predicted, mapped, mos }: Pick<Pairs, 'rows' | 'predicted' | 'mos'> & { mapped: Float64Array },
  places: readonly number[],
): Disagreement[] {
  const cards = readCards(
    studio.db,
    places.map((at) => rows[at]!.image_id),
  );
  const hasFile = new Map(cards.map((card) => [card.id, card.has_file === 1]));
  return places.map((at) => {
    const row = rows[at]!;
    return {
      imageId: row.image_id,
      name: row.name,
      hasFile: hasFile.get(row.image_id) ?? false,
      prompt: row.prompt,
      generator: row.generator,
      predicted: predicted[at]!,
      mapped: mapped[at]!,
      mos: mos[at]!,
      gap: mapped[at]! - mos[at]!,
    };
  });
}
