/** Words that a text has of its own against the reference. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markWords } from '../../../../../renderer/screens/library/compare/mark-words.ts';

function own(texts: (string | null)[], reference = 0): string[][] {
  return markWords(texts, reference).map((pieces) =>
    pieces.filter(({ isOwn }) => isOwn).map(({ text }) => text.trim()),
  );
}

describe('Differing words', () => {
  test('are told on both sides, equal ones on none', () => {
    expect(own(['a red fox, snow', 'a blue fox, snow'])).toEqual([['red'], ['blue']]);
    expect(own(['a red fox', 'a red fox'])).toEqual([[], []]);
    expect(own(['a fox at night', 'a fox'])).toEqual([['at night'], []]);
  });

  test('the reference’s are those that any other lacks', () => {
    expect(own(['one two three', 'one three', 'one two'])).toEqual([['two three'], [], []]);
  });

  test('case and spaces are no difference; a text that is not there has no words', () => {
    expect(own(['Red  fox', 'red fox'])).toEqual([[], []]);
    expect(own(['red fox', null])).toEqual([[], []]);
    expect(own([null, 'red fox'])).toEqual([[], []]);
  });

  test('words of any script are words', () => {
    expect(own(['лиса в снегу', 'волк в снегу'])).toEqual([['лиса'], ['волк']]);
  });

  test('thousands of words that have nothing in common are all marked, at once', () => {
    const text = (word: string) => Array.from({ length: 3000 }, (_, k) => `${word}${k}`).join(' ');
    const [a, b] = markWords([text('a'), text('b')], 0);
    expect([a!.length, b!.length]).toEqual([1, 1]);
    expect(a![0]!.isOwn && b![0]!.isOwn).toBe(true);
  });

  test('no letter is lost', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const joined = markWords([a, b], 0).map((pieces) => pieces.map((piece) => piece.text).join(''));
        expect(joined).toEqual([a, b]);
      }),
    );
  });
});
