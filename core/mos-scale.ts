/** The scale that a MOS was given on, and one scale's values on another. */
import type { MosSet, ScaleEnds } from '../contract/mos.ts';
import type { StudyDesign } from '../contract/studies.ts';
import { mosSetOrigin } from '../db/mos.ts';
import { scaleOf } from './datasets/layouts.ts';
import { missingMosSet, readMosSource } from './mos-source.ts';
import { endsOf } from './scale-ends.ts';
import { getStudyCore } from './studies.ts';
import type { Studio } from './studio.ts';

/**
 * The ends of the scale: of a study its design's, of a table what was said of it, else of a public data set its authors'. Null where
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
  return ratedScalesOf(studio, origin, [dimension])[0]!.scale;
}

/** The scale of each dimension and whether its means were turned round on it. @param origin of the set, as it is stored */
export function ratedScalesOf(
  studio: Pick<Studio, 'db'>,
  { study_id, source }: { study_id: number | null; source: string | null },
  dimensions: readonly string[],
): MosSet['scales'] {
  if (study_id !== null) {
    const { design } = getStudyCore(studio, study_id);
    return dimensions.map((dimension) => ({
      ...{ dimension, scale: scaleOfDesign(design, dimension), lowerIsBetter: false },
    }));
  }
  const { mapping, said, layout } = readMosSource(source);
  return dimensions.map((dimension) => {
    const later = said.find((one) => one.dimension === dimension);
    if (later !== undefined) return later;
    const { scale = scaleOf(layout), lowerIsBetter = false } =
      mapping?.mos.find((one) => one.dimension === dimension) ?? {};
    return { dimension, scale, lowerIsBetter };
  });
}

function scaleOfDesign({ plan, dimensions }: StudyDesign, dimension: string): ScaleEnds | null {
  const asked = dimensions.find(({ key }) => key === dimension);
  if (plan.method === 'pairs' || asked === undefined) return null;
  const { low, high } = endsOf(asked.scale);
  return [low, high];
}

/** A value of one scale at the same place between the ends of another. */
export function moveToScale(value: number, from: ScaleEnds, to: ScaleEnds): number {
  return to[0] + ((value - from[0]) / (from[1] - from[0])) * (to[1] - to[0]);
}
