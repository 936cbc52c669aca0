/** The query language: `mos:>4 generator:sdxl prompt:"red fox" votes:<3 -tag:done fox` as terms, and back; pure, never throws. */
import {
  allWords,
  type ChoiceWord,
  choiceWords,
  isChoiceWord,
  isNumberWord,
  isTextWord,
  type NumberWord,
  type TextWord,
  takesTarget,
} from './query-words.ts';

/** Numbers from `low` to `high`; null where there is no bound, `isLowIn` and `isHighIn` say whether the bound itself belongs to it. */
export interface NumberRange {
  low: number | null;
  high: number | null;
  isLowIn: boolean;
  isHighIn: boolean;
}

/** All terms must hold; `isNot` turns one round. */
export type QueryTerm = { isNot: boolean } & (
  | { kind: 'words'; text: string }
  | { kind: 'text'; word: TextWord; values: string[] }
  | { kind: 'choice'; word: ChoiceWord; values: string[] }
  | { kind: 'number'; word: NumberWord; target: string | null; range: NumberRange }
);

/** What was not understood, from character to character of the query. */
export interface QueryProblem {
  start: number;
  end: number;
  message: string;
}

export interface ParsedQuery {
  terms: QueryTerm[];
  problems: QueryProblem[];
}

/** A piece of the query between spaces, as it was written. */
interface Piece {
  start: number;
  end: number;
  isNot: boolean;
  /** Before the colon, lower-case; null for free words. */
  word: string | null;
  target: string | null;
  /** After the colon, with commas between them. */
  values: string[];
  isClosed: boolean;
}

/** A database takes no statement of any length, and each of these may look through the whole library. */
const mostLetters = 2000;
const mostTerms = 60;
const mostFreeWords = 400;

/** Reads a query; what is not understood is told with its place, and the rest holds. */
export function parseQuery(query: string): ParsedQuery {
  if (query.length > mostLetters) {
    return { terms: [], problems: [{ start: mostLetters, end: query.length, message: tooLong }] };
  }
  const terms: QueryTerm[] = [];
  const problems: QueryProblem[] = [];
  const counts = { terms: 0, words: 0 };
  for (const piece of splitQuery(query)) {
    const { start, end } = piece;
    counts[piece.word === null ? 'words' : 'terms'] += 1;
    const isTooMany = counts.terms > mostTerms || counts.words > mostFreeWords;
    const read = isTooMany
      ? tooMany
      : piece.isClosed
        ? readPiece(piece)
        : 'The quotation mark is not closed.';
    if (typeof read === 'string') problems.push({ start, end, message: read });
    else if (read !== null) terms.push(read);
    if (isTooMany) break;
  }
  return { terms, problems };
}

const tooLong = `A query takes at most ${mostLetters.toLocaleString('en')} letters: leave out what is from here on, and search for a few words of it.`;
const tooMany = `A query takes at most ${mostTerms} terms such as “mos:>4”, and ${mostFreeWords} words: leave out what is from here on.`;

/** A query that reads as these terms. */
export function formatQuery(terms: readonly QueryTerm[]): string {
  return terms.map((term) => (term.isNot ? '-' : '') + formatTerm(term)).join(' ');
}

/** The pieces of a query with their places; quotation marks keep spaces, commas and colons together, `\` keeps the next character. */
export function splitQuery(query: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < query.length) {
    if (/\s/.test(query[at]!)) at += 1;
    else {
      const piece = readOne(query, at);
      pieces.push(piece);
      at = piece.end;
    }
  }
  return pieces;
}

const headPattern = /-?([a-z]+)(?:\.([a-z][a-z0-9_]*))?:/iy;

function readOne(query: string, start: number): Piece {
  headPattern.lastIndex = start;
  const head = headPattern.exec(query);
  const isNot = query[start] === '-' && /\S/.test(query[start + 1] ?? ' ');
  let at = head === null ? start + (isNot ? 1 : 0) : headPattern.lastIndex;
  const values = [''];
  let isQuoted = false;
  for (; at < query.length; at += 1) {
    const letter = query[at]!;
    if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /\s/.test(letter)) break;
    else if (!isQuoted && letter === ',' && head !== null) values.push('');
    else {
      if (letter === '\\' && isQuoted && at + 1 < query.length) at += 1;
      values[values.length - 1] += query[at]!;
    }
  }
  return {
    ...{ start, end: at, isNot, values, isClosed: !isQuoted },
    word: head === null ? null : head[1]!.toLowerCase(),
    target: head?.[2]?.toLowerCase() ?? null,
  };
}

/** What looks like nothing that there is would find nothing, and nobody were told why. */
const shapes: Partial<Record<TextWord, { pattern: RegExp; says: string }>> = {
  size: { pattern: /^=?\d+[x×]\d+$/i, says: 'width x height (1024x768)' },
  seed: { pattern: /^=?\d+$/, says: 'digits' },
};

/** The term of a piece; null where nothing is asked, a sentence where it is not understood. */
function readPiece({ start, end, word, target, values, isNot }: Piece): QueryTerm | string | null {
  // A dash alone, without quotation marks, parts a prompt's words or begins one that is not wanted: it is no word itself.
  const isDash = values[0] === '-' && end - start === 1;
  if (word === null) return values[0] === '' || isDash ? null : { kind: 'words', text: values[0]!, isNot };
  const given = values.filter((value) => value !== '');
  if (target !== null && !takesTarget(word)) return `“${word}:” takes no name after a dot.`;
  if (isTextWord(word)) {
    const shape = shapes[word];
    const odd = shape && given.find((value) => !shape.pattern.test(value));
    if (odd !== undefined) return `“${word}:” takes ${shape!.says}; not “${odd}”.`;
    return given.length === 0 ? null : { kind: 'text', word, values: given, isNot };
  }
  if (isChoiceWord(word)) {
    const choices: readonly string[] = choiceWords[word];
    const chosen = given.map((value) => value.toLowerCase());
    const unknown = chosen.find((value) => !choices.includes(value));
    if (unknown !== undefined) return `“${word}:” takes ${choices.join(', ')}; not “${unknown}”.`;
    return chosen.length === 0 ? null : { kind: 'choice', word, values: chosen, isNot };
  }
  if (isNumberWord(word)) {
    if (word === 'signal' && target === null) return 'Say which signal: “signal.niqe:<5”.';
    if (given.length === 0) return null;
    const range = readRange(values.join(','));
    if (range === null)
      return `“${word}:” takes a number (4), a bound (>4, >=4, <4, <=4) or a range (3..4); not “${values.join(',')}”.`;
    if (range.low !== null && range.high !== null && range.low > range.high) {
      return `The range ends below its beginning: “${word}:${range.high}..${range.low}”?`;
    }
    return { kind: 'number', word, target, range, isNot };
  }
  const near = nearestOf(word, allWords);
  const advice = near === null ? `there are ${allWords.join(', ')}` : `did you mean “${near}:”?`;
  return `There is no word “${word}:” (${advice}). Put it in quotation marks to look for it.`;
}

/** The known word that needs the fewest letters changed, added or left out, at most two of them; null where none is near. */
function nearestOf(word: string, known: readonly string[]): string | null {
  const [nearest] = known
    .map((one) => ({ one, letters: countChangedLetters(word, one) }))
    .filter(({ one, letters }) => letters <= 2 && letters < one.length / 2)
    .sort((a, b) => a.letters - b.letters);
  return nearest?.one ?? null;
}

/** Levenshtein's distance. */
function countChangedLetters(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (let k = 0; k < to.length; k += 1) {
      next.push(Math.min(row[k + 1]! + 1, next[k]! + 1, row[k]! + (letter === to[k] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}

function readRange(text: string): NumberRange | null {
  const bound = /^(<=|>=|<|>|=)?(.+)$/.exec(text);
  const between = /^(.+?)\.\.(.+)$/.exec(text);
  if (between !== null) {
    const [low, high] = [readNumber(between[1]!), readNumber(between[2]!)];
    return low === null || high === null ? null : { low, high, isLowIn: true, isHighIn: true };
  }
  const number = bound === null ? null : readNumber(bound[2]!);
  if (number === null) return null;
  const sign = bound![1] ?? '=';
  return {
    low: sign.startsWith('<') ? null : number,
    high: sign.startsWith('>') ? null : number,
    isLowIn: sign === '>=' || sign === '=',
    isHighIn: sign === '<=' || sign === '=',
  };
}

function readNumber(text: string): number | null {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/**
 * The query after a collection got another name: where it asked for all of the old one it asks for the new one. Everything else, what is
 * not understood as well, stays as it was written.
 */
export function renameCollectionIn(query: string, was: string, is: string): string {
  const old = was.toLowerCase();
  return splitQuery(query).reduceRight((text, { word, values, start, end, isNot, isClosed }) => {
    const asked = values.map((value) => value.toLowerCase());
    if (word !== 'collection' || !isClosed || !asked.some((value) => value === old || value === `=${old}`))
      return text;
    const renamed = values.map((value, at) =>
      asked[at] === old ? is : asked[at] === `=${old}` ? `=${is}` : value,
    );
    return `${text.slice(0, start)}${isNot ? '-' : ''}collection:${renamed.map(quote).join(',')}${text.slice(end)}`;
  }, query);
}

function formatTerm(term: QueryTerm): string {
  if (term.kind === 'words') return quote(term.text);
  if (term.kind === 'number') {
    return `${term.word}${term.target === null ? '' : `.${term.target}`}:${formatRange(term.range)}`;
  }
  return `${term.word}:${term.values.map(quote).join(',')}`;
}

/** As it is where that reads the same, else in quotation marks. */
export function quote(text: string): string {
  return /^[\p{L}\p{N}_./][\p{L}\p{N}_./-]*$/u.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

function formatRange({ low, high, isLowIn, isHighIn }: NumberRange): string {
  if (low !== null && low === high) return String(low);
  if (low !== null && high !== null) return `${low}..${high}`;
  if (high !== null) return `${isHighIn ? '<=' : '<'}${high}`;
  return `${isLowIn ? '>=' : '>'}${low}`;
}
