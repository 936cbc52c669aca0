/** Says, corrects or takes back on which scale an imported MOS set was rated, and in which direction; what is stored follows. */
import { StudioError } from '../contract/errors.ts';
import type { ChangeMosScales, MosSet, RatedScale, ScaleEnds } from '../contract/mos.ts';
import { mosSetById, moveMos, rangeOfMos, setMosOrigin } from '../db/mos.ts';
import { getMosSet } from './mos-sets.ts';
import { missingMosSet, readMosSource, unturnable, withSaid } from './mos-source.ts';
import type { Studio } from './studio.ts';

/** How far the computer's numbers may lie off a scale's end, as a share of the scale. */
const tolerance = 1e-9;

/**
 * Changes all of the scales or none. Means that were turned round on the old scale, or are on the new one, move so that they stand for what
 * the table said.
 *
 * @throws StudioError `notFound`; `unsupported` for a set of a study; `badInput` for a dimension that it does not have or that is named
 *   twice, and where a mean of the table lies outside or is to be turned round on a scale that is not known
 */
export function changeMosScales(studio: Studio, { mosSetId, scales }: ChangeMosScales): MosSet {
  const { db } = studio;
  const row = mosSetById(db, mosSetId);
  if (row === undefined) throw missingMosSet(mosSetId);
  if (row.study_id !== null) {
    throw new StudioError(
      'unsupported',
      `“${row.name}” is of a study: its scale is that of the design by which raters voted, and stays.`,
      { mosSetId },
    );
  }
  const before = getMosSet(studio, mosSetId).scales;
  const after = before.map((one) => scales.find(({ dimension }) => dimension === one.dimension) ?? one);
  assertNamedOnce(row.name, before, scales);
  const said = new Map(readMosSource(row.source).said.map((one) => [one.dimension, one]));
  for (const one of scales) said.set(one.dimension, one);
  const method = withoutEnd(row.method, describeTurned(before)) + describeTurned(after);
  db.transaction(() => {
    for (const to of scales)
      moveMeans(studio, mosSetId, before.find(({ dimension }) => dimension === to.dimension)!, to);
    setMosOrigin(db, mosSetId, { source: withSaid(row.source, [...said.values()]), method });
  });
  studio.bus.changed('images', 'mos');
  return getMosSet(studio, mosSetId);
}

/** What a set's method says at its end of means that were turned round; nothing where none were. */
export function describeTurned(
  scales: readonly { dimension: string; lowerIsBetter?: boolean | undefined }[],
): string {
  const turned = scales
    .filter(({ lowerIsBetter }) => lowerIsBetter === true)
    .map(({ dimension }) => dimension);
  if (turned.length === 0) return '';
  const which =
    turned.length === scales.length ? 'lower was better' : `lower was better in ${turned.join(', ')}`;
  return `; ${which}, turned round on the scale`;
}

function withoutEnd(text: string, end: string): string {
  return end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text;
}

function assertNamedOnce(name: string, known: readonly RatedScale[], scales: readonly RatedScale[]): void {
  const named = scales.map(({ dimension }) => dimension);
  const strange = named.find((one) => !known.some(({ dimension }) => dimension === one));
  if (strange !== undefined) {
    throw new StudioError('badInput', `“${name}” has no MOS of ${strange}.`, { dimension: strange });
  }
  const twice = named.find((one, at) => named.indexOf(one) < at);
  if (twice !== undefined) {
    throw new StudioError('badInput', `The scale of ${twice} is said twice.`, { dimension: twice });
  }
}

function moveMeans({ db }: Studio, mosSetId: number, from: RatedScale, to: RatedScale): void {
  const { dimension } = to;
  if (to.lowerIsBetter && to.scale === null) throw unturnable(dimension);
  const range = rangeOfMos(db, mosSetId, dimension);
  if (range === undefined) return;
  const told = toTable(from);
  const stored = toTable(to);
  const ends = range.map((mean) => told.factor * mean + told.offset).sort((a, b) => a - b);
  if (to.scale !== null) assertWithin(ends, to.scale, dimension);
  // Back to what the table said, and from there to what is stored now; turning round is its own inverse.
  const factor = stored.factor * told.factor;
  const offset = stored.factor * told.offset + stored.offset;
  if (factor !== 1 || offset !== 0) moveMos(db, { mosSetId, dimension, factor, offset });
}

function assertWithin(ends: readonly number[], scale: ScaleEnds, dimension: string): void {
  const slack = tolerance * (scale[1] - scale[0]);
  if (ends[0]! >= scale[0] - slack && ends[1]! <= scale[1] + slack) return;
  const whole = ends.map((end) => Number(end.toPrecision(12))).join(' to ');
  throw new StudioError(
    'badInput',
    `The means of ${dimension} go from ${whole}: some lie outside a scale of ${scale.join(' to ')}.`,
    { dimension },
  );
}

/** From what is stored to what the table said, and the other way. */
function toTable({ scale, lowerIsBetter }: RatedScale): { factor: number; offset: number } {
  return lowerIsBetter && scale !== null
    ? { factor: -1, offset: scale[0] + scale[1] }
    : { factor: 1, offset: 0 };
}
