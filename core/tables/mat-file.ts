/** Reads the numbers of a MATLAB file (level 5, the format that MATLAB saves by default): the first matrix of real numbers in it. */
import { inflateSync } from 'node:zlib';
import { StudioError } from '../../contract/errors.ts';

/** Element types of the format (MAT-File Format, table 1-1). */
const types = { matrix: 14, compressed: 15 } as const;
const readers: Record<number, { bytes: number; read: (view: DataView, at: number) => number }> = {
  1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  2: { bytes: 1, read: (view, at) => view.getUint8(at) },
  3: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  4: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  5: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  6: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  7: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  9: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};
const headerBytes = 128;
/** Larger ones hold more than opinions. */
const mostBytes = 64 * 1024 * 1024;

interface Element {
  type: number;
  data: Buffer;
  /** Where the next element begins. */
  end: number;
}

/**
 * The values in MATLAB's order, column after column.
 *
 * @throws StudioError `unsupported` for version 7.3 and big-endian files, `badInput` for what is no MATLAB file, or has no such matrix
 */
export function readMatFile(bytes: Buffer, fileName: string): number[] {
  const text = bytes.toString('latin1', 0, Math.min(116, bytes.length));
  if (text.startsWith('MATLAB 7.3')) {
    throw new StudioError(
      'unsupported',
      `${fileName} is a MATLAB 7.3 file: save it with \`save('-v7')\`, or as CSV.`,
    );
  }
  if (
    bytes.length < headerBytes + 8 ||
    bytes.length > mostBytes ||
    bytes.toString('latin1', 126, 128) !== 'IM'
  ) {
    throw new StudioError('badInput', `${fileName} is not a MATLAB file of level 5.`);
  }
  try {
    for (let at = headerBytes; at + 8 <= bytes.length; ) {
      const element = readElement(bytes, at);
      at = element.end;
      const matrix =
        element.type === types.compressed
          ? readElement(inflateSync(element.data, { maxOutputLength: mostBytes }), 0)
          : element;
      const values = matrix.type === types.matrix ? readMatrix(matrix.data) : null;
      if (values !== null) return values;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('badInput', `${fileName} is damaged: ${reason}.`);
  }
  throw new StudioError('badInput', `${fileName} holds no matrix of numbers.`);
}

/** A tag and its data; up to four bytes stand in the tag itself. */
function readElement(bytes: Buffer, at: number): Element {
  const first = bytes.readUInt32LE(at);
  const isSmall = first >>> 16 !== 0;
  const [type, size, start] = isSmall
    ? [first & 0xffff, first >>> 16, at + 4]
    : [first, bytes.readUInt32LE(at + 4), at + 8];
  if (start + size > bytes.length) throw new RangeError('an element is cut off');
  const padded = type === types.compressed ? size : Math.ceil(size / 8) * 8;
  return { type, data: bytes.subarray(start, start + size), end: isSmall ? at + 8 : start + padded };
}

/** Flags, dimensions, name, then the real part; null for cells, text and structures. */
function readMatrix(bytes: Buffer): number[] | null {
  const flags = readElement(bytes, 0);
  const arrayClass = flags.data.readUInt32LE(0) & 0xff;
  if (arrayClass < 6 || arrayClass > 15) return null;
  const dimensions = readElement(bytes, flags.end);
  const name = readElement(bytes, dimensions.end);
  const real = readElement(bytes, name.end);
  const reader = readers[real.type];
  if (reader === undefined) return null;
  const view = new DataView(real.data.buffer, real.data.byteOffset, real.data.byteLength);
  return Array.from({ length: real.data.length / reader.bytes }, (_, index) =>
    reader.read(view, index * reader.bytes),
  );
}
