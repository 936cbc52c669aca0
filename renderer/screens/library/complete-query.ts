/** Completion of the query bar: the words that may follow, and the values that the library has for them; pure. */
import type { Facet } from '../../../contract/images.ts';
import { quote, splitQuery } from '../../../contract/query.ts';
import {
  choiceWords,
  isChoiceWord,
  numberWords,
  takesTarget,
  textWords,
} from '../../../contract/query-words.ts';

export interface Completion {
  /** The whole query once it is taken. */
  query: string;
  /** What is offered: `generator:` or `sdxl`. */
  label: string;
  /** What it means, or how many images have it. */
  hint: string;
}

const mostOffered = 12;

/** What each word is for. */
const wordHints: Record<string, string> = {
  ...textWords,
  ...numberWords,
  flag: choiceWords.flag.join(', '),
  label: 'colour label',
  is: choiceWords.is.join(', '),
};

/** What an empty bar offers: one of each kind of question. */
const examples: Record<string, string> = {
  'mos:>4 gap:>1': 'rated above 4, scored more than 1 away',
  'prompt:"red fox"': 'prompts with these words in a row',
  'votes:<3': 'fewer than 3 votes',
};

/** What may stand at the caret: examples where nothing is typed, words that begin as what is typed, or values of the word that is typed. */
export function completeQuery(
  query: string,
  caret: number,
  known: { facets: readonly Facet[]; targets: readonly string[] },
): Completion[] {
  if (query.trim() === '')
    return Object.entries(examples).map(([one, hint]) => ({ query: one, label: one, hint }));
  const piece = splitQuery(query).find(({ start, end }) => start < caret && caret <= end);
  if (piece === undefined) return [];
  const typed = query.slice(piece.start, caret);
  const dash = piece.isNot ? '-' : '';
  const replace = (text: string) => query.slice(0, piece.start) + dash + text + query.slice(piece.end);
  const colon = typed.indexOf(':');
  if (colon < 0) return completeWord(typed.slice(dash.length).toLowerCase(), known.targets, replace);
  const head = typed.slice(dash.length, colon + 1);
  const values = typed.slice(colon + 1).split(',');
  const last = values.at(-1)!.replace(/^"?=?/, '').toLowerCase();
  const before =
    head +
    values
      .slice(0, -1)
      .map((value) => `${value},`)
      .join('');
  return valuesOf(head.slice(0, -1).toLowerCase(), known.facets)
    .filter(({ value }) => value.toLowerCase().includes(last) && value.toLowerCase() !== last)
    .slice(0, mostOffered)
    .map(({ value, hint }) => ({ query: replace(before + quote(value)), label: value, hint }));
}

function completeWord(
  typed: string,
  targets: readonly string[],
  replace: (text: string) => string,
): Completion[] {
  const words = Object.keys(wordHints).flatMap((word) =>
    takesTarget(word) && word !== 'signal' && typed.startsWith(word)
      ? [word, ...targets.map((target) => `${word}.${target}`)]
      : [word],
  );
  return words
    .filter((word) => word.startsWith(typed))
    .slice(0, mostOffered)
    .map((word) => ({
      ...{ query: replace(`${word}:`), label: `${word}:` },
      hint: wordHints[word.split('.')[0]!]!.replaceAll('`', ''),
    }));
}

function valuesOf(word: string, facets: readonly Facet[]): { value: string; hint: string }[] {
  const counted = new Map(
    facets.find((facet) => facet.word === word)?.values.map((one) => [one.value, one.images]),
  );
  const values: readonly string[] = isChoiceWord(word) ? choiceWords[word] : [...counted.keys()];
  return values.map((value) => {
    const images = counted.get(value);
    return { value, hint: images === undefined ? '' : images.toLocaleString('en') };
  });
}
