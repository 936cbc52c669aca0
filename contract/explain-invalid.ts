/** What is wrong with data from outside, for people: which fields, and how, in a few words. */
import type { z } from 'zod';

/** Problems that are named; the rest is counted. */
const named = 3;

type Issue = z.core.$ZodIssue;

/**
 * E.g. `“reads.length” is missing; “weights” is no base64; and 4 further fields`: what does not fit the schema, the first things first.
 *
 * @param error of a schema's `safeParse`
 */
export function explainInvalid({ issues }: z.ZodError): string {
  const words = [...new Set(issues.map(explainIssue))];
  const rest = words.length - named;
  const shown = rest > 0 ? [...words.slice(0, named), `and ${rest} more`] : words;
  return shown.join('; ');
}

function explainIssue({ path, message, ...issue }: Issue): string {
  const where = path.length === 0 ? 'it' : `“${path.map(String).join('.')}”`;
  if (issue.code === 'invalid_type') {
    if (message.endsWith('received undefined')) return `${where} is missing`;
    return `${where} is not ${articleOf(issue.expected)}`;
  }
  if (issue.code === 'invalid_value') {
    const [first] = issue.values;
    return issue.values.length === 1
      ? `${where} is not “${String(first)}”`
      : `${where} is none of ${issue.values.map(String).join(', ')}`;
  }
  if (issue.code === 'invalid_format') return `${where} does not have the form it should (${issue.format})`;
  if (issue.code === 'unrecognized_keys') return `${where} has ${issue.keys.join(', ')}, which nobody knows`;
  return `${where}: ${message.replaceAll(/\s+/g, ' ')}`;
}

const types: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object with fields',
  record: 'an object with fields',
};

function articleOf(expected: string): string {
  return types[expected] ?? `a ${expected}`;
}
