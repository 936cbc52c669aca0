/** What a thread answers where it may fail in words: errors lose their class and code on the way between threads. */
import { type ErrorCode, type ErrorDetails, StudioError } from '../../contract/errors.ts';

export type Carried<Result> =
  | { result: Result }
  | { error: { code: ErrorCode; message: string; details: ErrorDetails } };

/** On the thread: the result, or what went wrong in words. */
export async function carry<Result>(work: () => Promise<Result>): Promise<Carried<Result>> {
  try {
    return { result: await work() };
  } catch (thrown) {
    return describeThrown(thrown);
  }
}

/** The same of work that is done at once. */
export function carryNow<Result>(work: () => Result): Carried<Result> {
  try {
    return { result: work() };
  } catch (thrown) {
    return describeThrown(thrown);
  }
}

function describeThrown(thrown: unknown): Carried<never> {
  if (!(thrown instanceof StudioError)) throw thrown;
  const { code, message, details } = thrown;
  return { error: { code, message, details } };
}

/** Off the thread. @throws StudioError */
export function unpack<Result>(carried: Carried<Result>): Result {
  if ('result' in carried) return carried.result;
  const { code, message, details } = carried.error;
  throw new StudioError(code, message, details);
}
