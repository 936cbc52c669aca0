/** Makes checkpoint files byte by byte, as PyTorch and safetensors lay them out, so that tests need nobody's files. */
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** Python values as a pickle has them. */
export type Python =
  | null
  | boolean
  | number
  | string
  | { tuple: Python[] }
  | { list: Python[] }
  | { dict: [Python, Python][] }
  | { global: string }
  | { call: Python; args: Python[] }
  | { persistent: Python }
  | { raw: number[] };

/** One pickle of protocol 2. */
export function encodePickle(value: Python): Buffer {
  return Buffer.concat([Buffer.from([0x80, 2]), encode(value), Buffer.from('.')]);
}

function encode(value: Python): Buffer {
  if (value === null) return Buffer.from('N');
  if (typeof value === 'boolean') return Buffer.from([value ? 0x88 : 0x89]);
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'string')
    return Buffer.concat([Buffer.from('X'), uint32(Buffer.byteLength(value)), Buffer.from(value)]);
  if ('raw' in value) return Buffer.from(value.raw);
  if ('tuple' in value)
    return Buffer.concat([Buffer.from('('), ...value.tuple.map(encode), Buffer.from('t')]);
  if ('list' in value) return Buffer.concat([Buffer.from(']('), ...value.list.map(encode), Buffer.from('e')]);
  if ('dict' in value)
    return Buffer.concat([
      Buffer.from('}('),
      ...value.dict.flat().map((item) => encode(item as Python)),
      Buffer.from('u'),
    ]);
  if ('global' in value) {
    const dot = value.global.lastIndexOf('.');
    return Buffer.from(`c${value.global.slice(0, dot)}\n${value.global.slice(dot + 1)}\n`);
  }
  if ('call' in value)
    return Buffer.concat([encode(value.call), encode({ tuple: value.args }), Buffer.from('R')]);
  return Buffer.concat([encode(value.persistent), Buffer.from('Q')]);
}

function encodeNumber(value: number): Buffer {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) {
    const bytes = Buffer.from('J\0\0\0\0');
    bytes.writeInt32LE(value, 1);
    return bytes;
  }
  if (Number.isInteger(value)) {
    const bytes = Buffer.alloc(10);
    bytes.set([0x8a, 8]);
    bytes.writeBigInt64LE(BigInt(value), 2);
    return bytes;
  }
  const bytes = Buffer.from('G\0\0\0\0\0\0\0\0');
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export interface View {
  key: string;
  elements: number;
  shape: number[];
  strides: number[];
  offset?: number;
  type?: string;
}

/** A tensor as `torch.save` pickles it. */
export function tensorOf(view: View): Python {
  const storage = [
    'storage',
    { global: `torch.${view.type ?? 'Float'}Storage` },
    view.key,
    'cuda:0',
    view.elements,
  ];
  return {
    call: { global: 'torch._utils._rebuild_tensor_v2' },
    args: [
      { persistent: { tuple: storage } },
      view.offset ?? 0,
      { tuple: view.shape },
      { tuple: view.strides },
      false,
      { call: { global: 'collections.OrderedDict' }, args: [] },
    ],
  };
}

/** A record of an archive; a number of bytes instead of bytes leaves a hole of zeros. */
export interface ZipRecord {
  name: string;
  data: Buffer | number;
  /** Instead of the true one. */
  crc?: number;
  method?: number;
  /** Bytes of its extra field and of its comment in the directory. */
  extra?: Buffer;
  comment?: Buffer;
  isEncrypted?: boolean;
}

interface Segment {
  at: number;
  bytes: Buffer;
}

/** A zip of stored records: what lies where, so that a file of gigabytes can be written sparse. */
export function layOutZip(
  records: readonly ZipRecord[],
  isZip64 = false,
): { segments: Segment[]; sizeBytes: number } {
  const segments: Segment[] = [];
  const central: Buffer[] = [];
  let position = 0;
  function add(bytes: Buffer): void {
    segments.push({ at: position, bytes });
    position += bytes.length;
  }
  for (const record of records) {
    const size = typeof record.data === 'number' ? record.data : record.data.length;
    const crc = record.crc ?? (typeof record.data === 'number' ? 0 : crc32(record.data));
    const at = position;
    add(zipHeader(record, { size, crc, at, isZip64, isCentral: false }));
    if (typeof record.data === 'number') position += size;
    else add(record.data);
    central.push(zipHeader(record, { size, crc, at, isZip64, isCentral: true }));
  }
  const start = position;
  add(Buffer.concat(central));
  add(zipEnd({ count: records.length, size: position - start, start, isZip64 }));
  return { segments, sizeBytes: position };
}

function zipHeader(
  record: ZipRecord,
  facts: { size: number; crc: number; at: number; isZip64: boolean; isCentral: boolean },
): Buffer {
  const { size, crc, at, isZip64, isCentral } = facts;
  const name = Buffer.from(record.name);
  const sizes = isZip64 ? zip64Extra(isCentral ? [size, size, at] : [size, size]) : Buffer.alloc(0);
  const extra = Buffer.concat([sizes, (isCentral && record.extra) || Buffer.alloc(0)]);
  const comment = (isCentral && record.comment) || Buffer.alloc(0);
  const fixed = Buffer.alloc(isCentral ? 46 : 30);
  const shift = isCentral ? 2 : 0;
  fixed.writeUInt32LE(isCentral ? 0x0201_4b50 : 0x0403_4b50, 0);
  fixed.writeUInt16LE(45, 4 + shift);
  fixed.writeUInt16LE(record.isEncrypted ? 1 : 0, 6 + shift);
  fixed.writeUInt16LE(record.method ?? 0, 8 + shift);
  fixed.writeUInt32LE(crc, 14 + shift);
  fixed.writeUInt32LE(isZip64 ? 0xffff_ffff : size, 18 + shift);
  fixed.writeUInt32LE(isZip64 ? 0xffff_ffff : size, 22 + shift);
  fixed.writeUInt16LE(name.length, 26 + shift);
  fixed.writeUInt16LE(extra.length, 28 + shift);
  if (isCentral) {
    fixed.writeUInt16LE(comment.length, 32);
    fixed.writeUInt32LE(isZip64 ? 0xffff_ffff : at, 42);
  }
  return Buffer.concat([fixed, name, extra, comment]);
}

function zip64Extra(values: number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return extra;
}

function zipEnd(facts: { count: number; size: number; start: number; isZip64: boolean }): Buffer {
  const { count, size, start, isZip64 } = facts;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(isZip64 ? 0xffff : count, 8);
  end.writeUInt16LE(isZip64 ? 0xffff : count, 10);
  end.writeUInt32LE(isZip64 ? 0xffff_ffff : size, 12);
  end.writeUInt32LE(isZip64 ? 0xffff_ffff : start, 16);
  if (!isZip64) return end;
  const record = Buffer.alloc(76);
  record.writeUInt32LE(0x0606_4b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  record.writeUInt32LE(0x0706_4b50, 56);
  record.writeBigUInt64LE(BigInt(start + size), 64);
  record.writeUInt32LE(1, 72);
  return Buffer.concat([record, end]);
}

/** The same zip in memory. */
export function makeZip(records: readonly ZipRecord[], isZip64 = false): Buffer {
  const { segments, sizeBytes } = layOutZip(records, isZip64);
  const bytes = Buffer.alloc(sizeBytes);
  for (const segment of segments) segment.bytes.copy(bytes, segment.at);
  return bytes;
}

/** The same zip as a file, with holes where records have no bytes. */
export async function writeSparseZip(path: string, records: readonly ZipRecord[]): Promise<void> {
  const { segments, sizeBytes } = layOutZip(records, true);
  const handle = await open(path, 'w');
  try {
    await handle.truncate(sizeBytes);
    for (const { at, bytes } of segments) await handle.write(bytes, 0, bytes.length, at);
  } finally {
    await handle.close();
  }
}

/** A PyTorch archive: the pickle of `root` and the storages `data/<key>`. */
export function makeArchive(
  root: Python | Buffer,
  storages: Record<string, Buffer>,
  isZip64 = false,
): Buffer {
  return makeZip(
    [
      { name: 'archive/data.pkl', data: Buffer.isBuffer(root) ? root : encodePickle(root) },
      { name: 'archive/byteorder', data: Buffer.from('little') },
      ...Object.entries(storages).map(([key, data]) => ({ name: `archive/data/${key}`, data })),
      { name: 'archive/version', data: Buffer.from('3\n') },
    ],
    isZip64,
  );
}

/** The format before PyTorch 1.6. */
export function makeLegacy(
  root: Python,
  storages: Record<string, { elements: number; data: Buffer }>,
): Buffer {
  const system: Python = {
    dict: [
      ['protocol_version', 1001],
      ['little_endian', true],
    ],
  };
  return Buffer.concat([
    Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex'),
    encodePickle(1001),
    encodePickle(system),
    encodePickle(root),
    encodePickle({ list: Object.keys(storages) }),
    ...Object.values(storages).flatMap(({ elements, data }) => [uint64(elements), data]),
  ]);
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** A safetensors file with this header (an object, or its text) and data. */
export function makeSafetensors(header: object | string, data: Buffer): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  return Buffer.concat([uint64(text.length), text, data]);
}

/** Float32 values as the bytes of a storage. */
export function floatBytes(...values: number[]): Buffer {
  return Buffer.from(Float32Array.from(values).buffer);
}

/** Writes a file and gives its path. */
export function writeBytes(path: string, bytes: Buffer): string {
  writeFileSync(path, bytes);
  return path;
}
