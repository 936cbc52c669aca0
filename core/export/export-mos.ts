/** MOS in the column layout of AGIQA-3K's data.csv, which its scripts and ours read. */
import { attributesOfMosSet } from '../../db/images.ts';
import { type MosRowWithName, mosRows } from '../../db/mos.ts';
import { getMosSet } from '../mos-sets.ts';
import type { Studio } from '../studio.ts';
import type { Cell, Table } from './table.ts';

/** AGIQA-3K shortens `alignment` in its column names. */
const shortNames: Record<string, string> = { quality: 'quality', alignment: 'align' };
const attributes = ['adj1', 'adj2', 'style'] as const;

/**
 * One row an image: `name,prompt,adj1,adj2,style,mos_quality,std_quality,mos_align,std_align`, then `mos_` and `std_` of further
 * dimensions. The nine columns of AGIQA-3K are always there; a value that does not exist is empty.
 *
 * @throws StudioError `notFound`
 */
export function tabulateMos(studio: Studio, mosSetId: number): Table {
  const set = getMosSet(studio, mosSetId);
  const extra = set.dimensions.filter((dimension) => !(dimension in shortNames));
  const dimensions = ['quality', 'alignment', ...extra];
  const columns = [
    'name',
    'prompt',
    ...attributes,
    ...dimensions.flatMap((dimension) => {
      const short = shortNames[dimension] ?? dimension;
      return [`mos_${short}`, `std_${short}`];
    }),
  ];
  return { fileName: `${fileStem(set.name)} MOS.csv`, columns, rows: rowsOf(studio, mosSetId, dimensions) };
}

function* rowsOf(studio: Studio, mosSetId: number, dimensions: string[]): Generator<Cell[]> {
  const byImage = Map.groupBy(mosRows(studio.db, mosSetId), (row) => row.image_id);
  const known = attributesOfMosSet(studio.db, mosSetId);
  for (const [imageId, rows] of byImage) {
    const first = rows[0]!;
    const of = new Map<string, MosRowWithName>(rows.map((row) => [row.dimension, row]));
    yield [
      first.name,
      first.prompt,
      ...attributes.map((name) => known.get(imageId)?.[name] ?? null),
      ...dimensions.flatMap((dimension) => [of.get(dimension)?.mean ?? null, of.get(dimension)?.sd ?? null]),
    ];
  }
}

/** A name of ours as part of a file name that every system accepts. */
export function fileStem(name: string): string {
  return name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '_').slice(0, 80);
}
