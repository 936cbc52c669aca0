/** The MOS of several sets as the labels of one training: on one scale, of an image that stands in several the mean weighted by votes. */
import type { MosChoice } from '../contract/agreement.ts';
import { StudioError } from '../contract/errors.ts';
import type { LabelSource } from '../contract/heads.ts';
import type { ScaleEnds } from '../contract/mos.ts';
import { type MosRowWithName, mosRows } from '../db/mos.ts';
import { distinctLabels } from './heads.ts';
import { moveToScale, scaleOfMos } from './mos-scale.ts';
import { getMosSetCore } from './mos-sets.ts';
import type { Studio } from './studio.ts';

/** The rows of a MOS set on one dimension. @throws StudioError `notFound` */
export function readMosOf(studio: Pick<Studio, 'db'>, { mosSetId, dimension }: MosChoice): MosRowWithName[] {
  getMosSetCore(studio, mosSetId);
  return mosRows(studio.db, mosSetId, dimension);
}

/**
 * Rows in the order of image ids. A single set's are as they are; of several, each is moved from its scale to that of the first. A MOS without
 * a number of votes counts as one vote.
 *
 * @throws StudioError `notFound`; `badInput` where several sets are given and nobody said the scale of one
 */
export function readLabels(studio: Pick<Studio, 'db'>, sources: readonly LabelSource[]): MosRowWithName[] {
  const [first, ...others] = sources;
  if (first === undefined) return [];
  if (distinctLabels(sources).length < sources.length) {
    throw new StudioError('badInput', 'The same MOS are named twice: leave one of them out.');
  }
  if (others.length === 0) return readMosOf(studio, first);
  const ends = sources.map((source) => source.scale ?? scaleOfMos(studio, source));
  const unknown = sources.find((_, at) => ends[at] === null);
  if (unknown !== undefined) {
    throw new StudioError(
      'badInput',
      `The scale of “${getMosSetCore(studio, unknown.mosSetId).name}” is not known: say its lowest and highest value, so that it can be joined with the others.`,
      { mosSetId: unknown.mosSetId },
    );
  }
  const rows = sources.flatMap((source, at) =>
    readMosOf(studio, source).map((row) => moveRow(row, ends[at]!, ends[0]!)),
  );
  const byImage = Map.groupBy(rows, (row) => row.image_id);
  return [...byImage.values()].map(joinRows).sort((a, b) => a.image_id - b.image_id);
}

function moveRow(row: MosRowWithName, from: ScaleEnds, to: ScaleEnds): MosRowWithName {
  const sd = row.sd === null ? null : (row.sd * (to[1] - to[0])) / (from[1] - from[0]);
  return { ...row, mean: moveToScale(row.mean, from, to), sd };
}

/** The SD of several tables' votes together is not known. */
function joinRows(rows: readonly MosRowWithName[]): MosRowWithName {
  const [first] = rows;
  if (rows.length === 1) return first!;
  const votes = rows.reduce((sum, { n }) => sum + (n ?? 1), 0);
  const mean = rows.reduce((sum, row) => sum + row.mean * (row.n ?? 1), 0) / votes;
  return { ...first!, mean, sd: null, n: votes };
}
