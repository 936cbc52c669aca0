/** Takes in the scores of another metric: a table of image names and numbers becomes columns that are compared as any score. */
import type { ImportColumns, ImportedColumns } from '../contract/agreement-views.ts';
import { StudioError } from '../contract/errors.ts';
import { setAttribute } from '../db/images.ts';
import type { Studio } from './studio.ts';
import { nameColumnOf } from './tables/mos-layout.ts';
import { createNameIndex, type NameIndex } from './tables/name-index.ts';
import { type RawTable, readTable, type TableRow } from './tables/read-table.ts';
import { assertNoProblems, type RowProblem } from './tables/row-problems.ts';

/**
 * Stores every column of numbers (or those that are named) for the images of the library, whole or not at all. An empty cell is no score.
 *
 * @throws StudioError `badInput` with line numbers: names that no image has or that stand twice, cells that are no numbers; or where there
 *   is no column of names or of numbers
 */
export async function importColumns(studio: Studio, order: ImportColumns): Promise<ImportedColumns> {
  const table = await readTable(order.source);
  const name = order.name ?? nameColumnOf(table.header);
  const nameAt = name === null ? -1 : table.header.indexOf(name);
  if (nameAt < 0) {
    throw new StudioError(
      'badInput',
      `It is not clear which column of ${table.fileName} holds the image names (${table.header.join(', ')}).`,
    );
  }
  const columns = chooseColumns(table, nameAt, order.columns);
  const index = createNameIndex(studio.db);
  const seen = new Map<number, number>();
  const problems: RowProblem[] = [];
  const rows = table.rows.flatMap((row) => {
    const found = matchRow(row, nameAt, index, seen);
    const wrong = columns.find(({ at }) => !isNumber(row.cells[at]) && (row.cells[at] ?? '').trim() !== '');
    if (typeof found === 'string') problems.push({ line: row.line, reason: found });
    else if (wrong !== undefined)
      problems.push({
        line: row.line,
        reason: `${wrong.column} “${row.cells[wrong.at]!.slice(0, 40)}” is not a number`,
      });
    else return [{ imageId: found, cells: row.cells }];
    return [];
  });
  assertNoProblems(table.fileName, problems);
  studio.db.transaction(() => {
    for (const { imageId, cells } of rows) {
      for (const { column, at } of columns) {
        const cell = (cells[at] ?? '').trim();
        if (cell !== '') setAttribute(studio.db, imageId, column, cell);
      }
    }
  });
  studio.bus.changed('images');
  return { columns: columns.map(({ column }) => column), images: rows.length };
}

function chooseColumns(
  { header, rows, fileName }: RawTable,
  nameAt: number,
  wanted: readonly string[] | undefined,
): { column: string; at: number }[] {
  const all = header
    .map((column, at) => ({ column, at }))
    .filter(({ column, at }) => at !== nameAt && column !== '');
  const lost = wanted?.find((column) => !header.includes(column));
  if (lost !== undefined)
    throw new StudioError('badInput', `${fileName} has no column “${lost}”.`, { column: lost });
  const chosen =
    wanted === undefined
      ? all.filter(({ at }) => rows.some(({ cells }) => isNumber(cells[at])))
      : all.filter(({ column }) => wanted.includes(column));
  if (chosen.length === 0)
    throw new StudioError('badInput', `${fileName} has no column of numbers beside the names.`);
  return chosen;
}

/** The image, or why there is none. */
function matchRow(
  { cells, line }: TableRow,
  nameAt: number,
  index: NameIndex,
  seen: Map<number, number>,
): number | string {
  const name = (cells[nameAt] ?? '').trim();
  if (name === '') return 'the name is empty';
  const [imageId, ...others] = index.find(name);
  if (imageId === undefined) return `no image of the library is called “${name}”`;
  if (others.length > 0) return `${others.length + 1} images are called “${name}”: give the folder, too`;
  const before = seen.get(imageId);
  if (before !== undefined) return `“${name}” stands on line ${before} already`;
  seen.set(imageId, line);
  return imageId;
}

function isNumber(cell: string | undefined): boolean {
  const text = (cell ?? '').trim();
  return text !== '' && /^[+-]?[\d.]/.test(text) && Number.isFinite(Number(text));
}
