/** A click on a facet changes its own words of the query and leaves everything else as it was written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../../../../contract/query.ts';
import {
  asksFor,
  rangeIn,
  setRange,
  toggleValue,
} from '../../../../../renderer/screens/library/facets/change-query.ts';

const generators = ['sdxl', 'sdxl-turbo', 'Stable Diffusion 1.5', '=odd', 'a "b", c'];

describe('A value', () => {
  test('goes in beside the values that are there, and out again', () => {
    const one = toggleValue('fox -tag:done', 'generator', 'sdxl-turbo', generators);
    expect(one).toBe('fox -tag:done generator:sdxl-turbo');
    const two = toggleValue(one, 'generator', 'Stable Diffusion 1.5', generators);
    expect(two).toBe('fox -tag:done generator:sdxl-turbo,"Stable Diffusion 1.5"');
    expect(toggleValue(two, 'generator', 'sdxl-turbo', generators)).toBe(
      'fox -tag:done generator:"Stable Diffusion 1.5"',
    );
    expect(toggleValue('generator:SDXL-turbo', 'generator', 'sdxl-turbo', generators)).toBe('');
  });

  test('is asked for alone where a part of others is its name', () => {
    expect(toggleValue('', 'generator', 'sdxl', generators)).toBe('generator:"=sdxl"');
    expect(toggleValue('generator:"=sdxl"', 'generator', 'sdxl', generators)).toBe('');
    expect(toggleValue('', 'folder', '/runs/1', ['/runs/1', '/runs/10'])).toBe('folder:/runs/1/');
    expect(toggleValue('folder:"/runs/1/"', 'folder', '/runs/1', [])).toBe('');
  });

  test('of a state takes the place of its opposite, beside other states', () => {
    expect(toggleValue('is:rated is:file', 'is', 'unrated', [])).toBe('is:file is:unrated');
    expect(toggleValue('is:rated is:file', 'is', 'rated', [])).toBe('is:file');
  });

  test('of whatever name is found again in the query, and leaves as it came', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 12 }),
        fc.constantFrom('tag', 'model', 'collection'),
        (raw, word) => {
          const value = raw.trim() || 'x';
          const taken = toggleValue('fox mos:>4', word, value, [value]);
          expect(parseQuery(taken).problems).toEqual([]);
          expect(asksFor(taken, word, value)).toBe(true);
          expect(toggleValue(taken, word, value, [value])).toBe('fox mos:>4');
        },
      ),
    );
  });

  test('does not touch what is not understood yet', () => {
    expect(toggleValue('mos:> "half', 'flag', 'pick', [])).toBe('mos:> "half flag:pick');
  });
});

describe('A range', () => {
  const quality = { word: 'mos', target: 'quality', isImplied: true };
  const alignment = { word: 'mos', target: 'alignment', isImplied: false };

  test('is set, changed and taken away; the word without a target is the implied one’s', () => {
    expect(setRange('fox', quality, { low: 2, high: 4.5 })).toBe('fox mos.quality:2..4.5');
    expect(setRange('mos:>4 fox', quality, { low: null, high: 3 })).toBe('fox mos.quality:<=3');
    expect(setRange('mos:>4 fox', alignment, { low: 3, high: null })).toBe('mos:>4 fox mos.alignment:>=3');
    expect(setRange('mos.quality:2..3 fox', quality, { low: null, high: null })).toBe('fox');
  });

  test('is read from the query', () => {
    expect(rangeIn('mos:>4', quality)).toEqual({ low: 4, high: null });
    expect(rangeIn('mos:>4', alignment)).toBeNull();
    expect(rangeIn('-mos.alignment:>4', alignment)).toBeNull();
    expect(rangeIn('mos.alignment:1..2', alignment)).toEqual({ low: 1, high: 2 });
  });
});
