/** The scatter of a comparison: predictions, MOS and predictions mapped to the MOS scale, in columns. */
import { move } from 'piscina';
import type { AgreementPoints } from '../../contract/agreement.ts';
import { mapToMos } from '../maths/map-to-mos.ts';
import type { MosColumns } from './mos-columns.ts';

export type PointsTask = Pick<MosColumns, 'imageIds' | 'mos' | 'generatorOf' | 'generators'> & {
  predicted: Float64Array;
};

/** One entry an image; generators are those of some image. */
export function points({ imageIds, mos, predicted, generatorOf, generators }: PointsTask): AgreementPoints {
  const { mapped, curve } = mapToMos({ predicted, mos });
  const there = [...new Set(generatorOf)].sort((a, b) => a - b);
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

/** The same as JSON in UTF-8, handed over as it is. */
export function writePoints(task: PointsTask): Uint8Array<ArrayBuffer> {
  return move(new TextEncoder().encode(JSON.stringify(points(task)))) as Uint8Array<ArrayBuffer>;
}
