/** Imports a table of Mean Opinion Scores as a MOS set: looked at first, then taken whole or not at all. */
import { dirname } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import type { ImportMos, MosMapping, MosSet, TablePreview, TableSource, TwinRows } from '../contract/mos.ts';
import { saveImage, setAttribute, setGenerator, setPrompt } from '../db/images.ts';
import { insertMosSet, saveMos } from '../db/mos.ts';
import { describeTurned } from './change-mos-scales.ts';
import { scaleOf } from './datasets/layouts.ts';
import { getMosSet } from './mos-sets.ts';
import { startSimilarity } from './start-similarity.ts';
import type { Studio } from './studio.ts';
import { matchByContent, type TableFolder } from './tables/match-by-content.ts';
import { suggestMapping } from './tables/mos-layout.ts';
import { type MosTableRow, parseMosRows, type TwinRow } from './tables/mos-rows.ts';
import { createNameIndex } from './tables/name-index.ts';
import { readNumber } from './tables/read-number.ts';
import { type RawTable, readTable } from './tables/read-table.ts';
import { assertWidths } from './tables/row-problems.ts';
import { isScaleColumn, withScales } from './tables/scale-columns.ts';

const previewRows = 20;

/** The first rows of a table, the mapping the studio would use, how far its numbers go, and how many of its names the library knows. @throws StudioError as `readTable`, `badInput` where rows do not fit the header */
export async function previewMosTable(studio: Studio, source: TableSource): Promise<TablePreview> {
  const table = await readRows(source);
  assertWidths(table);
  const { fileName, encoding, header, rows, sheets = null } = table;
  const { mapping, layout } = suggestMapping({ header, fileName });
  const index = createNameIndex(studio.db);
  const nameAt = mapping === null ? -1 : header.indexOf(mapping.name);
  const isKnown = (cells: string[]) => nameAt >= 0 && index.find(cells[nameAt] ?? '').length > 0;
  return {
    ...{ fileName, encoding, sheets },
    header,
    rows: rows.slice(0, previewRows).map(({ cells }) => header.map((_, at) => cells[at] ?? '')),
    rowCount: rows.length,
    ranges: header.map((_, at) => rangeOf(rows.map(({ cells }) => cells[at] ?? ''))),
    suggested: mapping === null ? null : withScales(table, mapping),
    layout,
    scale: scaleOf(layout),
    matchedFiles: rows.filter(({ cells }) => isKnown(cells)).length,
  };
}

/** A table that has rows. @throws StudioError as `readTable`, `badInput` where nothing stands below its header */
async function readRows(source: TableSource): Promise<RawTable> {
  const table = await readTable(source);
  if (table.rows.length > 0) return table;
  const place = table.sheets === undefined ? '' : ` (sheet “${table.sheets.read}”)`;
  throw new StudioError('badInput', `${table.fileName}${place} has no rows below its header.`);
}

/** Null where no cell is a number. */
function rangeOf(cells: readonly string[]): TablePreview['ranges'][number] {
  const numbers = cells.map((cell) => readNumber(cell) ?? Number.NaN).filter(Number.isFinite);
  const [first] = numbers;
  if (first === undefined) return null;
  return numbers.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [first, first],
  );
}

/**
 * Imports a table in one transaction. A name that a file carries means that image, and so does a file beside the table with the content
 * of an image; other names become images without a file, which a file of that name fills when it is scored. Columns that are not mapped
 * are kept and come back in exports.
 *
 * @throws StudioError `badInput` with line numbers where rows are wrong or no mapping is known, and as `readTable`
 */
export async function importMosTable(studio: Studio, order: ImportMos): Promise<MosSet> {
  const table = await readRows(order.source);
  const suggestion = suggestMapping(table);
  const mapping = order.mapping ?? suggestion.mapping;
  if (mapping === null || mapping.mos.length === 0) {
    throw new StudioError(
      'badInput',
      `It is not clear which columns of ${table.fileName} are what (${table.header.join(', ')}). Say which one is the name and which the MOS.`,
    );
  }
  const layout = isPartOf(mapping, suggestion.mapping) ? suggestion.layout : null;
  return await storeMosTable(studio, {
    ...{ table, mapping, layout, twins: order.twins ?? 'refuse' },
    name: order.name ?? table.fileName.replace(/\.[^.]+$/, ''),
    method: `as imported from ${layout ?? table.fileName}${describeTurned(mapping.mos)}`,
    folder: 'path' in order.source ? { path: dirname(order.source.path), isDataset: false } : null,
  });
}

/** Whether a mapping takes no other columns as MOS than the known layout does: then it is that public set, or a part of it. */
function isPartOf(mapping: MosMapping, known: MosMapping | null): boolean {
  const means = new Set(known?.mos.map(({ mean }) => mean));
  return mapping.mos.every(({ mean }) => means.has(mean));
}

export interface MosTable {
  table: RawTable;
  mapping: MosMapping;
  /** The known layout that it came in. */
  layout: string | null;
  name: string;
  method: string;
  /** Null where it is not known. */
  folder: TableFolder | null;
  twins: TwinRows;
}

/** Stores a table as a MOS set, whole or not at all. @throws StudioError `badInput` with line numbers where rows are wrong */
export async function storeMosTable(studio: Studio, order: MosTable): Promise<MosSet> {
  const { table, layout, name, method, folder, twins } = order;
  const mapping = withScales(table, order.mapping);
  const index = createNameIndex(studio.db);
  const known = folder === null ? null : await matchByContent(studio, { table, mapping, folder, index });
  const leftOut: TwinRow[] = [];
  const onTwin = twins === 'refuse' ? undefined : (twin: TwinRow) => leftOut.push(twin);
  const rows = parseMosRows(table, { mapping, index: known ?? index, scale: scaleOf(layout) }, onTwin);
  const prompted: number[] = [];
  const id = studio.db.transaction(() => {
    const mosSetId = insertMosSet(studio.db, {
      ...{ name, method, kind: 'imported' as const, study_id: null },
      source: JSON.stringify({ fileName: table.fileName, layout, mapping, leftOut }),
      created_at: studio.now(),
    });
    const extra = unmappedColumns(table, mapping);
    for (const row of rows) storeRow(studio, { mosSetId, extra, prompted }, row);
    return mosSetId;
  });
  startSimilarity(studio, prompted);
  studio.bus.changed('images', 'mos');
  return getMosSet(studio, id);
}

function storeRow(
  studio: Studio,
  { mosSetId, extra, prompted }: { mosSetId: number; extra: [string, number][]; prompted: number[] },
  row: MosTableRow,
): void {
  const { db } = studio;
  const { imageId: known, name, prompt, generator, values, cells } = row;
  const unseen = { hash: null, name, format: null, width: null, height: null, sizeBytes: null };
  const imageId = known ?? saveImage(db, unseen, studio.now());
  if (prompt !== null && setPrompt(db, imageId, prompt, 'mosTable')) prompted.push(imageId);
  if (generator !== null) setGenerator(db, imageId, generator, 'mosTable');
  for (const { dimension, mean, sd, n } of values) saveMos(db, { mosSetId, dimension, imageId, mean, sd, n });
  for (const [column, at] of extra) {
    const value = cells[at] ?? '';
    if (value !== '') setAttribute(db, imageId, column, value);
  }
}

function unmappedColumns({ header }: RawTable, mapping: MosMapping): [string, number][] {
  const mapped = new Set([
    mapping.name,
    mapping.prompt,
    mapping.generator,
    ...mapping.mos.flatMap(({ mean, sd, n }) => [mean, sd, n]),
  ]);
  return header
    .map((column, at): [string, number] => [column, at])
    .filter(([column]) => column !== '' && !mapped.has(column) && !isScaleColumn(column));
}
