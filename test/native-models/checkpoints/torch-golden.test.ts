/** PyTorch's own checkpoints (../shared/golden): what torch.save wrote is read exactly, and hostile files do nothing. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Checkpoint } from '../../../native-models/checkpoints/checkpoint.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { readTensor } from '../../../native-models/checkpoints/read-tensor.ts';
import { verifyCheckpoint } from '../../../native-models/checkpoints/verify-checkpoint.ts';
import { hasShared, readSharedJson, sharedPath } from '../../support/shared.ts';

const marker = '/tmp/SFIQA_PICKLE_MARKER';

interface Described {
  type: string;
  dtype: string;
  shape: number[];
  stride: number[];
  storage_offset: number;
  storage_group: number;
  storage_nbytes: number;
  values: (number | string | boolean)[];
  items: unknown[];
}
interface PtIndex {
  valid: { file: string; expected: string }[];
  hostile: { file: string; expect: string; why: string }[];
}

const index = hasShared ? readSharedJson<PtIndex>('golden/public/pt/index.json') : { valid: [], hostile: [] };
const pt = (file: string) => sharedPath(`golden/public/pt/${file}`);

/** The expected tensors by joined name. */
function flatten(value: Described, name = '', found = new Map<string, Described>()): Map<string, Described> {
  const joined = (key: unknown) => (name === '' ? String(key) : `${name}.${String(key)}`);
  if (value.type === 'tensor') found.set(name, value);
  else if (value.type === 'parameter') {
    const inner = Object.values(value).find((part) => typeof part === 'object' && part?.type === 'tensor');
    found.set(name, (inner ?? value) as Described);
  } else if (value.type.includes('dict')) {
    for (const [key, child] of value.items as [string, Described][]) flatten(child, joined(key), found);
  } else if (value.type === 'list' || value.type === 'tuple') {
    for (const [at, child] of (value.items as Described[]).entries()) flatten(child, joined(at), found);
  }
  return found;
}

async function expectContents(checkpoint: Checkpoint, expected: Map<string, Described>): Promise<void> {
  expect([...checkpoint.tensors.keys()]).toEqual([...expected.keys()]);
  const groupOfStorage = new Map<number, number>();
  for (const [name, want] of expected) {
    const entry = checkpoint.tensors.get(name)!;
    expect(entry, name).toMatchObject({
      dtype: want.dtype,
      shape: want.shape,
      strides: want.stride,
      storageByteLength: want.storage_nbytes,
    });
    if (want.storage_nbytes > 0) {
      const group = groupOfStorage.get(entry.storageStart) ?? want.storage_group;
      expect(group, `${name} shares the storages it should`).toBe(want.storage_group);
      groupOfStorage.set(entry.storageStart, group);
    }
    const values = want.values.map((value) =>
      Math.fround(
        value === '-0'
          ? -0
          : Number(String(value).replace('inf', 'Infinity').replace('true', '1').replace('false', '0')),
      ),
    );
    expect([...(await readTensor(entry))], name).toEqual(values);
  }
}

describe.skipIf(!hasShared)('checkpoints that PyTorch wrote', () => {
  test.each(index.valid)(
    '$file: names, types, strides, storages and every value are as torch says',
    async ({ file, expected }) => {
      const checkpoint = await openCheckpoint(pt(file));
      const { content } = readSharedJson<{ content: Described }>(`golden/public/pt/${expected}`);
      await expectContents(checkpoint, flatten(content));
      await expect(verifyCheckpoint(checkpoint)).resolves.toHaveLength(1);
    },
  );

  test('the goldens cover every type, views, shared storages and parameters', () => {
    const all = index.valid.flatMap(({ expected }) => [
      ...flatten(readSharedJson<{ content: Described }>(`golden/public/pt/${expected}`).content).values(),
    ]);
    expect(new Set(all.map(({ dtype }) => dtype)).size).toBe(10);
    expect(all.length).toBeGreaterThan(100);
    expect(all.some(({ stride }) => stride.includes(0))).toBe(true);
  });

  test('the same weights written by torch 1.13 and 2.13 have one fingerprint; other weights have another', async () => {
    const [old, recent, other] = await Promise.all(
      ['tiny_torch113.pt', 'tiny_torch213.pt', 'tiny_torch213_extra.pt'].map((file) =>
        openCheckpoint(pt(file)),
      ),
    );
    expect(old!.fingerprint).toBe(recent!.fingerprint);
    expect(other!.fingerprint).not.toBe(old!.fingerprint);
  });

  test.each(index.hostile)('$file: $expect ($why)', async ({ file, expect: wanted }) => {
    async function readAll(): Promise<number[][]> {
      const { tensors } = await openCheckpoint(pt(file));
      return Promise.all([...tensors.values()].map(async (entry) => [...(await readTensor(entry))]));
    }
    if (wanted === 'accept') await expect(readAll()).resolves.toEqual([[0, 1, 2, 3]]);
    else await expect(readAll()).rejects.toMatchObject({ code: 'checkpointInvalid' });
    expect(existsSync(marker)).toBe(false);
  });

  test('what is refused is named: the global, the tensor, the missing end', async () => {
    await expect(openCheckpoint(pt('evil_reduce_system.pt'))).rejects.toThrow(/"posix\.system".*byte 55/);
    await expect(openCheckpoint(pt('evil_unknown_class.pt'))).rejects.toThrow(
      /"mypackage\.models\.SecretThing"/,
    );
    await expect(openCheckpoint(pt('evil_oob_view.pt'))).rejects.toThrow(
      /tensor "w".*element 9 of a storage of 4/,
    );
    await expect(openCheckpoint(pt('evil_truncated.pt'))).rejects.toThrow(/incomplete.*7\.5 kB/);
    const damaged = await openCheckpoint(pt('evil_crc.pt'));
    await expect(verifyCheckpoint(damaged)).rejects.toThrow(/tensor "w" is damaged.*CRC-32/);
  });
});
