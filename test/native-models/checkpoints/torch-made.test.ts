/** PyTorch checkpoints made byte by byte: layouts that are read, and every kind of file that is refused, by name and place. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Checkpoint } from '../../../native-models/checkpoints/checkpoint.ts';
import { tensorContentKey } from '../../../native-models/checkpoints/fingerprint.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { readTensor } from '../../../native-models/checkpoints/read-tensor.ts';
import {
  encodePickle,
  floatBytes,
  makeArchive,
  makeLegacy,
  makeZip,
  type Python,
  tensorOf,
  writeBytes,
  writeSparseZip,
} from '../../support/make-checkpoints.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();

const view = { key: '0', elements: 6, shape: [2, 3], strides: [3, 1] };
const data = { 0: floatBytes(0, 1, 2, 3, 4, 5) };
const numbers = [0, 1, 2, 3, 4, 5];

function save(name: string, bytes: Buffer): string {
  return writeBytes(join(folder, name), bytes);
}

async function openBytes(bytes: Buffer): Promise<Checkpoint> {
  return openCheckpoint(save('made.pt', bytes));
}

async function readAll(checkpoint: Checkpoint): Promise<Record<string, number[]>> {
  const all: Record<string, number[]> = {};
  for (const [name, entry] of checkpoint.tensors) all[name] = [...(await readTensor(entry))];
  return all;
}

describe('archives', () => {
  test('nested dictionaries and lists are joined by dots; plain values beside tensors are passed over', async () => {
    const root: Python = {
      dict: [
        [
          'base',
          {
            dict: [
              ['fc.weight', tensorOf(view)],
              ['epoch', 7],
              ['lr', 0.1],
              ['big', 2 ** 40],
            ],
          },
        ],
        ['steps', { list: [tensorOf({ ...view, shape: [3], strides: [2] }), { tuple: [null, true] }] }],
      ],
    };
    await expect(openBytes(makeArchive(root, data)).then(readAll)).resolves.toEqual({
      'base.fc.weight': numbers,
      'steps.0': [0, 2, 4],
    });
  });

  test('a zip64 archive is read as a plain one', async () => {
    const checkpoint = await openBytes(makeArchive({ dict: [['w', tensorOf(view)]] }, data, true));
    expect(checkpoint.format).toBe('torch');
    expect(await readAll(checkpoint)).toEqual({ w: numbers });
  });

  test.skipIf(process.platform === 'win32')(
    'a tensor beyond 4 GiB is found and read; opening reads none of the 6 GB',
    async () => {
      const elements = 1_500_000_000;
      const path = join(folder, 'large.pt');
      const root: Python = {
        dict: [
          ['large', tensorOf({ key: '0', elements, shape: [elements], strides: [1] })],
          ['small', tensorOf({ ...view, key: '1' })],
        ],
      };
      await writeSparseZip(path, [
        { name: 'large/data/0', data: elements * 4 },
        { name: 'large/data/1', data: data[0] },
        { name: 'large/data.pkl', data: encodePickle(root) },
      ]);
      const { tensors } = await openCheckpoint(path);
      expect(tensors.get('large')!.byteLength).toBe(6e9);
      expect(tensors.get('small')!.offset).toBeGreaterThan(2 ** 32);
      expect([...(await readTensor(tensors.get('small')!))]).toEqual(numbers);
      await expect(readTensor(tensors.get('large')!)).rejects.toMatchObject({ code: 'tooLarge' });
    },
  );

  test('equal tensors of several trained sets have one content key, others have their own', async () => {
    const root: Python = {
      dict: [
        ['base', { dict: [['w', tensorOf(view)]] }],
        [
          'rank',
          {
            dict: [
              ['w', tensorOf({ ...view, key: '1' })],
              ['v', tensorOf({ ...view, key: '2' })],
            ],
          },
        ],
      ],
    };
    const { tensors } = await openBytes(
      makeArchive(root, { ...data, 1: data[0], 2: floatBytes(1, 1, 2, 3, 4, 5) }),
    );
    const keys = ['base.w', 'rank.w', 'rank.v'].map((name) => tensorContentKey(tensors.get(name)!));
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  test('a pickle of protocol 4 is read too', async () => {
    const text = (value: string) => [0x8c, value.length, ...Buffer.from(value), 0x94];
    const root = encodePickle({
      raw: [
        0x95,
        ...new Array(8).fill(0),
        ...text('collections'),
        ...text('OrderedDict'),
        0x93,
        0x29,
        0x52,
        ...text('w'),
      ],
    }).subarray(0, -1);
    const bytes = Buffer.concat([root, encodePickle(tensorOf(view)).subarray(2, -1), Buffer.from('s.')]);
    await expect(openBytes(makeArchive(bytes, data)).then(readAll)).resolves.toEqual({ w: numbers });
  });

  const { args: tensorArgs } = tensorOf(view) as { args: Python[] };
  const flipped: Python = {
    call: { global: 'torch._utils._rebuild_tensor_v2' },
    args: [...tensorArgs, 'neg'],
  };
  const call = (global: string, ...args: Python[]): Python => ({ dict: [['w', { call: { global }, args }]] });
  test.each<[string, Python, RegExp]>([
    ['an unknown function', call('os.system', 'touch x'), /"os\.system" is not allowed/],
    ['a built-in', call('builtins.eval', '1'), /"builtins\.eval"/],
    ['a name of an object', call('__proto__.constructor'), /"__proto__\.constructor"/],
    ['a name that every object has', call('toString.x'), /"toString\.x"/],
    [
      'an allowed name called wrongly',
      call('torch._utils._rebuild_tensor_v2', 1),
      /_rebuild_tensor_v2.*not known/,
    ],
    ['a storage type called', call('torch.FloatStorage', 4), /torch\.FloatStorage/],
    ['INST', { raw: [0x28, 0x69] }, /INST \(0x69\)/],
    ['NEWOBJ', { raw: [0x29, 0x29, 0x81] }, /NEWOBJ/],
    ['an extension', { raw: [0x82, 1] }, /EXT1/],
    ['a dictionary of protocol 0', { raw: [0x28, 0x64] }, /DICT \(0x64\)/],
    ['a number of protocol 0', { raw: [0x49, 0x31, 0x0a] }, /INT \(0x49\)/],
    ['a number of four gigabytes', { raw: [0x8b, 255, 255, 255, 255] }, /LONG4 \(0x8b\)/],
    ['a view with a sign', flipped, /_rebuild_tensor_v2.*not known/],
    ['an unknown opcode', { raw: [0xff] }, /0xff/],
    ['an empty stack', { raw: [0x30, 0x30] }, /empty stack/],
    ['a list as key', { dict: [[{ list: [] }, 1]] }, /key of a dictionary/],
    [
      'attributes of a tensor',
      { raw: [...encodePickle(tensorOf(view)).subarray(2, -1), 0x7d, 0x62] },
      /BUILD/,
    ],
  ])('%s is refused by name', async (_, root, message) => {
    await expect(openBytes(makeArchive(root, data))).rejects.toMatchObject({
      code: 'checkpointInvalid',
      message: expect.stringMatching(message),
    });
  });

  const archive = (changes: Partial<Parameters<typeof tensorOf>[0]>) =>
    makeArchive({ dict: [['w', tensorOf({ ...view, ...changes })]] }, data);
  const record = { name: 'a/data.pkl', data: encodePickle({ dict: [['w', tensorOf(view)]] }) };
  const storage = { name: 'a/data/0', data: data[0] };
  test.each<[string, Buffer, RegExp]>([
    ['a negative offset', archive({ offset: -1 }), /no possible shape/],
    ['a stride beyond the storage', archive({ strides: [4, 1] }), /reaches to element 7 of a storage of 6/],
    [
      'a shape beyond any number',
      archive({ shape: [2 ** 40, 2 ** 40], strides: [0, 0] }),
      /reaches|elements/,
    ],
    ['an expansion without bound', archive({ shape: [2 ** 30, 3], strides: [0, 1] }), /contiguous/],
    ['a storage of another size', archive({ elements: 7 }), /7 elements of float32.*24 bytes/],
    ['a missing storage', archive({ key: '9' }), /"archive\/data\/9".*tensor "w".*missing/],
    ['a path as a storage', archive({ key: '../../etc/passwd' }), /missing/],
    ['an unknown type', archive({ type: 'ComplexFloat' }), /"torch\.ComplexFloatStorage"/],
    ['no tensor', makeArchive({ dict: [['epoch', 3]] }, {}), /no tensors/],
    [
      'a zip of something else',
      makeZip([{ name: 'readme.txt', data: Buffer.from('hi') }]),
      /not one that torch\.save wrote/,
    ],
    [
      'a TorchScript program',
      makeZip([record, storage, { name: 'a/constants.pkl', data: Buffer.from('') }]),
      /TorchScript/,
    ],
    [
      'big-endian numbers',
      makeZip([record, storage, { name: 'a/byteorder', data: Buffer.from('big') }]),
      /"big" byte order/,
    ],
    ['an encrypted storage', makeZip([record, { ...storage, isEncrypted: true }]), /"a\/data\/0".*encrypted/],
    [
      'a storage of two types',
      makeArchive(
        {
          dict: [
            ['a', tensorOf(view)],
            ['b', tensorOf({ ...view, type: 'Int' })],
          ],
        },
        data,
      ),
      /storage "0" is described in two ways/,
    ],
    ['a compressed storage', makeZip([record, { ...storage, method: 8 }]), /"a\/data\/0".*compressed/],
    ['a damaged pickle', makeZip([{ ...record, crc: 1 }, storage]), /"a\/data\.pkl" is damaged/],
    ['a record twice', makeZip([record, storage, storage]), /twice/],
    [
      'two names for one',
      makeArchive(
        {
          dict: [
            ['a', { dict: [['b', tensorOf(view)]] }],
            ['a.b', tensorOf(view)],
          ],
        },
        data,
      ),
      /two tensors/,
    ],
  ])('%s is refused with its place', async (_, bytes, message) => {
    await expect(openBytes(bytes)).rejects.toMatchObject({
      code: 'checkpointInvalid',
      message: expect.stringMatching(message),
    });
  });
});

describe('the legacy format', () => {
  const storages = { 0: { elements: 6, data: data[0] } };
  /** Its references to storages have a sixth part, which is None. */
  const asLegacy = (bytes: Buffer) =>
    Buffer.from(bytes.toString('latin1').replaceAll('J\x06\0\0\0tQ', 'J\x06\0\0\0NtQ'), 'latin1');
  const whole = asLegacy(makeLegacy({ dict: [['w', tensorOf(view)]] }, storages));

  test('tensors are read where they lie behind the pickles', async () => {
    const checkpoint = await openBytes(whole);
    expect(checkpoint).toMatchObject({ format: 'torchLegacy' });
    expect(await readAll(checkpoint)).toEqual({ w: numbers });
  });

  test.each([3, 4, 5])('a file of pickle protocol %i is known by its first bytes too', async (protocol) => {
    const frame = protocol > 3 ? [0x95, 13, 0, 0, 0, 0, 0, 0, 0] : [];
    const bytes = Buffer.concat([Buffer.from([0x80, protocol, ...frame]), whole.subarray(2)]);
    expect(await openBytes(bytes).then(readAll)).toEqual({ w: numbers });
  });

  test.each<[string, Buffer, RegExp]>([
    ['half a download', whole.subarray(0, -4), /incomplete.*storage 1 of 1/],
    ['a missing end of the pickles', whole.subarray(0, 120), /ends at byte 120/],
    [
      'a count that differs',
      makeLegacy({ dict: [['w', tensorOf(view)]] }, { 0: { elements: 5, data: data[0] } }),
      /5 elements.*say 6/,
    ],
    ['a storage of no tensor', makeLegacy({ dict: [] }, storages), /no tensor has/],
    [
      'a missing storage',
      makeLegacy({ dict: [['w', tensorOf(view)]] }, {}),
      /storage of tensor "w" is missing/,
    ],
  ])('%s is refused', async (_, bytes, message) => {
    await expect(openBytes(bytes)).rejects.toMatchObject({
      code: 'checkpointInvalid',
      message: expect.stringMatching(message),
    });
  });
});
