/** Safetensors files, single and sharded: read exactly, written whole or not at all, refused with what is wrong. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Checkpoint } from '../../../native-models/checkpoints/checkpoint.ts';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import { checkUnchanged, openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { readTensor, readTensorChunks } from '../../../native-models/checkpoints/read-tensor.ts';
import { verifyCheckpoint } from '../../../native-models/checkpoints/verify-checkpoint.ts';
import { type TensorSource, writeSafetensors } from '../../../native-models/checkpoints/write-safetensors.ts';
import { floatBytes, makeSafetensors, writeBytes } from '../../support/make-checkpoints.ts';
import { hasShared, sharedPath } from '../../support/shared.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();
const at = (name: string) => join(folder, name);

const data = floatBytes(0, 1, 2, 3, 4, 5);
const header = {
  __metadata__: { format: 'pt' },
  a: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
  b: { dtype: 'F32', shape: [2], data_offsets: [16, 24] },
};
const good = makeSafetensors(header, data);

function openBytes(bytes: Buffer, name = 'any.bin'): Promise<Checkpoint> {
  return openCheckpoint(writeBytes(at(name), bytes));
}

describe.skipIf(!hasShared)('files that the safetensors library wrote', () => {
  /** Half of the last place of a type, relative; 0 where float32 was stored. */
  test.each([
    ['tiny_clip_gelu', 0],
    ['tiny_clip_f16', 2 ** -11],
    ['tiny_clip_bf16', 2 ** -8],
    ['tiny_swinv2', 0],
  ])('%s has the weights of the formula, to its type’s rounding', async (name, tolerance) => {
    const { tensors, metadata } = await openCheckpoint(sharedPath(`golden/public/tiny/${name}`));
    expect(metadata).toEqual({ format: 'pt' });
    let compared = 0;
    for (const [key, entry] of tensors) {
      if (/attn_mask|position_ids|relative_/.test(key)) continue;
      const expected = formulaTensor(`${name.replace(/_(gelu|f16|bf16)$/, '')}.${key}`, entry.shape);
      const found = await readTensor(entry);
      // Half-precision subnormals are rounded to a fixed step.
      const worst = found.reduce(
        (most, value, i) =>
          Math.max(
            most,
            (Math.abs(value - expected[i]!) - 2 ** -25 * Math.sign(tolerance)) / Math.abs(expected[i]!),
          ),
        0,
      );
      expect(worst, key).toBeLessThanOrEqual(tolerance);
      compared += found.length;
    }
    expect(compared).toBeGreaterThan(190_000);
  });
});

describe('a safetensors file', () => {
  test('gives names, shapes, places and metadata, whatever the file is called', async () => {
    const checkpoint = await openBytes(good);
    expect(checkpoint).toMatchObject({ format: 'safetensors', metadata: { format: 'pt' } });
    expect(checkpoint.tensors.get('b')).toMatchObject({
      shape: [2],
      strides: [1],
      isContiguous: true,
      offset: good.length - 8,
      byteLength: 8,
      storageCrc32: null,
    });
    expect([...(await readTensor(checkpoint.tensors.get('b')!))]).toEqual([4, 5]);
  });

  test('is known by its bytes also where the length of its header begins with the byte of a brace', async () => {
    const text = JSON.stringify(header);
    const bytes = makeSafetensors(text.padEnd(0x100 + 0x7b), data);
    expect(bytes[0]).toBe(0x7b);
    expect([...(await openBytes(bytes)).tensors.keys()]).toEqual(['a', 'b']);
  });

  test.each<[string, Buffer, RegExp]>([
    [
      'half a download',
      good.subarray(0, -10),
      new RegExp(`incomplete.*${good.length - 10} of ${good.length} bytes`),
    ],
    ['half a header', good.subarray(0, 40), /incomplete.*header alone/],
    ['bytes at the end', Buffer.concat([good, Buffer.alloc(3)]), /header describes/],
    ['no JSON', makeSafetensors('{"a":', data), /JSON cannot be read/],
    [
      'a type that is not read',
      makeSafetensors({ a: { ...header.a, dtype: 'F8_E4M3' } }, data),
      /"a" has the type "F8_E4M3"/,
    ],
    [
      'a type that every object has',
      makeSafetensors({ a: { ...header.a, dtype: 'toString' } }, data),
      /"toString"/,
    ],
    [
      'a size that is not the shape’s',
      makeSafetensors({ a: { ...header.a, shape: [2, 3] } }, data),
      /"a" of shape \[2,3\]/,
    ],
    ['a gap', makeSafetensors({ a: { ...header.a, data_offsets: [8, 24] } }, data), /begins at byte 8/],
    [
      'an overlap',
      makeSafetensors({ ...header, b: { ...header.b, data_offsets: [8, 16] } }, data),
      /"b" begins at byte 8/,
    ],
    [
      'a negative offset',
      makeSafetensors({ a: { ...header.a, data_offsets: [-16, 0] } }, data),
      /does not describe tensor "a"/,
    ],
    [
      'an unknown field',
      makeSafetensors({ a: { ...header.a, file: '/etc/passwd' } }, data),
      /does not describe tensor "a"/,
    ],
    [
      'a name twice',
      makeSafetensors(
        '{"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]},"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}}',
        data,
      ),
      /names a tensor twice/,
    ],
    [
      'metadata that is no text',
      makeSafetensors({ ...header, __metadata__: { format: 3 } }, data),
      /__metadata__/,
    ],
    ['no tensor', makeSafetensors({}, Buffer.alloc(0)), /no tensors/],
    ['lists of lists of lists', makeSafetensors(`{"a":${'['.repeat(1e6)}`, data), /nested/],
    [
      'a header of 2^60 bytes',
      Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 16]), Buffer.from('{}')]),
      /header is said to have/,
    ],
    ['an empty file', Buffer.alloc(0), /empty/],
    [
      'a Git LFS pointer',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3944517836\n'),
      /Git LFS pointer/,
    ],
    ['a gzip archive', Buffer.from([0x1f, 0x8b, 8, 0]), /gzip archive \(unpack/],
    [
      'a tar archive',
      Buffer.concat([Buffer.from('sys_info'.padEnd(257, '\0')), Buffer.from('ustar')]),
      /tar archive.*0\.1\.10/,
    ],
    ['a web page', Buffer.from('<!DOCTYPE html><html>'), /web page/],
    ['a plain pickle', Buffer.from([0x80, 4, 0x4b, 1, 0x2e]), /plain pickle/],
  ])('%s: refused with what is wrong', async (_, bytes, message) => {
    await expect(openBytes(bytes)).rejects.toMatchObject({
      code: 'checkpointInvalid',
      message: expect.stringMatching(message),
    });
  });

  test('a name that objects have by nature is a name', async () => {
    const named = makeSafetensors('{"__proto__":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}}', data);
    expect([...(await openBytes(named)).tensors.keys()]).toEqual(['__proto__']);
  });

  test('a missing file, a folder without a checkpoint and one with two are told apart', async () => {
    mkdirSync(at('empty'));
    mkdirSync(at('two'));
    for (const name of ['a.safetensors', 'b.safetensors']) writeBytes(at(`two/${name}`), good);
    await expect(openCheckpoint(at('nowhere.pt'))).rejects.toMatchObject({ code: 'notFound' });
    await expect(openCheckpoint(at('empty'))).rejects.toMatchObject({ code: 'badInput' });
    await expect(openCheckpoint(at('two'))).rejects.toThrow(/a\.safetensors, b\.safetensors/);
  });

  test('moved and edited files are noticed', async () => {
    const { files, tensors } = await openBytes(good, 'watched.safetensors');
    await expect(checkUnchanged(files)).resolves.toBeUndefined();
    utimesSync(at('watched.safetensors'), 1, 1);
    await expect(checkUnchanged(files)).rejects.toMatchObject({ code: 'conflict' });
    rmSync(at('watched.safetensors'));
    await expect(checkUnchanged(files)).rejects.toMatchObject({ code: 'notFound' });
    await expect(readTensor(tensors.get('a')!)).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('a sharded checkpoint', () => {
  const parts = { a: 'model-1.safetensors', b: 'model-2.safetensors' };
  function makeShards(name: string, weights: Record<string, string> = parts): string {
    mkdirSync(at(name));
    writeBytes(at(`${name}/model-1.safetensors`), makeSafetensors({ a: header.a }, data.subarray(0, 16)));
    writeBytes(
      at(`${name}/model-2.safetensors`),
      makeSafetensors({ b: { ...header.b, data_offsets: [0, 8] } }, data.subarray(16)),
    );
    writeFileSync(
      at(`${name}/model.safetensors.index.json`),
      JSON.stringify({ metadata: { total_size: 24 }, weight_map: weights }),
    );
    return at(name);
  }

  test('is one set of tensors, by its folder or its index; as a single file it has the same fingerprint', async () => {
    const path = makeShards('whole');
    const byFolder = await openCheckpoint(path);
    const byIndex = await openCheckpoint(join(path, 'model.safetensors.index.json'));
    expect(byFolder.files.map(({ path: file }) => file.slice(path.length + 1))).toEqual([
      'model.safetensors.index.json',
      ...Object.values(parts),
    ]);
    expect([...byIndex.tensors.keys()]).toEqual(['a', 'b']);
    expect([...(await readTensor(byFolder.tensors.get('b')!))]).toEqual([4, 5]);
    expect(byFolder.fingerprint).toBe((await openBytes(good)).fingerprint);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a part that is not there',
      { ...parts, c: 'model-3.safetensors' },
      /2 of 3 parts.*model-3\.safetensors missing/,
    ],
    ['a path as a part', { a: '../whole/model-1.safetensors' }, /not a plain file name/],
    ['an absolute path as a part', { a: '/etc/passwd' }, /not a plain file name/],
    ['a tensor in no part', { ...parts, c: 'model-2.safetensors' }, /disagree about tensor "c"/],
    ['a tensor not in the index', { a: parts.a, x: parts.b }, /disagree about tensor "x"/],
    ['nothing', {}, /names 0 tensors/],
  ])('an index with %s is refused', async (name, weights, message) => {
    await expect(openCheckpoint(makeShards(name.replaceAll(' ', '-'), weights))).rejects.toMatchObject({
      code: 'checkpointInvalid',
      message: expect.stringMatching(message),
    });
  });
});

test('an index of lists within lists is refused before it fills the memory', async () => {
  const nested = Buffer.from(`{"weight_map":${'['.repeat(5e6)}`);
  await expect(openBytes(nested, 'nested.index.json')).rejects.toThrow(/nested deeper/);
});

describe('writing', () => {
  const floats = Float32Array.from({ length: 1000 }, (_, index) => index / 7);
  const bytes = Uint8Array.from([1, 0, 1]);
  const tensors: TensorSource[] = [
    { name: 'flag', dtype: 'bool', shape: [3], chunks: () => [bytes] },
    {
      name: 'w',
      dtype: 'float32',
      shape: [10, 100],
      chunks: () => [floats.subarray(0, 1), floats.subarray(1)],
    },
    { name: 'none', dtype: 'float32', shape: [0], chunks: () => [] },
  ];

  test('what was written is read back; the data are aligned, and each tensor to its type', async () => {
    const path = at('written.safetensors');
    const size = await writeSafetensors(path, tensors, { precision: 'fp32' });
    const checkpoint = await openCheckpoint(path);
    expect(checkpoint.metadata).toEqual({ precision: 'fp32' });
    expect(checkpoint.files[0]!.sizeBytes).toBe(size);
    expect(checkpoint.tensors.get('w')!.offset % 64).toBe(0);
    expect(await readTensor(checkpoint.tensors.get('w')!)).toEqual(floats);
    expect([...(await readTensor(checkpoint.tensors.get('flag')!))]).toEqual([1, 0, 1]);
    const pieces: Float32Array[] = [];
    for await (const piece of readTensorChunks(checkpoint.tensors.get('w')!, 1024)) pieces.push(piece);
    expect(pieces.map(({ length }) => length)).toEqual([256, 256, 256, 232]);
    expect(pieces.flatMap((piece) => [...piece])).toEqual([...floats]);
  });

  test('a failure leaves the old file and nothing else', async () => {
    mkdirSync(at('kept'));
    const path = at('kept/model.safetensors');
    writeBytes(path, good);
    async function* breakOff(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 1);
      throw new Error('the source broke');
    }
    const broken = { name: 'x', dtype: 'uint8', shape: [3], chunks: breakOff } as const;
    await expect(writeSafetensors(path, [broken])).rejects.toThrow('the source broke');
    for (const length of [2, 4]) {
      const wrong = { ...broken, chunks: () => [new Uint8Array(length)] };
      await expect(writeSafetensors(path, [wrong])).rejects.toMatchObject({ code: 'badInput' });
    }
    await expect(writeSafetensors(path, [tensors[0]!, tensors[0]!])).rejects.toMatchObject({
      code: 'badInput',
    });
    const cancelled = AbortSignal.abort();
    await expect(writeSafetensors(path, tensors, {}, cancelled)).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(readFileSync(path)).toEqual(good);
    expect(readdirSync(at('kept'))).toEqual(['model.safetensors']);
  });

  test('a full disk and a missing folder are said to be that', async () => {
    function fillDisk(): Uint8Array[] {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC', syscall: 'write' });
    }
    const last = { name: 'x', dtype: 'uint8', shape: [3], chunks: fillDisk } as const;
    await expect(writeSafetensors(at('full.safetensors'), [last])).rejects.toMatchObject({
      code: 'diskFull',
    });
    await expect(writeSafetensors(at('nowhere/x.safetensors'), tensors)).rejects.toMatchObject({
      code: 'notFound',
    });
    expect(readdirSync(folder).filter((name) => /partial|^full/.test(name))).toEqual([]);
  });
});

test('verifying reads every byte, reports progress and gives the hash the hub states', async () => {
  const checkpoint = await openBytes(good);
  const seen: [number, number][] = [];
  const [file] = await verifyCheckpoint(checkpoint, (done, total) => seen.push([done, total]));
  expect(seen).toEqual([[good.length, good.length]]);
  expect(file!.sha256).toBe(createHash('sha256').update(good).digest('hex'));
  await expect(verifyCheckpoint(checkpoint, undefined, AbortSignal.abort())).rejects.toMatchObject({
    name: 'AbortError',
  });
});
