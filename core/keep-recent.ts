/** Keeps the last few answers that took long to work out, for whoever asks the same of the same data. */

/** Answers kept for one owner: the dimensions and readings that a person goes to and fro between. */
const mostKept = 4;

const kept = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * The answer to a question, worked out unless it is known or under way. One that fails is forgotten.
 *
 * @param owner whose answers are kept, and gone with it
 * @param question all that the answer depends on, as JSON can say it
 */
export async function keepRecent<Answer>(
  owner: object,
  question: object,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const answers = kept.get(owner) ?? new Map<string, Promise<unknown>>();
  kept.set(owner, answers);
  const key = JSON.stringify(question);
  const known = answers.get(key) as Promise<Answer> | undefined;
  const answer = known ?? work();
  answers.delete(key);
  answers.set(key, answer);
  if (answers.size > mostKept) answers.delete(answers.keys().next().value!);
  if (known === undefined) answer.catch(() => answers.get(key) === answer && answers.delete(key));
  return await answer;
}
