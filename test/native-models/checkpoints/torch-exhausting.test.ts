/** PyTorch checkpoints made to exhaust whoever reads them: each is refused soon, and within the stated memory. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import {
  encodePickle,
  floatBytes,
  makeArchive,
  makeZip,
  tensorOf,
  writeBytes,
  type ZipRecord,
} from '../../support/make-checkpoints.ts';
import { measureCpuMs } from '../../support/measure-cpu.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();
const view = { key: '0', elements: 6, shape: [2, 3], strides: [3, 1] };
const data = { 0: floatBytes(0, 1, 2, 3, 4, 5) };
/** `limits.ts` states half a gigabyte for reading. */
const memoryBytes = 500e6;

describe('archives made to exhaust the reader', () => {
  const repeat = (code: number, count: number) => makeArchive(Buffer.alloc(count, code), data);
  /** {a: [x, x], …}: each level holds the one before twice. */
  const laughs = Buffer.concat([
    Buffer.from([0x80, 2, 0x5d, 0x71, 0]),
    ...Array.from({ length: 40 }, (_, at) =>
      Buffer.from([0x30, 0x5d, 0x71, at + 1, 0x28, 0x68, at, 0x68, at, 0x65]),
    ),
    Buffer.from('.'),
  ]);
  const cycle = Buffer.from([0x80, 2, 0x5d, 0x71, 0, 0x68, 0, 0x61, 0x2e]);
  /** OrderedDict(pairs), again and again: `pairs` lies in the pickle once. */
  const pairs = (item: Buffer, count: number) =>
    Buffer.concat([
      Buffer.from('\x80\x02ccollections\nOrderedDict\nq\x01', 'latin1'),
      Buffer.from(']q\x02(', 'latin1'),
      ...Array.from({ length: count }, () => item),
      Buffer.from('e', 'latin1'),
      ...Array.from({ length: 5000 }, () => Buffer.from('h\x01(h\x02tR', 'latin1')),
      Buffer.from('.'),
    ]);
  const pair = Buffer.from('X\x01\0\0\0aN\x86', 'latin1');
  const entry = (index: number) => Buffer.from(`J${String(index).padStart(4, '0')}N`);
  const entries = Buffer.concat([
    Buffer.from('\x80\x02}(', 'latin1'),
    ...Array.from({ length: 1_000_001 }, (_, index) => entry(index % 10_000)),
    Buffer.from('u.'),
  ]);
  const pickled = { name: 'a/data.pkl', data: encodePickle({ dict: [['w', tensorOf(view)]] }) };
  const laden = (part: Partial<ZipRecord>) =>
    makeZip([
      pickled,
      { name: 'a/data/0', data: data[0] },
      ...Array.from({ length: 300 }, (_, index) => ({ name: `a/${index}`, data: Buffer.alloc(0), ...part })),
    ]);
  test.each<[string, Buffer, RegExp]>([
    [
      'one list made a dictionary again and again',
      makeArchive(pairs(pair, 100_000), data),
      /entries of dict/,
    ],
    ['millions of entries', makeArchive(entries, data), /more than 1000000 entries/],
    [
      'a directory of comments',
      laden({ comment: Buffer.alloc(60_000, 'x') }),
      /directory has more than 16.8 MB/,
    ],
    [
      'a directory of extra fields',
      laden({ extra: Buffer.alloc(60_000, Buffer.from([0x99, 0x99, 0, 0])) }),
      /directory has more than 16.8 MB/,
    ],
    ['millions of dictionaries', repeat(0x7d, 1.1e6), /more than 1000000 containers/],
    ['millions of marks', repeat(0x28, 5.1e6), /more than 5000000 steps/],
    ['a text of 4 GB', makeArchive(Buffer.from([0x80, 2, 0x58, 255, 255, 255, 255]), data), /ends at byte/],
    ['lists of lists of lists', makeArchive(laughs, data), /nested deeper, are more/],
    ['a list within itself', makeArchive(cycle, data), /nested deeper/],
    ['an empty pickle', makeArchive(Buffer.alloc(0), data), /ends at byte 0/],
  ])('%s: refused soon', async (_, bytes, message) => {
    const before = process.resourceUsage().maxRSS;
    const cpuMs = await measureCpuMs(() =>
      expect(openCheckpoint(writeBytes(join(folder, 'made.pt'), bytes))).rejects.toThrow(message),
    );
    expect(cpuMs).toBeLessThan(5000);
    expect((process.resourceUsage().maxRSS - before) * 1024).toBeLessThan(memoryBytes);
  });
});
