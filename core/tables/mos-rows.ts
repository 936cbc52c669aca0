/** Turns the rows of a table into names and MOS by a mapping, with every wrong row told by its line. */
import { StudioError } from '../../contract/errors.ts';
import type { MosMapping, ScaleEnds } from '../../contract/mos.ts';
import { unturnable } from '../mos-source.ts';
import type { NameIndex } from './name-index.ts';
import { readNumber } from './read-number.ts';
import type { RawTable, TableRow } from './read-table.ts';
import { assertNoProblems, RowError, type RowProblem, readEachRow } from './row-problems.ts';
import { findScale, findScaleColumns, readRowScale, type ScaleColumns } from './scale-columns.ts';

export interface MosTableRow {
  /** The image the name means; null where the library does not know it. */
  imageId: number | null;
  /** Without folders, where that tells the images of the table apart. */
  name: string;
  prompt: string | null;
  generator: string | null;
  values: { dimension: string; mean: number; sd: number | null; n: number | null }[];
  cells: string[];
}

/** A row that names, by another name, a picture of an earlier row: byte for byte the same. */
export interface TwinRow {
  line: number;
  name: string;
  /** The line of the earlier one. */
  of: number;
}

/** Where a column stands and what it is called; at −1 where the table has none such. */
interface Place {
  at: number;
  column: string;
}

interface DimensionColumns {
  dimension: string;
  mean: Place;
  sd: Place;
  n: Place;
  scale: ScaleEnds | null;
  lowerIsBetter: boolean;
  /** Where the table says the scale itself, and the first that it says. */
  told: { columns: ScaleColumns; first: ScaleEnds | null } | null;
}

interface Columns {
  name: number;
  prompt: number;
  generator: number;
  pattern: RegExp | null;
  mos: DimensionColumns[];
  index: NameIndex;
  /** File names repeat from folder to folder: names keep theirs. */
  keepsFolders: boolean;
}

export interface MosRowsOrder {
  mapping: MosMapping;
  index: NameIndex;
  /** The ends of the scale of dimensions whose mapping says none, where they are known: no MOS lies outside. */
  scale: ScaleEnds | null;
}

/**
 * All rows of a table. A row without any MOS is passed over; a dimension whose cell is empty is absent.
 *
 * @param onTwin is told rows of pictures that stood there already under another name, which are then left out; they are wrong where absent
 * @throws StudioError `badInput` naming a column that is not there, or the lines that are wrong
 */
export function parseMosRows(
  table: RawTable,
  order: MosRowsOrder,
  onTwin?: (twin: TwinRow) => void,
): MosTableRow[] {
  const { rows, problems } = readRows(table, order, onTwin);
  assertNoProblems(table.fileName, problems);
  return rows;
}

/** What is wrong with a table's rows, by line; nothing is thrown for them. @throws StudioError `badInput` naming a column that is not there */
export function findRowProblems(table: RawTable, order: MosRowsOrder): RowProblem[] {
  return readRows(table, order, () => undefined).problems;
}

function readRows(
  table: RawTable,
  order: MosRowsOrder,
  onTwin: ((twin: TwinRow) => void) | undefined,
): { rows: MosTableRow[]; problems: RowProblem[] } {
  const columns = locateColumns(table, order);
  const seen = new Map<string, { line: number; name: string }>();
  const rows: MosTableRow[] = [];
  const problems = readEachRow(table, (row) => {
    const parsed = parseRow(row, columns);
    const key = parsed.imageId === null ? parsed.name : `#${parsed.imageId}`;
    const before = seen.get(key);
    if (before !== undefined) {
      const { name } = parsed;
      if (before.name === name) throw new RowError(`“${name}” stands on line ${before.line} already`);
      if (onTwin === undefined) {
        throw new RowError(describeTwin(name, before));
      }
      onTwin({ line: row.line, name, of: before.line });
      return;
    }
    seen.set(key, { line: row.line, name: parsed.name });
    if (parsed.values.length > 0) rows.push(parsed);
  });
  return { rows, problems };
}

/** Why a row is wrong whose picture stands in an earlier row under another name. */
export function describeTwin(name: string, before: { line: number; name: string }): string {
  return `“${name}” is byte for byte the picture “${before.name}” of line ${before.line} (such rows can be left out)`;
}

function locateColumns(table: RawTable, { mapping, index, scale }: MosRowsOrder): Columns {
  const { header, fileName, rows } = table;
  function at(column: string | undefined): number {
    if (column === undefined) return -1;
    const found = header.indexOf(column);
    if (found >= 0) return found;
    throw new StudioError('badInput', `${fileName} has no column “${column}”.`, { column });
  }
  const place = (column: string | undefined): Place => ({ at: at(column), column: column ?? '' });
  const dimensions = mapping.mos.map(({ dimension }) => dimension);
  const twice = dimensions.find((dimension, index) => dimensions.indexOf(dimension) !== index);
  if (twice !== undefined) throw new StudioError('badInput', `Two columns are mapped to “${twice}”.`);
  const toldOf = (one: MosMapping['mos'][number]): DimensionColumns['told'] => {
    const columns = findScaleColumns(header, one);
    return columns === null ? null : { columns, first: findScale(table, one) };
  };
  return {
    name: at(mapping.name),
    prompt: at(mapping.prompt),
    generator: at(mapping.generator),
    pattern: compilePattern(mapping.generatorPattern),
    mos: mapping.mos.map((one) => ({
      dimension: one.dimension,
      mean: place(one.mean),
      sd: place(one.sd),
      n: place(one.n),
      ...directionOf(one, scale),
      told: toldOf(one),
    })),
    index,
    keepsFolders: repeatsNames(rows.map(({ cells }) => (cells[header.indexOf(mapping.name)] ?? '').trim())),
  };
}

function directionOf(
  { dimension, scale: own, lowerIsBetter = false }: MosMapping['mos'][number],
  known: ScaleEnds | null,
): Pick<DimensionColumns, 'scale' | 'lowerIsBetter'> {
  const scale = own ?? known;
  if (!lowerIsBetter || scale !== null) return { scale, lowerIsBetter };
  throw unturnable(dimension);
}

/** Whether files of one name lie in several folders. */
function repeatsNames(given: readonly string[]): boolean {
  return new Set(given.map(fileNameOf)).size < new Set(given).size;
}

function fileNameOf(given: string): string {
  return given.slice(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
}

function compilePattern(pattern: string | undefined): RegExp | null {
  if (pattern === undefined || pattern === '') return null;
  try {
    return new RegExp(pattern, 'u');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('badInput', `The pattern for the generator does not work: ${reason}.`, { pattern });
  }
}

function parseRow({ cells }: TableRow, columns: Columns): MosTableRow {
  const given = (cells[columns.name] ?? '').trim();
  if (given === '') throw new RowError('the name is empty');
  const ids = columns.index.find(given);
  if (ids.length > 1) throw new RowError(`${ids.length} images are called “${given}”: give the folder, too`);
  const name = columns.keepsFolders ? given.replaceAll('\\', '/') : fileNameOf(given);
  const values = columns.mos.flatMap((column) => {
    const mean = parseNumber(cells, column.mean);
    if (mean === null) return [];
    assertOneScale(cells, column);
    assertOnScale(mean, column);
    const sd = parseNumber(cells, column.sd);
    if (sd !== null && sd < 0) throw new RowError(`the SD is negative (${sd})`);
    const n = parseNumber(cells, column.n);
    if (n !== null && (!Number.isInteger(n) || n < 1)) throw new RowError(`${n} is not a number of votes`);
    return [{ dimension: column.dimension, mean: turnRound(mean, column), sd, n }];
  });
  const prompt = cells[columns.prompt] ?? '';
  return {
    imageId: ids[0] ?? null,
    name,
    prompt: prompt.trim() === '' ? null : prompt,
    generator:
      (cells[columns.generator] ?? '').trim() || (columns.pattern?.exec(fileNameOf(name))?.[1] ?? null),
    values,
    cells,
  };
}

/** So that higher is better. */
function turnRound(mean: number, { scale, lowerIsBetter }: DimensionColumns): number {
  return lowerIsBetter && scale !== null ? scale[0] + scale[1] - mean : mean;
}

/** A set has one scale a dimension: rows of another one would be compared as if they were on it. */
function assertOneScale(cells: readonly string[], { dimension, told }: DimensionColumns): void {
  if (told === null) return;
  const scale = readRowScale(cells, told.columns);
  if (scale === null || told.first === null) return;
  if (scale[0] === told.first[0] && scale[1] === told.first[1]) return;
  throw new RowError(
    `${dimension} is on a scale of ${scale.join(' to ')} here and of ${told.first.join(' to ')} before: a set has one, so import these rows as a table of their own`,
  );
}

function assertOnScale(mean: number, { mean: { column }, scale }: DimensionColumns): void {
  if (scale === null || (mean >= scale[0] && mean <= scale[1])) return;
  throw new RowError(`${column} ${mean} lies outside the scale of ${scale[0]} to ${scale[1]}`);
}

function parseNumber(cells: readonly string[], { at, column }: Place): number | null {
  const text = (cells[at] ?? '').trim();
  const number = readNumber(text);
  if (number === null || Number.isFinite(number)) return number;
  throw new RowError(`${column} “${text.slice(0, 40)}” is not a number`);
}
