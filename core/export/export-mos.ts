/** MOS in the columns of AGIQA-3K's data.csv, which its scripts and ours read, with what an import needs to have the same set. */
import { imagesOfMosSet } from '../../db/export-rows.ts';
import { getMosSet } from '../mos-sets.ts';
import type { Studio } from '../studio.ts';
import { fileStem } from './file-stem.ts';
import { blocksOf, cellsOf, columnsOfPlan } from './image-rows.ts';
import { contextOf, namesOf } from './plan-images.ts';
import { mosColumns, nameColumns, resolveColumns } from './presets.ts';
import type { Table } from './table.ts';

/** One row an image of the set: the nine columns of AGIQA-3K, then those of further dimensions, counts and scales. @throws StudioError `notFound` */
export async function tabulateMos(studio: Studio, mosSetId: number): Promise<Table> {
  const set = getMosSet(studio, mosSetId);
  const context = await contextOf(studio, { mosSetId });
  const columns = nameColumns(resolveColumns(mosColumns, namesOf(studio, context)));
  const blocks = blocksOf(studio.db, {
    ids: Int32Array.from(imagesOfMosSet(studio.db, mosSetId)),
    rows: 'images',
  });
  return {
    name: `${fileStem(set.name)} MOS`,
    columns: columnsOfPlan(columns),
    rows: cellsOf(studio.db, blocks, { columns, context }),
  };
}
