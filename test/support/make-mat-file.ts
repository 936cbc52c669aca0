/** MATLAB files of level 5 that tests make themselves: one column of numbers, as MATLAB's `save` writes it. */
import { deflateSync } from 'node:zlib';

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

/** @param arrayClass MATLAB's number of what the array holds: 6 double, 4 text */
export function makeMatFile(
  values: readonly number[],
  { compressed = true, arrayClass = 6 }: { compressed?: boolean; arrayClass?: number } = {},
): Buffer {
  const header = Buffer.alloc(128, ' ');
  header.write('MATLAB 5.0 MAT-file', 'latin1');
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  const numbers = Buffer.alloc(8 * values.length);
  for (const [at, value] of values.entries()) numbers.writeDoubleLE(value, 8 * at);
  const name = Buffer.alloc(8);
  name.writeUInt32LE((3 << 16) | 1, 0); // three bytes, in the tag itself
  name.write('MOS', 4, 'latin1');
  const parts = [
    element(6, ints(arrayClass, 0)),
    element(5, ints(values.length, 1)),
    name,
    element(9, numbers),
  ];
  const matrix = element(14, Buffer.concat(parts));
  if (!compressed) return Buffer.concat([header, matrix]);
  const packed = deflateSync(matrix);
  return Buffer.concat([header, ints(15, packed.length), packed]);
}
