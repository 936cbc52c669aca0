/** An error that is no file's fault, as a value: errors lose their class between threads and processes. */
import { toStudioError } from '../contract/errors.ts';
import type { Problem } from './messages.ts';

export function describeProblem(thrown: unknown): Problem {
  const { code, message, details } = toStudioError(thrown);
  return { code, message: message.replaceAll(/\s+/g, ' ').slice(0, 1000), details };
}

/** What work gives, or what is wrong where that is no file's fault. */
export async function answerOrProblem<Answer>(
  work: () => Promise<Answer>,
): Promise<{ answer: Answer } | { problem: Problem }> {
  try {
    return { answer: await work() };
  } catch (thrown) {
    return { problem: describeProblem(thrown) };
  }
}
