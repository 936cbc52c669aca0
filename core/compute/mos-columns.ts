/** A MOS set on one dimension in columns: rows of a large set would take longer from thread to thread than a vote may be kept waiting. */
import type { MosChoice } from '../../contract/agreement.ts';
import type { Db } from '../../db/database.ts';
import { type MosRowWithName, mosRows } from '../../db/mos.ts';
import { mosInterval } from '../maths/mos.ts';

/** One entry an image, in the order of ids. */
export interface MosColumns {
  imageIds: Int32Array;
  mos: Float64Array;
  /** Half the 95 % interval of each MOS, NaN where it has none. */
  halfWidths: Float64Array;
  /** What intervals are drawn over: images of one prompt together, an image without one by itself. */
  groups: Int32Array;
  /** Places in `generators`. */
  generatorOf: Int32Array;
  /** Each once, by name; null where one is not known. */
  generators: (string | null)[];
}

/** The images of a set that have a MOS of the dimension. */
export function readMosColumns(db: Db, { mosSetId, dimension }: MosChoice): MosColumns {
  return columnsOf(mosRows(db, mosSetId, dimension));
}

/** Rows of one dimension in columns. */
export function columnsOf(rows: readonly MosRowWithName[]): MosColumns {
  const generators = generatorsOf(rows);
  const placeOf = new Map(generators.map((generator, at) => [generator, at]));
  return {
    imageIds: Int32Array.from(rows, (row) => row.image_id),
    mos: Float64Array.from(rows, (row) => row.mean),
    halfWidths: Float64Array.from(rows, halfWidthOf),
    groups: Int32Array.from(rows, (row) => row.prompt_id ?? -row.image_id),
    generatorOf: Int32Array.from(rows, (row) => placeOf.get(row.generator)!),
    generators,
  };
}

/** The generators of some rows, each once, by name; null where one is not known. */
export function generatorsOf(rows: readonly MosRowWithName[]): (string | null)[] {
  return [...new Set(rows.map((row) => row.generator))].sort((a, b) => (a ?? '').localeCompare(b ?? ''));
}

function halfWidthOf(row: MosRowWithName): number {
  const { low, high } = mosInterval(row);
  return low === null || high === null ? Number.NaN : (high - low) / 2;
}

/** Some of the images, by place. */
export function pickPlaces(columns: MosColumns, places: readonly number[]): MosColumns {
  return {
    imageIds: pickIds(columns.imageIds, places),
    mos: pickNumbers(columns.mos, places),
    halfWidths: pickNumbers(columns.halfWidths, places),
    groups: pickIds(columns.groups, places),
    generatorOf: pickIds(columns.generatorOf, places),
    generators: columns.generators,
  };
}

/** Some numbers of a column, by place. */
export function pickNumbers(column: Float64Array, places: readonly number[]): Float64Array {
  const picked = new Float64Array(places.length);
  for (let at = 0; at < places.length; at += 1) picked[at] = column[places[at]!]!;
  return picked;
}

function pickIds(column: Int32Array, places: readonly number[]): Int32Array {
  const picked = new Int32Array(places.length);
  for (let at = 0; at < places.length; at += 1) picked[at] = column[places[at]!]!;
  return picked;
}
