/** Completion speaks the words of the query language, and what it makes is understood. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../../../contract/query.ts';
import { allWords } from '../../../../contract/query-words.ts';
import { completeQuery } from '../../../../renderer/screens/library/complete-query.ts';

const known = {
  facets: [
    {
      word: 'generator',
      values: [
        { value: 'sdxl', images: 1200 },
        { value: 'SD 1.5', images: 3 },
      ],
    },
  ],
  targets: ['quality', 'alignment'],
};
const at = (query: string, caret = query.length) => completeQuery(query, caret, known);

describe('Completion', () => {
  test('offers the words that begin so, at the caret, and keeps the rest', () => {
    expect(at('fox gen').map(({ query }) => query)).toEqual(['fox generator:']);
    expect(at('-ta')[0]).toMatchObject({ query: '-tag:', label: 'tag:' });
    expect(at('mo fox', 2).map(({ query }) => query)).toEqual(['model: fox', 'mos: fox']);
    expect(at('mos').map(({ label }) => label)).toEqual(['mos:', 'mos.quality:', 'mos.alignment:']);
    expect(at('fox ')).toEqual([]);
  });

  test('offers examples that are understood where nothing is typed', () => {
    const examples = at('').map(({ query }) => query);
    expect(examples).toEqual(['mos:>4 gap:>1', 'prompt:"red fox"', 'votes:<3']);
    expect(examples.flatMap((one) => parseQuery(one).problems)).toEqual([]);
    expect(at(' ')).toEqual(at(''));
  });

  test('offers the values there are, in quotation marks where they need them, with counts', () => {
    expect(at('generator:sd')).toEqual([
      { query: 'generator:sdxl', label: 'sdxl', hint: '1,200' },
      { query: 'generator:"SD 1.5"', label: 'SD 1.5', hint: '3' },
    ]);
    expect(at('generator:sdxl,sd').map(({ query }) => query)).toContain('generator:sdxl,"SD 1.5"');
    expect(at('flag:').map(({ label }) => label)).toEqual(['pick', 'reject', 'none']);
    expect(at('flag:pick')).toEqual([]);
    expect(at('mos:')).toEqual([]);
  });

  test('of every word reads without a problem once a value follows', () => {
    for (const word of allWords) {
      const [first] = at(word).filter(({ label }) => label === `${word}:`);
      expect(first?.query, word).toBe(`${word}:`);
    }
  });

  test('never breaks a query that holds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('fox ', 'mos:>4 ', ''),
        fc.constantFrom('ge', 'generator:', 'generator:"', 'flag:', 'is:un'),
        (before, typed) => {
          for (const { query } of at(before + typed)) expect(parseQuery(query).problems).toEqual([]);
        },
      ),
    );
  });
});
