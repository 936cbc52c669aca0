import { describe, expect, test } from 'vitest';
import { readMatFile } from '../../../core/tables/mat-file.ts';
import { makeMatFile } from '../../support/make-mat-file.ts';

describe('a MATLAB file', () => {
  const values = [52.25, 61, -3.5, 0.1, 99];
  test.each([true, false])('gives its numbers (compressed: %s)', (compressed) => {
    expect(readMatFile(makeMatFile(values, { compressed }), 'mosz1.mat')).toEqual(values);
  });

  test('of version 7.3 is named, with what to do', () => {
    const file = Buffer.from('MATLAB 7.3 MAT-file, Platform: GLNXA64'.padEnd(600, ' '));
    expect(() => readMatFile(file, 'mosz1.mat')).toThrow(/save\('-v7'\)/);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('name,mos\n'.repeat(100))],
    ['one that is cut off', makeMatFile(values, { compressed: false }).subarray(0, 190)],
    ['one of text alone', makeMatFile(values, { arrayClass: 4 })],
  ])('that is %s is refused with the reason', (_what, bytes) => {
    expect(() => readMatFile(bytes, 'mosz1.mat')).toThrow(/mosz1\.mat (is|holds)/);
  });
});
