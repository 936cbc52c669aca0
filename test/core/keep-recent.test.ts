/** Answers that are kept: one piece of work for all who ask the same, anew for another question, and never a failure. */
import { expect, test } from 'vitest';
import { keepRecent } from '../../core/keep-recent.ts';

test('the same question is worked out once, also while it is under way; another owner has answers of its own', async () => {
  const owner = {};
  let worked = 0;
  const ask = (of: object, about: number) => keepRecent(of, { about }, async () => ++worked);
  expect(await Promise.all([ask(owner, 1), ask(owner, 1)])).toEqual([1, 1]);
  expect(await ask(owner, 1)).toBe(1);
  expect(await ask({}, 1)).toBe(2);
  for (const about of [2, 3, 4]) await ask(owner, about);
  expect(await ask(owner, 1)).toBe(1);
  await ask(owner, 5);
  expect(await ask(owner, 2)).toBe(7);
});

test('work that failed is done again', async () => {
  const owner = {};
  const failing = keepRecent(owner, { about: 1 }, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await keepRecent(owner, { about: 1 }, () => Promise.resolve('yes'))).toBe('yes');
});
