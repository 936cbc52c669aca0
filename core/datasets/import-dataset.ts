/** Public data sets in: recognised and looked at first, then taken in as a MOS set, in one step. */
import type { DatasetPreview, ImportDataset } from '../../contract/datasets.ts';
import type { MosSet, ScaleEnds } from '../../contract/mos.ts';
import { storeMosTable } from '../import-mos.ts';
import type { Studio } from '../studio.ts';
import { parseMosRows } from '../tables/mos-rows.ts';
import { createNameIndex } from '../tables/name-index.ts';
import { onScale } from './layouts.ts';
import { readDataset } from './read-dataset.ts';
import { type FoundDataset, recogniseDataset } from './recognise.ts';

const shownRows = 5;

/** What a file or folder holds. @throws StudioError as `recogniseDataset` and `readDataset`, `badInput` where rows are wrong */
export async function previewDataset(studio: Studio, path: string): Promise<DatasetPreview> {
  const found = await recogniseDataset(path);
  const { table, mapping } = await readDataset(found);
  const scale = scaleOfFound(found);
  // Pictures that a public set holds twice are left out when it is taken in, too.
  const rows = parseMosRows(table, { mapping, index: createNameIndex(studio.db), scale }, () => undefined);
  const count = (values: (string | null)[]) => new Set(values.filter((value) => value !== null)).size;
  return {
    ...{ title: found.layout.title, method: methodOf(found), folder: found.folder, files: found.files },
    scale,
    images: rows.length,
    knownImages: rows.filter(({ imageId }) => imageId !== null).length,
    prompts: count(rows.map(({ prompt }) => prompt)),
    generators: [...new Set(rows.map(({ generator }) => generator).filter((value) => value !== null))].sort(),
    dimensions: mapping.mos.map(({ dimension }) => {
      const means = rows
        .flatMap(({ values }) => values.filter((value) => value.dimension === dimension))
        .map(({ mean }) => mean);
      const end = (pick: (a: number, b: number) => number) =>
        means.length === 0 ? null : means.reduce((a, b) => pick(a, b));
      return { dimension, images: means.length, low: end(Math.min), high: end(Math.max) };
    }),
    header: table.header,
    rows: table.rows.slice(0, shownRows).map(({ cells }) => table.header.map((_, at) => cells[at] ?? '')),
  };
}

/** What its numbers are. */
function methodOf({ layout, shape }: FoundDataset): string {
  return shape.method ?? layout.method;
}

/** The range that its authors give; null where they give none. */
function scaleOfFound({ layout, shape }: FoundDataset): ScaleEnds | null {
  return shape.scale ?? layout.scale;
}

/** @throws StudioError as `previewDataset`, `badInput` with line numbers where means lie outside the scale */
export async function importDataset(studio: Studio, order: ImportDataset): Promise<MosSet> {
  const { path, name } = order;
  const found = await recogniseDataset(path);
  const { title } = found.layout;
  const { table, mapping } = await readDataset(found);
  return await storeMosTable(studio, {
    ...{
      table,
      mapping: onScale(mapping, order.scale ?? scaleOfFound(found)),
      layout: title,
      name: name ?? title,
      folder: { path: found.folder, isDataset: true },
      twins: 'leaveOut',
    },
    method: `${title}: ${methodOf(found)}`,
  });
}
