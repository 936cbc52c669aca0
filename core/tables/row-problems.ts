/** What is wrong with rows of a table, told with line numbers; a table with a wrong row is not imported at all. */
import { StudioError } from '../../contract/errors.ts';

export interface RowProblem {
  line: number;
  reason: string;
}

/** What is wrong with one row. */
export class RowError extends Error {}

/** Reads one row after another; what is wrong with some is told by line. @param read throws a `RowError` for a row that cannot be used */
export function readEachRow<Row extends { line: number }>(
  rows: readonly Row[],
  read: (row: Row, at: number) => void,
): RowProblem[] {
  return rows.flatMap((row, at) => {
    try {
      read(row, at);
      return [];
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      return [{ line: row.line, reason: error.message }];
    }
  });
}

/** @throws RowError for a row with more cells than the header has; empty ones at its end do not count */
export function assertWidth(cells: readonly string[], width: number): void {
  const last = cells.findLastIndex((cell) => cell.trim() !== '');
  if (last >= width) throw new RowError(`${cells.length} cells, but the header has ${width}`);
}

/** Lines that the message names; the rest is counted. */
const shownProblems = 12;

/** @throws StudioError `badInput` with the lines and reasons, where there are any */
export function assertNoProblems(fileName: string, problems: readonly RowProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const shown = problems.slice(0, shownProblems).map(({ line, reason }) => `line ${line}: ${reason}`);
  const more = problems.length > shownProblems ? ` … and ${problems.length - shownProblems} more` : '';
  throw new StudioError(
    'badInput',
    `Nothing was imported from ${fileName}; ${problems.length} of its rows need mending: ${shown.join('; ')}${more}.`,
    { line: first.line, problems: problems.length },
  );
}
