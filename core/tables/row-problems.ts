/** What is wrong with rows of a table, told with line numbers; a table with a wrong row is not imported at all. */
import { StudioError } from '../../contract/errors.ts';
import type { RawTable, TableRow } from './read-table.ts';

export interface RowProblem {
  line: number;
  reason: string;
}

/** What is wrong with one row. */
export class RowError extends Error {}

/** Rows under a header; without one (bare numbers) nothing says how many cells they have. */
type Rows = Pick<RawTable, 'rows'> & Partial<Pick<RawTable, 'header' | 'separator'>>;

/**
 * Reads one row after another; what is wrong with some is told by line, a row that does not fit its header before anything else.
 *
 * @param read throws a `RowError` for a row that cannot be used
 */
export function readEachRow(table: Rows, read: (row: TableRow, at: number) => void): RowProblem[] {
  return table.rows.flatMap((row, at) => {
    try {
      assertWidth(row, table);
      read(row, at);
      return [];
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      return [{ line: row.line, reason: error.message }];
    }
  });
}

/** For what takes tables without looking at every row. @throws StudioError `badInput` with the lines of rows that do not fit the header */
export function assertWidths(table: RawTable): void {
  assertNoProblems(
    table.fileName,
    readEachRow(table, () => undefined),
  );
}

/**
 * A comma in a text without quotation marks moves all cells after it. Empty cells beyond the header or lacking at the end, as spreadsheets
 * write them, are none of that, unless a cell alone begins with a space, as after a comma in a sentence.
 */
function assertWidth({ cells }: TableRow, { header, separator }: Rows): void {
  if (header === undefined || separator === undefined) return;
  const named = header.findLastIndex((name) => name !== '') + 1;
  const filled = cells.filter((cell, at) => at > 0 && cell.trim() !== '');
  const spaced = filled.filter((cell) => cell.startsWith(' '));
  const isSplit = cells.length > header.length && spaced.length > 0 && spaced.length < filled.length;
  const used = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
  if (used <= named && !isSplit) return;
  throw new RowError(
    `${cells.length} cells, the first line names ${named}: is a ${separatorNames[separator] ?? `“${separator}”`} inside a text without quotation marks?`,
  );
}

const separatorNames: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab' };

/** Lines that the message names; the rest is counted. */
const shownProblems = 12;

/** @throws StudioError `badInput` with the lines and reasons, where there are any */
export function assertNoProblems(fileName: string, problems: readonly RowProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const shown = problems.slice(0, shownProblems).map(({ line, reason }) => `line ${line}: ${reason}`);
  const more = problems.length > shownProblems ? ` … and ${problems.length - shownProblems} more` : '';
  const told = `${shown.join('; ')}${more}`;
  throw new StudioError(
    'badInput',
    `Nothing was imported from ${fileName}; ${problems.length} of its rows need mending: ${told.endsWith('?') ? told : `${told}.`}`,
    { line: first.line, problems: problems.length },
  );
}
