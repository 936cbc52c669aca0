/** Ten thousand damaged files of each format: a clear error or a right result; no crash, no hang, no memory beyond the bound. */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { StudioError } from '../../../contract/errors.ts';
import { type ByteSource, isInside } from '../../../native-models/checkpoints/byte-source.ts';
import { itemBytes, type TensorEntry } from '../../../native-models/checkpoints/checkpoint.ts';
import { readCheckpointFile } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { readShardIndex } from '../../../native-models/checkpoints/shards.ts';
import { spanElements } from '../../../native-models/checkpoints/tensor-layout.ts';
import {
  encodePickle,
  floatBytes,
  makeArchive,
  makeLegacy,
  makeSafetensors,
  type Python,
  tensorOf,
  writeBytes,
} from '../../support/make-checkpoints.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const mutations = 10_000;
/** What reading may add to the process, whatever a file of a few kilobytes says. */
const memoryBytes = 256 * 2 ** 20;
const folder = makeTempFolder();

/** xorshift32: the same damage in every run. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const values = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

/** One to four of: a bit turned, a byte or a number replaced, a piece cut out, doubled or moved, the end cut off. */
function damage(good: Buffer, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(good);
  for (let count = 1 + random(4); count > 0 && bytes.length > 8; count--) {
    const at = random(bytes.length - 7);
    const to = Math.min(bytes.length, at + 1 + random(16));
    switch (random(8)) {
      case 0:
      case 1:
        bytes[at]! ^= 1 << random(8);
        break;
      case 2:
        bytes[at] = random(256);
        break;
      case 3:
        bytes.writeUInt32LE(values[random(values.length)]!, at);
        break;
      case 4:
        bytes.writeUInt32LE((bytes.readUInt32LE(at) + random(9) - 4) >>> 0, at);
        break;
      case 5:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
        break;
      case 6:
        bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
        break;
      default:
        bytes = random(4) === 0 ? bytes.subarray(0, at) : bytes;
        bytes.copyWithin(random(bytes.length), at, to);
    }
  }
  return bytes;
}

function inMemory(bytes: Buffer): ByteSource & { readBytes: number } {
  const source = {
    path: join(folder, 'fuzzed'),
    sizeBytes: bytes.length,
    readBytes: 0,
    async read(offset: number, length: number) {
      if (!isInside(offset, length, bytes.length))
        throw new StudioError('checkpointInvalid', 'beyond the end');
      source.readBytes += length;
      const copy = Buffer.from(new ArrayBuffer(length));
      bytes.copy(copy, 0, offset, offset + length);
      return copy;
    },
  };
  return source;
}

function expectInside({ offset, ...entry }: TensorEntry, sizeBytes: number): void {
  const size = itemBytes[entry.dtype];
  const elements = entry.shape.reduce((product, length) => product * length, 1);
  const end = offset + spanElements(entry.shape, entry.strides) * size;
  const isRight =
    entry.byteLength === elements * size &&
    isInside(entry.storageStart, entry.storageByteLength, sizeBytes) &&
    offset >= entry.storageStart &&
    end <= entry.storageStart + entry.storageByteLength &&
    entry.strides.every((stride) => stride >= 0);
  if (!isRight) throw new Error(`${entry.name} lies outside: ${JSON.stringify({ offset, ...entry })}`);
}

/** Reads each damaged file; gives how many were refused and how many read. */
async function fuzz(
  make: (random: (below: number) => number) => Buffer,
  read: (source: ByteSource) => Promise<TensorEntry[]>,
): Promise<{ refused: number; accepted: number }> {
  const random = makeRandom(20_260_101);
  const before = process.resourceUsage().maxRSS;
  let refused = 0;
  for (let index = 0; index < mutations; index++) {
    const bytes = make(random);
    try {
      for (const entry of await read(inMemory(bytes))) expectInside(entry, bytes.length);
    } catch (thrown) {
      const isClear =
        thrown instanceof StudioError && thrown.code === 'checkpointInvalid' && thrown.message.length > 10;
      if (!isClear) throw new Error(`mutation ${index}: ${bytes.toString('base64')}`, { cause: thrown });
      refused++;
    }
  }
  expect((process.resourceUsage().maxRSS - before) * 1024).toBeLessThan(memoryBytes);
  return { refused, accepted: mutations - refused };
}

const readEntries = async (source: ByteSource) => (await readCheckpointFile(source)).tensors;

const data = floatBytes(...Array.from({ length: 16 }, (_, index) => index / 3));
const view = { key: '0', elements: 16, shape: [2, 3], strides: [3, 1] };
const root: Python = {
  dict: [
    [
      'base',
      {
        dict: [
          ['w', tensorOf(view)],
          ['transposed', tensorOf({ ...view, shape: [3, 4], strides: [1, 3], offset: 2 })],
          ['half', tensorOf({ key: '1', elements: 32, shape: [32], strides: [1], type: 'Half' })],
        ],
      },
    ],
    ['epoch', { list: [3, 0.5, null, { tuple: ['x', true, 2 ** 40] }] }],
  ],
};
const storages = { 0: data, 1: data };
const pickle = encodePickle(root);
const archive = makeArchive(root, storages);
const zip64 = makeArchive(root, storages, true);
/** References to storages have a sixth part there, which is None. */
const legacy = Buffer.from(
  makeLegacy(root, { 0: { elements: 16, data }, 1: { elements: 32, data } })
    .toString('latin1')
    .replaceAll('\0\0\0tQ', '\0\0\0NtQ'),
  'latin1',
);
const header = JSON.stringify({
  __metadata__: { format: 'pt' },
  'a.weight': { dtype: 'F32', shape: [2, 4], data_offsets: [0, 32] },
  'a.bias': { dtype: 'BF16', shape: [16], data_offsets: [32, 64] },
});

describe(`${mutations.toLocaleString('en')} damaged files of each format`, () => {
  test('what is damaged here is read whole before', async () => {
    for (const bytes of [archive, zip64, legacy, makeSafetensors(header, data)]) {
      const entries = await readEntries(inMemory(bytes));
      for (const entry of entries) expectInside(entry, bytes.length);
      expect(entries.length).toBeGreaterThan(1);
    }
  });

  test('safetensors', async () => {
    const good = makeSafetensors(header, data);
    const { refused, accepted } = await fuzz((random) => {
      // Half of them keep a right length, so that the damage is in the header's own words.
      if (random(2) === 0) return damage(good, random);
      return makeSafetensors(damage(Buffer.from(header), random).toString('utf8'), data);
    }, readEntries);
    expect(refused).toBeGreaterThan(mutations / 2);
    expect(accepted).toBeGreaterThan(50);
  });

  test('the index of a sharded checkpoint', async () => {
    const parts = ['m-1.safetensors', 'm-2.safetensors'];
    for (const part of parts) writeBytes(join(folder, part), makeSafetensors(header, data));
    const good = Buffer.from(
      JSON.stringify({
        metadata: { total_size: 64 },
        weight_map: { 'a.weight': parts[0], 'a.bias': parts[1] },
      }),
    );
    const { refused, accepted } = await fuzz(
      (random) => damage(good, random),
      async (source) => {
        for (const part of (await readShardIndex(source)).keys()) {
          if (!parts.includes(part.slice(folder.length + 1))) throw new Error(`leads to ${part}`);
        }
        return [];
      },
    );
    expect(refused).toBeGreaterThan(mutations / 2);
    expect(accepted).toBeGreaterThan(50);
  });

  test('PyTorch archives: the zip', async () => {
    const { refused, accepted } = await fuzz(
      (random) => damage(random(2) === 0 ? archive : zip64, random),
      readEntries,
    );
    expect(refused).toBeGreaterThan(mutations / 4);
    expect(accepted).toBeGreaterThan(50);
  });

  test('PyTorch archives: the pickle, its CRC-32 made right again', async () => {
    expect(crc32(pickle)).not.toBe(0);
    const { refused, accepted } = await fuzz(
      (random) => makeArchive(damage(pickle, random), storages),
      readEntries,
    );
    expect(refused).toBeGreaterThan(mutations / 2);
    expect(accepted).toBeGreaterThan(50);
  });

  test('the legacy format', async () => {
    const { refused, accepted } = await fuzz((random) => damage(legacy, random), readEntries);
    expect(refused).toBeGreaterThan(mutations / 2);
    expect(accepted).toBeGreaterThan(50);
  });
});
