/** How a command ends, for scripts: documented in `docs/command-line.md` and `--help`. */
import { type ErrorCode, toStudioError } from '../contract/errors.ts';

export const exitCodes = {
  done: 0,
  failed: 1,
  badUsage: 2,
  someFilesFailed: 3,
  libraryLocked: 4,
  precisionBad: 5,
  stopped: 130,
} as const;

export const exitCodesHelp = `
Exit codes:
  0    done
  1    failed: the message says why
  2    wrong usage: a command, option or value that does not exist
  3    done, but some files could not be scored or got no sidecar (each with a reason)
  4    another studio has the library open
  5    verified: the pack's precision loses more than the stated bound
  130  stopped by Ctrl-C; what was done is kept`;

const codeOf: Partial<Record<ErrorCode, number>> = {
  badInput: exitCodes.badUsage,
  libraryLocked: exitCodes.libraryLocked,
  cancelled: exitCodes.stopped,
};

/** The exit code for a thrown value. */
export function exitCodeOf(thrown: unknown): number {
  return codeOf[toStudioError(thrown).code] ?? exitCodes.failed;
}
