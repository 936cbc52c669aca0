/** Where a graph's weights come from: in place where they can be, converted once where not, and a clear error where they are wrong. */
import { describe, expect, test } from 'vitest';
import type { Checkpoint, Dtype, TensorEntry } from '../../../native-models/checkpoints/checkpoint.ts';
import { WeightPlan } from '../../../native-models/graphs/weight-plan.ts';

const bytes = { float32: 4, float16: 2 } as const;

function makeEntry(
  name: string,
  shape: readonly number[],
  offset: number,
  dtype: 'float32' | 'float16',
): TensorEntry {
  const elements = shape.reduce((product, size) => product * size, 1);
  const byteLength = elements * bytes[dtype];
  return {
    ...{ name, shape, offset, byteLength, dtype: dtype as Dtype, isContiguous: true },
    strides: shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1)),
    file: '/models/weights.pt',
    storageStart: offset,
    storageByteLength: byteLength,
    storageCrc32: null,
  };
}

function makePlan(entries: readonly TensorEntry[], prefix = ''): WeightPlan {
  const checkpoint: Checkpoint = {
    path: '/models/weights.pt',
    format: 'torch',
    tensors: new Map(entries.map((entry) => [entry.name, entry])),
    files: [],
    metadata: {},
    fingerprint: '',
  };
  const nameOf = (file: string) => file.replace('/models/', 'link-');
  return new WeightPlan({ checkpoint, prefix, nameOf, convertedFile: 'converted.bin' });
}

const joint = makeEntry('base.qkv.weight', [6, 4], 1000, 'float32');
const turned: TensorEntry = {
  ...makeEntry('base.turned', [4, 6], 5000, 'float32'),
  strides: [1, 4],
  isContiguous: false,
};
const half = makeEntry('base.half', [3, 5], 8000, 'float16');

describe('a float32 tensor without gaps', () => {
  test('stays where it lies, under the name its file has beside the graph', () => {
    const plan = makePlan([joint], 'base.');
    expect(plan.locate('qkv.weight', [6, 4])).toEqual({
      ...{ type: 'float32', shape: [6, 4], file: 'link-weights.pt', offset: 1000, byteLength: 96 },
    });
    expect(plan.planned).toEqual([]);
    expect(plan.used).toEqual(['base.qkv.weight']);
  });

  test('can be used by rows, in another shape, without moving a byte', () => {
    const plan = makePlan([joint], 'base.');
    plan.define('v.weight', { of: 'qkv.weight', shape: [6, 4], from: 4 });
    plan.define('flat', { of: 'qkv.weight', shape: [6, 4], as: [2, 3, 4] });
    expect(plan.locate('v.weight', [2, 4])).toMatchObject({ offset: 1000 + 4 * 16, byteLength: 32 });
    expect(plan.locate('flat', [2, 3, 4])).toMatchObject({ offset: 1000, byteLength: 96, shape: [2, 3, 4] });
    expect(plan.used).toEqual(['base.qkv.weight']);
  });
});

describe('a tensor that cannot stay as it is', () => {
  test('is planned once, however often it is asked for, each on a multiple of 64', () => {
    const plan = makePlan([turned, half, joint], 'base.');
    expect(plan.locate('half', [3, 5])).toMatchObject({ type: 'float32', file: 'converted.bin', offset: 0 });
    expect(plan.locate('turned', [4, 6])).toMatchObject({ offset: 64, byteLength: 96 });
    expect(plan.convert('qkv.weight', [6, 4], 'int8')).toMatchObject({
      type: 'int8',
      shape: [4, 6],
      offset: 192,
    });
    expect(plan.convert('qkv.weight', [6, 4], 'int8Scales')).toMatchObject({ type: 'float32', shape: [6] });
    expect(plan.locate('half', [3, 5])).toMatchObject({ offset: 0 });
    expect(plan.planned.map(({ entry, conversion }) => [entry.name, conversion])).toEqual([
      ['base.half', 'float32'],
      ['base.turned', 'float32'],
      ['base.qkv.weight', 'int8'],
      ['base.qkv.weight', 'int8Scales'],
    ]);
  });

  test('is planned by rows where rows of it were given a name', () => {
    const plan = makePlan([turned], 'base.');
    plan.define('part', { of: 'turned', shape: [4, 6], from: 1, to: 3 });
    expect(plan.convert('part', [2, 6], 'float16')).toMatchObject({ shape: [2, 6], byteLength: 24 });
    expect(plan.planned[0]!.entry).toMatchObject({ shape: [2, 6], strides: [1, 4], offset: 5004 });
  });
});

describe('a checkpoint that does not fit', () => {
  const plan = makePlan([joint], 'base.');

  test('is told by the full name of what is missing', () => {
    expect(plan.has('fc.weight')).toBe(false);
    expect(() => plan.locate('fc.weight', [1, 2])).toThrowError(
      /weights\.pt has no tensor “base\.fc\.weight”/,
    );
  });

  test.each([[[4, 6]], [[6, 4, 1]], [[24]]])('is told by the shape that is needed: %j', (shape) => {
    expect(() => plan.locate('qkv.weight', shape)).toThrowError(
      `“base.qkv.weight” in /models/weights.pt has the shape [6,4]; this architecture needs [${shape}].`,
    );
  });

  test('is told when the rows of a part are asked for in another shape', () => {
    plan.define('q.weight', { of: 'qkv.weight', shape: [6, 4], to: 2 });
    expect(() => plan.locate('q.weight', [3, 4])).toThrowError(
      /has the shape \[2,4\]; this architecture needs \[3,4\]/,
    );
  });
});
