/** Takes in what a table knows of images beside MOS: scores of other metrics, which are compared as any score, prompts, generators. */
import type { ImportColumns, ImportedColumns } from '../contract/agreement-views.ts';
import { StudioError } from '../contract/errors.ts';
import type { TwinRows } from '../contract/mos.ts';
import { setAttribute, setGenerator, setPrompt } from '../db/images.ts';
import { startSimilarity } from './start-similarity.ts';
import type { Studio } from './studio.ts';
import { nameColumnOf } from './tables/mos-layout.ts';
import { describeTwin } from './tables/mos-rows.ts';
import { createNameIndex, type NameIndex } from './tables/name-index.ts';
import { type RawTable, readTable } from './tables/read-table.ts';
import { assertNoProblems, RowError, readEachRow } from './tables/row-problems.ts';

/**
 * Stores every column of numbers (or those that are named), prompts and generators for the images of the library, whole or not at all.
 * An empty cell says nothing.
 *
 * @throws StudioError `badInput` with line numbers: names that no image has (where they are not to be skipped) or that stand twice, rows
 *   whose picture stands in an earlier one (where they are not left out), cells that are no numbers; or where there is no column of names, or nothing beside it
 */
export async function importColumns(studio: Studio, order: ImportColumns): Promise<ImportedColumns> {
  const table = await readTable(order.source);
  const places = locate(table, order);
  const index = createNameIndex(studio.db);
  const seen: Seen = new Map();
  const rows: { imageId: number; cells: string[] }[] = [];
  let unknown = 0;
  let leftOut = 0;
  const problems = readEachRow(table, (row) => {
    const name = (row.cells[places.name] ?? '').trim();
    const imageId = findImage(name, index);
    if (imageId === null && !order.skipsUnknown) {
      throw new RowError(`no image of the library is called “${name}”`);
    }
    const wrong = places.columns.find(
      ({ at }) => !isNumber(row.cells[at]) && (row.cells[at] ?? '').trim() !== '',
    );
    if (wrong !== undefined) {
      throw new RowError(`${wrong.column} “${row.cells[wrong.at]!.slice(0, 40)}” is not a number`);
    }
    if (imageId === null) unknown += 1;
    else if (isTwin(seen, { imageId, line: row.line, name }, order.twins)) leftOut += 1;
    else rows.push({ imageId, cells: row.cells });
  });
  assertNoProblems(table.fileName, problems);
  const prompted = studio.db.transaction(() => rows.filter((row) => storeRow(studio, row, places)));
  startSimilarity(
    studio,
    prompted.map(({ imageId }) => imageId),
  );
  studio.bus.changed('images');
  return { columns: places.columns.map(({ column }) => column), images: rows.length, unknown, leftOut };
}

interface Places {
  name: number;
  prompt: number;
  generator: number;
  columns: { column: string; at: number }[];
}

function locate(table: RawTable, order: ImportColumns): Places {
  const { header, fileName } = table;
  const find = (column: string | undefined) => (column === undefined ? -1 : header.indexOf(column));
  const name = find(order.name ?? nameColumnOf(header) ?? undefined);
  if (name < 0) {
    throw new StudioError(
      'badInput',
      `It is not clear which column of ${fileName} holds the image names (${header.join(', ')}).`,
    );
  }
  const taken = [order.prompt, order.generator].filter((column) => column !== undefined);
  const lost = [...taken, ...(order.columns ?? [])].find((column) => !header.includes(column));
  if (lost !== undefined)
    throw new StudioError('badInput', `${fileName} has no column “${lost}”.`, { column: lost });
  const columns = chooseColumns(table, new Set([header[name]!, ...taken]), order.columns);
  if (columns.length === 0 && taken.length === 0)
    throw new StudioError('badInput', `${fileName} has no column of numbers beside the names.`);
  return { name, prompt: find(order.prompt), generator: find(order.generator), columns };
}

/** Says whether the image has another prompt than before. */
function storeRow(
  { db }: Studio,
  { imageId, cells }: { imageId: number; cells: string[] },
  { prompt, generator, columns }: Places,
): boolean {
  for (const { column, at } of columns) {
    const cell = (cells[at] ?? '').trim();
    if (cell !== '') setAttribute(db, imageId, column, cell);
  }
  const madeBy = (cells[generator] ?? '').trim();
  if (madeBy !== '') setGenerator(db, imageId, madeBy, 'list');
  const text = (cells[prompt] ?? '').trim();
  return text !== '' && setPrompt(db, imageId, text, 'list');
}

function chooseColumns(
  { header, rows }: RawTable,
  taken: ReadonlySet<string>,
  wanted: readonly string[] | undefined,
): { column: string; at: number }[] {
  return header
    .map((column, at) => ({ column, at }))
    .filter(({ column }) => column !== '' && !taken.has(column))
    .filter(({ column, at }) =>
      wanted === undefined ? rows.some(({ cells }) => isNumber(cells[at])) : wanted.includes(column),
    );
}

/** The image of a name; null where there is none. */
function findImage(name: string, index: NameIndex): number | null {
  if (name === '') throw new RowError('the name is empty');
  const [imageId, ...others] = index.find(name);
  if (imageId !== undefined && others.length > 0)
    throw new RowError(`${others.length + 1} images are called “${name}”: give the folder, too`);
  return imageId ?? null;
}

/** By image, the row that it stands on. */
type Seen = Map<number, { line: number; name: string }>;

/** Whether a row names the picture of an earlier row by another name and is to be left out; remembers it where it is the first. */
function isTwin(
  seen: Seen,
  { imageId, line, name }: { imageId: number; line: number; name: string },
  twins: TwinRows,
): boolean {
  const before = seen.get(imageId);
  if (before === undefined) seen.set(imageId, { line, name });
  else if (before.name === name) throw new RowError(`“${name}” stands on line ${before.line} already`);
  else if (twins === 'refuse') throw new RowError(describeTwin(name, before));
  return before !== undefined;
}

function isNumber(cell: string | undefined): boolean {
  const text = (cell ?? '').trim();
  return text !== '' && /^[+-]?[\d.]/.test(text) && Number.isFinite(Number(text));
}
