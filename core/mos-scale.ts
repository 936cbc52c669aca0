/** The scale that a MOS was given on, and one scale's values on another. */
import type { MosScale, ScaleEnds } from '../contract/mos.ts';
import { mosSetOrigin } from '../db/mos.ts';
import { scaleOf } from './datasets/layouts.ts';
import { describeMosSets, missingMosSet } from './mos-sets.ts';
import { readMosSource } from './mos-source.ts';
import { endsOf } from './scale-ends.ts';
import { getStudyCore } from './studies.ts';
import type { Studio } from './studio.ts';

/**
 * The ends of the scale: of a study its design's, of a table what was said when it came in, else of a public data set its authors'. Null where
 * nobody said, and for scores of pairs.
 *
 * @throws StudioError `notFound`
 */
export function scaleOfMos(
  studio: Pick<Studio, 'db'>,
  { mosSetId, dimension }: { mosSetId: number; dimension: string },
): ScaleEnds | null {
  const origin = mosSetOrigin(studio.db, mosSetId);
  if (origin === undefined) throw missingMosSet(mosSetId);
  if (origin.study_id === null) {
    const { mapping, layout } = readMosSource(origin.source);
    return mapping?.mos.find((one) => one.dimension === dimension)?.scale ?? scaleOf(layout);
  }
  const { plan, dimensions } = getStudyCore(studio, origin.study_id).design;
  const asked = dimensions.find(({ key }) => key === dimension);
  if (plan.method === 'pairs' || asked === undefined) return null;
  const { low, high } = endsOf(asked.scale);
  return [low, high];
}

/** The scale of every set that has a dimension. */
export async function describeScales(
  studio: Pick<Studio, 'db' | 'reading'>,
  dimension: string,
): Promise<MosScale[]> {
  return (await describeMosSets(studio))
    .filter(({ dimensions }) => dimensions.includes(dimension))
    .map(({ id }) => ({ mosSetId: id, scale: scaleOfMos(studio, { mosSetId: id, dimension }) }));
}

/** A value of one scale at the same place between the ends of another. */
export function moveToScale(value: number, from: ScaleEnds, to: ScaleEnds): number {
  return to[0] + ((value - from[0]) / (from[1] - from[0])) * (to[1] - to[0]);
}
