import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readMatFile } from '../../../core/tables/mat-file.ts';

/** An element with its tag, padded to eight bytes. */
function element(type: number, data: Buffer): Buffer {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(data.length, 4);
  return Buffer.concat([tag, data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
}

function ints(...values: number[]): Buffer {
  const data = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) data.writeInt32LE(value, 4 * at);
  return data;
}

/** A file with one matrix, as MATLAB's `save` writes it. */
function matFile(values: number[], { compressed = true, arrayClass = 6 } = {}): Buffer {
  const header = Buffer.alloc(128, ' ');
  header.write('MATLAB 5.0 MAT-file', 'latin1');
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  const numbers = Buffer.alloc(8 * values.length);
  for (const [at, value] of values.entries()) numbers.writeDoubleLE(value, 8 * at);
  const name = Buffer.alloc(8);
  name.writeUInt32LE((3 << 16) | 1, 0); // three bytes, in the tag itself
  name.write('MOS', 4, 'latin1');
  const matrix = element(
    14,
    Buffer.concat([
      element(6, ints(arrayClass, 0)),
      element(5, ints(values.length, 1)),
      name,
      element(9, numbers),
    ]),
  );
  if (!compressed) return Buffer.concat([header, matrix]);
  const packed = deflateSync(matrix);
  const tag = Buffer.concat([ints(15, packed.length)]);
  return Buffer.concat([header, tag, packed]);
}

describe('a MATLAB file', () => {
  const values = [52.25, 61, -3.5, 0.1, 99];
  test.each([true, false])('gives its numbers (compressed: %s)', (compressed) => {
    expect(readMatFile(matFile(values, { compressed }), 'mosz1.mat')).toEqual(values);
  });

  test('of version 7.3 is named, with what to do', () => {
    const file = Buffer.from('MATLAB 7.3 MAT-file, Platform: GLNXA64'.padEnd(600, ' '));
    expect(() => readMatFile(file, 'mosz1.mat')).toThrow(/save\('-v7'\)/);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('name,mos\n'.repeat(100))],
    ['one that is cut off', matFile(values, { compressed: false }).subarray(0, 190)],
    ['one of text alone', matFile(values, { arrayClass: 4 })],
  ])('that is %s is refused with the reason', (_what, bytes) => {
    expect(() => readMatFile(bytes, 'mosz1.mat')).toThrow(/mosz1\.mat (is|holds)/);
  });
});
