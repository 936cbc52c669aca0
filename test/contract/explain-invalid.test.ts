/** What is wrong with data from outside is said by field, in words, and briefly. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { toStudioError } from '../../contract/errors.ts';
import { explainInvalid } from '../../contract/explain-invalid.ts';

const schema = z.object({
  format: z.literal('sfiqa-head/1'),
  inputs: z.enum(['features', 'signals']),
  reads: z.object({ length: z.int().positive(), signals: z.array(z.string()) }),
  weights: z.base64(),
});

function explain(value: unknown): string {
  return explainInvalid(schema.safeParse(value).error!);
}

const right = {
  format: 'sfiqa-head/1',
  inputs: 'signals',
  reads: { length: 2, signals: ['q', 's'] },
  weights: 'AAAA',
};

test.each([
  [{ ...right, format: 'other' }, '“format” is not “sfiqa-head/1”'],
  [{ ...right, inputs: 'pixels' }, '“inputs” is none of features, signals'],
  [{ ...right, reads: { signals: ['q'] } }, '“reads.length” is missing'],
  [{ ...right, reads: { length: 2, signals: ['q', 7] } }, '“reads.signals.1” is not a text'],
  [{ ...right, weights: '?' }, '“weights” does not have the form it should (base64)'],
  ['a text', 'it is not an object with fields'],
])('%j', (value, words) => {
  expect(explain(value)).toBe(words);
});

test('the first three are named, the rest is counted; a line holds all of it', () => {
  expect(explain({})).toBe(
    '“format” is not “sfiqa-head/1”; “inputs” is none of features, signals; “reads” is missing; and 1 more',
  );
});

test('thrown unawares it is an internal error in the same words, not a list of a library', () => {
  const { code, message } = toStudioError(schema.safeParse({ ...right, reads: 1 }).error);
  expect([code, message]).toEqual([
    'internal',
    'What is stored, or came from outside, is not as it should be: “reads” is not an object with fields.',
  ]);
});
