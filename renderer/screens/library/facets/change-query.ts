/** What a click on a facet does to the text of the query: a value in or out, a range set or taken away; the rest stays as it was written. */
import { parseQuery, type QueryTerm, quote, splitQuery } from '../../../../contract/query.ts';
import { isChoiceWord, isTextWord } from '../../../../contract/query-words.ts';

type ListTerm = Extract<QueryTerm, { kind: 'text' | 'choice' }>;
type NumberTerm = Extract<QueryTerm, { kind: 'number' }>;

/** States that exclude each other; each is a term of its own, all of which hold. */
const opposites: Record<string, string> = {
  ...{ rated: 'unrated', unrated: 'rated', scored: 'unscored', unscored: 'scored' },
  ...{ file: 'nofile', nofile: 'file', prompted: 'unprompted', unprompted: 'prompted' },
};

/** What stands in the query for a value: as it is where that finds no other of the values, else so that it finds nothing else. */
export function writeValue(word: string, value: string, others: readonly string[]): string {
  if (word === 'folder') return `${value.replace(/[\\/]+$/, '')}/`;
  const part = value.toLowerCase();
  const findsMore = others.some((other) => other !== value && other.toLowerCase().includes(part));
  return findsMore || value.startsWith('=') ? `=${value}` : value;
}

/** Whether the query asks for a value of a word. */
export function asksFor(query: string, word: string, value: string): boolean {
  return listTerms(query, word).some(({ values }) => values.some((one) => isSame(word, one, value)));
}

/** The query with the value in it, or without it where it asks for it. */
export function toggleValue(query: string, word: string, value: string, others: readonly string[]): string {
  if (word === 'is') return toggleState(query, value);
  const isAsked = asksFor(query, word, value);
  const written = writeValue(word, value, others);
  const known = listTerms(query, word).flatMap(({ values }) => values);
  const values = isAsked ? known.filter((one) => !isSame(word, one, value)) : [...known, written];
  return replaceTerms(
    query,
    isOf(word),
    values.length === 0 ? null : `${word}:${values.map(quote).join(',')}`,
  );
}

function toggleState(query: string, value: string): string {
  const isGone = (term: QueryTerm) =>
    isOf('is')(term) && 'values' in term && [value, opposites[value]].includes(term.values[0]);
  return replaceTerms(query, isGone, asksFor(query, 'is', value) ? null : `is:${value}`);
}

/** The bounds that the query sets to a word; null where it sets none. */
export function rangeIn(
  query: string,
  of: { word: string; target: string | null; isImplied: boolean },
): { low: number | null; high: number | null } | null {
  const term = parseQuery(query).terms.find(isRangeOf(of)) as NumberTerm | undefined;
  return term === undefined ? null : { low: term.range.low, high: term.range.high };
}

/** The query with these bounds and no others of the word; without any where both are null. */
export function setRange(
  query: string,
  of: { word: string; target: string | null; isImplied: boolean },
  { low, high }: { low: number | null; high: number | null },
): string {
  const name = of.target === null ? of.word : `${of.word}.${of.target}`;
  const bounds =
    low !== null && high !== null
      ? `${low}..${high}`
      : low !== null
        ? `>=${low}`
        : high !== null
          ? `<=${high}`
          : null;
  return replaceTerms(query, isRangeOf(of), bounds === null ? null : `${name}:${bounds}`);
}

function isRangeOf({ word, target, isImplied }: { word: string; target: string | null; isImplied: boolean }) {
  return (term: QueryTerm): boolean =>
    term.kind === 'number' &&
    !term.isNot &&
    term.word === word &&
    (term.target === target || (term.target === null && isImplied));
}

function isOf(word: string) {
  return (term: QueryTerm): boolean =>
    (term.kind === 'text' || term.kind === 'choice') && term.word === word && !term.isNot;
}

function listTerms(query: string, word: string): ListTerm[] {
  if (!isTextWord(word) && !isChoiceWord(word)) return [];
  return parseQuery(query).terms.filter((term): term is ListTerm => isOf(word)(term));
}

function isSame(word: string, asked: string, value: string): boolean {
  const plain = asked.replace(/^=/, '');
  const whole = word === 'folder' ? plain.replace(/[\\/]+$/, '') : plain;
  return whole.toLowerCase() === value.toLowerCase();
}

/** The pieces of the query that are not such terms, as they were written, and the new one behind them. */
function replaceTerms(query: string, isGone: (term: QueryTerm) => boolean, text: string | null): string {
  const kept = splitQuery(query)
    .map(({ start, end }) => query.slice(start, end))
    .filter((piece) => !parseQuery(piece).terms.some(isGone));
  return [...kept, ...(text === null ? [] : [text])].join(' ');
}
