/** The scale that a MOS was given on, and one scale's values on another. */
import type { MosScale, ScaleEnds } from '../contract/mos.ts';
import { scaleOf } from './datasets/layouts.ts';
import { describeMosSets, getMosSet } from './mos-sets.ts';
import { endsOf } from './scale-ends.ts';
import { layoutOf } from './seen-images.ts';
import { getStudyCore } from './studies.ts';
import type { Studio } from './studio.ts';

/**
 * The ends of the scale: of a study its design's, of a public data set its authors'. Null where nobody said: other tables, differences from a
 * reference, scores of pairs.
 *
 * @throws StudioError `notFound`
 */
export function scaleOfMos(
  studio: Pick<Studio, 'db'>,
  { mosSetId, dimension }: { mosSetId: number; dimension: string },
): ScaleEnds | null {
  const { studyId } = getMosSet(studio, mosSetId);
  if (studyId === null) return scaleOf(layoutOf(studio, mosSetId));
  const { plan, dimensions } = getStudyCore(studio, studyId).design;
  const asked = dimensions.find(({ key }) => key === dimension);
  if (plan.method === 'pairs' || asked === undefined) return null;
  const { low, high } = endsOf(asked.scale);
  return [low, high];
}

/** The scale of every set that has a dimension. */
export function describeScales(studio: Pick<Studio, 'db'>, dimension: string): MosScale[] {
  return describeMosSets(studio)
    .filter(({ dimensions }) => dimensions.includes(dimension))
    .map(({ id }) => ({ mosSetId: id, scale: scaleOfMos(studio, { mosSetId: id, dimension }) }));
}

/** A value of one scale at the same place between the ends of another. */
export function moveToScale(value: number, from: ScaleEnds, to: ScaleEnds): number {
  return to[0] + ((value - from[0]) / (from[1] - from[0])) * (to[1] - to[0]);
}
