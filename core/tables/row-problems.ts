/** What is wrong with rows of a table, told with line numbers; a table with a wrong row is not imported at all. */
import { StudioError } from '../../contract/errors.ts';

export interface RowProblem {
  line: number;
  reason: string;
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
