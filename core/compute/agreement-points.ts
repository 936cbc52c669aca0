/** What a comparison says of every one of its images: as many entries as the set has images, so that a thread also writes them. */
import type { AgreementPoints } from '../../contract/agreement.ts';
import type { PointDensity, Residuals } from '../../contract/agreement-views.ts';
import { countInBins, measureDensity } from '../maths/histogram.ts';
import { mapToMos } from '../maths/map-to-mos.ts';
import { measureResiduals } from '../maths/residuals.ts';
import type { MosColumns } from './mos-columns.ts';
import type { Classes } from './read-classes.ts';

interface Beside {
  predicted: Float64Array;
  mos: Float64Array;
}

type PointsTask = Beside & Pick<MosColumns, 'imageIds' | 'generatorOf' | 'generators'>;
type ResidualsTask = Beside & Classes & Pick<MosColumns, 'imageIds' | 'groups'>;

/** Bins of a scatter's margins. */
const marginBins = 60;

/** The scatter: predictions, MOS and predictions mapped to the MOS scale; generators are those of some image. */
export function points(task: PointsTask): AgreementPoints {
  const { imageIds, mos, predicted, generatorOf, generators } = task;
  const { mapped, curve } = mapToMos({ predicted, mos });
  const there = generatorsWithin(task);
  const index = new Map(there.map((generator, at) => [generator, at]));
  return {
    imageIds: [...imageIds],
    predicted: [...predicted],
    mos: [...mos],
    mapped: [...mapped],
    generator: Array.from(generatorOf, (generator) => index.get(generator)!),
    generators: there.map((generator) => generators[generator]!),
    curve,
  };
}

/** How dense the points of a scatter lie, and both margins. */
export function density({ predicted, mos }: Beside): PointDensity {
  return {
    density: [...measureDensity(predicted, mos)],
    predicted: countInBins(predicted, marginBins),
    mos: countInBins(mos, marginBins),
  };
}

/** Residuals of the mapped predictions by the classes of a field. */
export function residuals(task: ResidualsTask): Residuals {
  const { field, labels, classOf, imageIds, predicted, mos, groups } = task;
  const fieldGroups = labels.length;
  const measured = measureResiduals({ predicted, mos, groups, fieldOf: classOf, fieldGroups });
  return {
    field,
    groups: measured.groups.flatMap((group, at) =>
      group === null
        ? []
        : [
            {
              label: labels[at]!,
              ...group,
              imageIds: [...imageIds.filter((_, place) => classOf[place] === at)],
            },
          ],
    ),
    withoutValue: classOf.filter((one) => one < 0).length,
  };
}

/** The images whose mapped prediction is farthest from their MOS, the farthest first, by place. */
export function disagreements({ predicted, mos, limit }: Beside & { limit: number }): {
  mapped: Float64Array;
  places: number[];
} {
  const { mapped } = mapToMos({ predicted, mos });
  const sizes = mapped.map((value, at) => Math.abs(value - mos[at]!));
  return { mapped, places: [...sizes.keys()].sort((a, b) => sizes[b]! - sizes[a]!).slice(0, limit) };
}

/** The places in `generators` of those that some of the images are by, each once, in rising order. */
export function generatorsWithin({ generatorOf }: Pick<MosColumns, 'generatorOf'>): number[] {
  return [...new Set(generatorOf)].sort((a, b) => a - b);
}
