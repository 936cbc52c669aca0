import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scale } from '../../../../contract/studies.ts';
import { isOnScale } from '../../../../core/check-study.ts';
import {
  type Entry,
  formatEntry,
  formatVote,
  type KeyMeaning,
  readKey,
} from '../../../../renderer/screens/rating/scale-keys.ts';

const acr: Scale = { kind: 'acr', words: ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'] };
const tenths: Scale = { kind: 'continuous', min: 0, max: 5, step: 0.1 };
const percent: Scale = { kind: 'continuous', min: 0, max: 100, step: 1 };

function press(
  scale: Scale,
  entry: Entry,
  key: string,
  more: { code?: string; shiftKey?: boolean } = {},
): KeyMeaning {
  return readKey(scale, entry, { key, code: more.code ?? '', shiftKey: more.shiftKey ?? false });
}

/** What a row of keys comes to: the vote, or what has been entered. */
function type(scale: Scale, keys: string[]): KeyMeaning {
  let meaning: KeyMeaning = { kind: 'entry', entry: null };
  for (const key of keys) {
    const entry: Entry = meaning.kind === 'entry' ? meaning.entry : null;
    const next = press(scale, entry, key);
    meaning = next.kind === 'none' ? { kind: 'entry', entry } : next;
  }
  return meaning;
}

describe('keys on a scale of levels', () => {
  it('takes one key a vote, from the row above the letters and from the number pad', () => {
    expect(press(acr, null, '4')).toEqual({ kind: 'vote', value: 4 });
    expect(press(acr, null, '4', { code: 'Numpad4' })).toEqual({ kind: 'vote', value: 4 });
    expect(press(acr, null, 'ArrowLeft', { code: 'Numpad4' })).toEqual({ kind: 'vote', value: 4 });
  });

  it('takes digits on keyboards that type them with shift only (AZERTY)', () => {
    expect(press(acr, null, '&', { code: 'Digit1' })).toEqual({ kind: 'vote', value: 1 });
  });

  it('ignores keys that are no level', () => {
    for (const key of ['0', '6', '9', 'a', 'Enter', ' ', 'ArrowUp']) {
      expect(press(acr, null, key)).toEqual({ kind: 'none' });
    }
  });
});

describe('keys on a continuous scale', () => {
  it('takes two digits for a vote on 0 to 5 in tenths', () => {
    expect(type(tenths, ['3', '7'])).toEqual({ kind: 'vote', value: 3.7 });
    expect(type(tenths, ['0', '0'])).toEqual({ kind: 'vote', value: 0 });
    expect(type(tenths, ['5', '0'])).toEqual({ kind: 'vote', value: 5 });
  });

  it('lets a lone digit be confirmed with Enter', () => {
    expect(type(tenths, ['4', 'Enter'])).toEqual({ kind: 'vote', value: 4 });
  });

  it('refuses digits that leave the scale and keeps what was typed', () => {
    expect(type(tenths, ['6'])).toEqual({ kind: 'entry', entry: null });
    expect(type(tenths, ['5', '3'])).toEqual({ kind: 'entry', entry: { kind: 'typed', digits: '5' } });
  });

  it('clears an entry with Backspace and leaves Backspace alone where there is none', () => {
    expect(type(tenths, ['3', 'Backspace'])).toEqual({ kind: 'entry', entry: null });
    expect(press(tenths, null, 'Backspace')).toEqual({ kind: 'none' });
  });

  it('moves by a step with the arrows, by five with shift, and never past the ends', () => {
    const first = press(tenths, null, 'ArrowUp');
    expect(first).toEqual({ kind: 'entry', entry: { kind: 'moved', value: 2.5 } });
    expect(press(tenths, { kind: 'moved', value: 2.5 }, 'ArrowUp')).toMatchObject({ entry: { value: 2.6 } });
    expect(press(tenths, { kind: 'moved', value: 2.5 }, 'ArrowDown', { shiftKey: true })).toMatchObject({
      entry: { value: 2 },
    });
    expect(press(tenths, { kind: 'moved', value: 4.9 }, 'ArrowUp', { shiftKey: true })).toMatchObject({
      entry: { value: 5 },
    });
    expect(press(tenths, { kind: 'moved', value: 3.3 }, 'Enter')).toEqual({ kind: 'vote', value: 3.3 });
  });

  it('presets nothing: Enter alone is no vote', () => {
    expect(press(tenths, null, 'Enter')).toEqual({ kind: 'none' });
  });

  it('reads a number on 0 to 100, and takes it at once where no digit can follow', () => {
    expect(type(percent, ['0', '8', '5'])).toEqual({ kind: 'vote', value: 85 });
    expect(type(percent, ['8', '5'])).toEqual({ kind: 'vote', value: 85 });
    expect(type(percent, ['1', '1'])).toEqual({ kind: 'vote', value: 11 });
    expect(type(percent, ['1', '0', '0'])).toEqual({ kind: 'vote', value: 100 });
    expect(type(percent, ['1', '0', 'Enter'])).toEqual({ kind: 'vote', value: 10 });
    expect(type(percent, ['8', 'Enter'])).toEqual({ kind: 'vote', value: 8 });
    expect(type(percent, ['0', '0', '7'])).toEqual({ kind: 'vote', value: 7 });
    expect(formatEntry(percent, { kind: 'typed', digits: '8' })).toBe('8––');
  });

  it('gives only votes that the studio takes, whatever is pressed', () => {
    const keys = fc.array(
      fc.constantFrom(...'0123456789'.split(''), 'ArrowUp', 'ArrowDown', 'Enter', 'Backspace', 'x'),
    );
    fc.assert(
      fc.property(fc.constantFrom(acr, tenths, percent), keys, (scale, pressed) => {
        let entry: Entry = null;
        for (const key of pressed) {
          const meaning = press(scale, entry, key);
          if (meaning.kind === 'vote') {
            expect(isOnScale(meaning.value, scale)).toBe(true);
            entry = null;
          } else if (meaning.kind === 'entry') entry = meaning.entry;
        }
      }),
    );
  });
});

describe('votes in words', () => {
  it('shows the word of a level, the tenths of a number and what is still missing of an entry', () => {
    expect(formatVote(acr, 5)).toBe('Excellent');
    expect(formatVote(tenths, 3)).toBe('3.0');
    expect(formatEntry(tenths, { kind: 'typed', digits: '3' })).toBe('3.–');
    expect(formatEntry(tenths, null)).toBe('');
  });
});
