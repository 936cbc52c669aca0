/** The query language: what people type is understood, what is not is told with its place, and terms written out read the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatQuery, parseQuery, type QueryTerm } from '../../contract/query.ts';
import { choiceWords, numberWords, takesTarget, textWords } from '../../contract/query-words.ts';

const atLeast = (low: number, isLowIn = true) => ({ low, high: null, isLowIn, isHighIn: false });
const atMost = (high: number, isHighIn = true) => ({ low: null, high, isLowIn: false, isHighIn });

describe('A query', () => {
  test('of every kind of word is understood', () => {
    const { terms, problems } = parseQuery(
      'mos:>4 gap:>=1 Generator:sdxl,"SD 1.5" prompt:"red fox" votes:<3 seed:18446744073709551615 -tag:done flag:PICK mos.alignment:2..3.5 fox',
    );
    expect(problems).toEqual([]);
    expect(terms).toEqual([
      { kind: 'number', word: 'mos', target: null, range: atLeast(4, false), isNot: false },
      { kind: 'number', word: 'gap', target: null, range: atLeast(1), isNot: false },
      { kind: 'text', word: 'generator', values: ['sdxl', 'SD 1.5'], isNot: false },
      { kind: 'text', word: 'prompt', values: ['red fox'], isNot: false },
      { kind: 'number', word: 'votes', target: null, range: atMost(3, false), isNot: false },
      // Digit by digit: a seed exceeds what a number holds.
      { kind: 'text', word: 'seed', values: ['18446744073709551615'], isNot: false },
      { kind: 'text', word: 'tag', values: ['done'], isNot: true },
      { kind: 'choice', word: 'flag', values: ['pick'], isNot: false },
      {
        ...{ kind: 'number', word: 'mos', target: 'alignment', isNot: false },
        range: { low: 2, high: 3.5, isLowIn: true, isHighIn: true },
      },
      { kind: 'words', text: 'fox', isNot: false },
    ]);
  });

  test('keeps what stands in quotation marks together, dashes and colons in words as they are', () => {
    expect(parseQuery('"a:b c" semi-real').terms).toEqual([
      { kind: 'words', text: 'a:b c', isNot: false },
      { kind: 'words', text: 'semi-real', isNot: false },
    ]);
    expect(parseQuery('-"not this" "-" "say \\"hi\\""').terms).toEqual([
      { kind: 'words', text: 'not this', isNot: true },
      { kind: 'words', text: '-', isNot: false },
      { kind: 'words', text: 'say "hi"', isNot: false },
    ]);
    // What lies after = is the whole text.
    expect(parseQuery('generator:="SD 1.5"').terms).toMatchObject([{ values: ['=SD 1.5'] }]);
  });

  test('that is half typed holds for what is there', () => {
    expect(parseQuery('fox mos:')).toEqual({
      terms: [{ kind: 'words', text: 'fox', isNot: false }],
      problems: [],
    });
    expect(parseQuery('  ')).toEqual({ terms: [], problems: [] });
    // On the way to `-tag:done`, and where a pasted prompt parts its words.
    expect(parseQuery('-')).toEqual({ terms: [], problems: [] });
    expect(parseQuery('fox - red').terms).toMatchObject([{ text: 'fox' }, { text: 'red' }]);
  });

  test.each([
    ['fox mos:good', 4, 12, /takes a number/],
    ['votes:1,5', 0, 9, /not “1,5”/],
    ['mos:>1e999', 0, 10, /takes a number/],
    ['flag:maybe', 0, 10, /pick, reject, none/],
    ['colour:red', 0, 10, /no word “colour:”/],
    ['signal:<5', 0, 9, /which signal/],
    ['votes.quality:3', 0, 15, /after a dot/],
    ['tag:"open', 0, 9, /not closed/],
    ['mos:4..3', 0, 8, /“mos:3..4”/],
    ['fox size:1024', 4, 13, /1024x768.*not “1024”/],
    ['size:512x512,big', 0, 16, /not “big”/],
    ['seed:>5', 0, 7, /takes digits; not “>5”/],
  ])('%s is told to be wrong, and where', (query, start, end, message) => {
    expect(parseQuery(query).problems).toEqual([{ start, end, message: expect.stringMatching(message) }]);
  });

  test('longer than a database takes is told from where on, and what is before it holds', () => {
    const { terms, problems } = parseQuery(`fox ${'missing:>0 '.repeat(61)}`);
    expect(terms).toHaveLength(61);
    expect(problems).toEqual([
      { start: 4 + 60 * 11, end: 4 + 61 * 11 - 1, message: expect.stringMatching(/at most 60/) },
    ]);
    // A long prompt that somebody pastes is none of these.
    expect(parseQuery('fox '.repeat(400))).toMatchObject({ problems: [] });
    expect(parseQuery('a '.repeat(1000)).problems).toHaveLength(1);
  });

  test('is told where it gets too long, as a pasted prompt may be, and nothing of it is taken', () => {
    expect(parseQuery('f'.repeat(2000)).problems).toEqual([]);
    expect(parseQuery('f'.repeat(2001))).toEqual({
      terms: [],
      problems: [{ start: 2000, end: 2001, message: expect.stringMatching(/at most 2,000 letters/) }],
    });
  });

  test('never throws, and places of problems lie within it', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'mos:.>4"\\-, tag=') })),
        (query) => {
          for (const { start, end } of parseQuery(query).problems) {
            expect(start).toBeLessThan(end);
            expect(end).toBeLessThanOrEqual(query.length);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  const isNot = fc.boolean();
  const text = fc.string({ minLength: 1, unit: 'grapheme' });
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const range = fc.oneof(
    number.map((value) => ({ low: value, high: value, isLowIn: true, isHighIn: true })),
    fc.tuple(number, fc.boolean()).map(([value, isIn]) => atLeast(value, isIn)),
    fc.tuple(number, fc.boolean()).map(([value, isIn]) => atMost(value, isIn)),
    fc
      .tuple(number, number)
      .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b), isLowIn: true, isHighIn: true })),
  );
  const size = fc.stringMatching(/^=?\d{1,5}[x×]\d{1,5}$/);
  const seed = fc.stringMatching(/^=?\d{1,30}$/);
  const target = fc.option(fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/));
  const keys = <Key extends string>(of: Record<Key, unknown>) =>
    fc.constantFrom(...(Object.keys(of) as Key[]));
  const term: fc.Arbitrary<QueryTerm> = fc.oneof(
    fc.record({ kind: fc.constant('words' as const), text, isNot }),
    keys(textWords).chain((word) =>
      fc.record({
        kind: fc.constant('text' as const),
        word: fc.constant(word),
        values: fc.array(word === 'size' ? size : word === 'seed' ? seed : text, {
          minLength: 1,
          maxLength: 3,
        }),
        isNot,
      }),
    ),
    keys(choiceWords).chain((word) =>
      fc.record({
        kind: fc.constant('choice' as const),
        word: fc.constant(word),
        values: fc.array(fc.constantFrom<string>(...choiceWords[word]), { minLength: 1, maxLength: 3 }),
        isNot,
      }),
    ),
    fc.tuple(keys(numberWords), target, range, isNot).map(
      ([word, name, of, not]): QueryTerm => ({
        ...{ kind: 'number', word, range: of, isNot: not },
        target: word === 'signal' ? (name ?? 'niqe') : takesTarget(word) ? name : null,
      }),
    ),
  );

  test('written out reads as the same terms, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 6 }), (terms) => {
        expect(parseQuery(formatQuery(terms))).toEqual({ terms, problems: [] });
      }),
      { numRuns: 1000 },
    );
  });

  test('a word that is nearly one of the language is told which it may be', () => {
    const messageOf = (query: string) => parseQuery(query).problems[0]?.message ?? '';
    expect(messageOf('genrator:sdxl')).toContain('did you mean “generator:”?');
    expect(messageOf('vots:<3')).toContain('did you mean “votes:”?');
    expect(messageOf('zzzzzz:1')).toContain('there are prompt, name');
  });
});
