import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import {
  Lowering,
  type PackGraph,
  type PackMember,
  type Provider,
  providers,
} from '../../../contract/pack.ts';
import { GraphBuilder } from '../../../native-models/graphs/graph-builder.ts';
import {
  type Inputs,
  type OpenSession,
  openSession,
  runBatches,
  type SessionRequest,
} from '../../../native-models/inference/open-session.ts';
import { SessionStore } from '../../../native-models/inference/session-store.ts';
import type { OpenPack } from '../../../native-models/packs/open-pack.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

function graph(
  name: string,
  lowering: PackGraph['lowering'],
  precision: PackGraph['precision'] = 'float32',
): PackGraph {
  return {
    ...{ role: 'image', precision, lowering, file: `${name}.${precision}.${lowering}.onnx` },
    ...{ sha256: '', weightsFolder: null, tensorSet: name, weightBytes: 100 },
  };
}
const members: PackMember[] = ['a', 'b', 'c'].map((name) => ({
  name,
  logitScale: 1,
  graphs: [
    ...Lowering.options.map((lowering) => graph(name, lowering)),
    graph(name, 'cpu', 'int8'),
    ...(['fused', 'plain'] as const).map((lowering) => graph(name, lowering, 'float16')),
  ],
}));
const pack = {
  ...{ folder: '/pack', graphFolder: '/pack' },
  manifest: { title: 'Mine' },
  network: { members, precision: 'float32' },
} as unknown as OpenPack;
const item: Inputs = { pixels: { data: Float32Array.of(1), shape: [1] } };

/** A store whose sessions are told what to do when they are opened or run. */
function makeStore(
  behave: (what: 'open' | 'run' | 'release', request: SessionRequest) => void = () => {},
  { budgetBytes = 1000, order = ['cuda', 'webgpu', 'cpu'] as Provider[] } = {},
) {
  const log: string[] = [];
  const files: string[] = [];
  const store = new SessionStore({
    budgetBytes,
    order: async (asked) => (asked === null ? order : [...asked, 'cpu']),
    async open(request): Promise<OpenSession> {
      const { provider, precision, batchSize, path } = request;
      const name = `${path.slice(6, 7)} ${provider}`;
      files.push(basename(path));
      log.push(`open ${name} ${precision} ${batchSize}`);
      behave('open', request);
      return {
        ...{ provider, precision, warning: null },
        async run(items) {
          behave('run', request);
          return items.map(() => ({ embedding: Float32Array.of(1) }));
        },
        async release() {
          log.push(`release ${name}`);
          behave('release', request);
        },
      };
    },
  });
  const run = (member: number, how: Partial<Parameters<SessionStore['run']>[1]['run']> = {}) =>
    store.run(
      pack,
      {
        member: members[member]!,
        role: 'image',
        run: { members: null, precision: null, providers: null, ...how },
      },
      [item, item],
    );
  return { log, files, run, store };
}

describe('execution providers', () => {
  test('the first that runs; why others did not is said with every score', async () => {
    const { log, run } = makeStore((what, { provider }) => {
      if (provider === 'cuda' && what === 'open') throw new Error('Failed to load shared library');
    });
    const { provenance } = await run(0);
    expect(provenance).toMatchObject({
      provider: 'webgpu',
      fallback: expect.stringMatching(/^cuda: The CUDA libraries/),
    });
    await run(0);
    expect((await run(1)).provenance.fallback).toContain('cuda');
    expect(log).toEqual(['open a cuda float32 8', 'open a webgpu float32 8', 'open b webgpu float32 8']);
  });

  test('one that fails in flight is left, what it held is released, and the same images are run on the next', async () => {
    let runs = 0;
    const { log, run } = makeStore((what, { provider }) => {
      if (what === 'run' && provider === 'cuda' && ++runs > 1) throw new Error('device lost');
    });
    expect((await run(0)).provenance).toMatchObject({ provider: 'cuda', fallback: null });
    const { provenance, outputs } = await run(1);
    expect(provenance).toMatchObject({ provider: 'webgpu', fallback: 'cuda: device lost' });
    expect(outputs).toHaveLength(2);
    expect(log.filter((line) => line.startsWith('release'))).toEqual(['release a cuda', 'release b cuda']);
  });

  test('one whose device is gone cannot even give back what it held: the next goes on all the same', async () => {
    const { run } = makeStore((what, { provider }) => {
      if (what !== 'open' && provider === 'cuda') throw new Error('device lost');
    });
    expect((await run(0)).provenance).toMatchObject({ provider: 'webgpu', fallback: 'cuda: device lost' });
  });

  test('memory for one session at a time: the others are closed before the GPU is left', async () => {
    const open = new Set<string>();
    const { log, run } = makeStore((what, { provider, path }) => {
      if (provider !== 'cuda') return;
      if (what === 'release') open.delete(path);
      else if (what === 'open' && open.size > 0) throw new Error('CUDA failure 2: out of memory');
      else open.add(path);
    });
    for (const member of [0, 1, 2, 0]) {
      expect((await run(member)).provenance).toMatchObject({ provider: 'cuda', fallback: null });
    }
    expect(log.slice(-4)).toEqual([
      'release b cuda',
      'open c cuda float32 8',
      'release c cuda',
      'open a cuda float32 8',
    ]);
  });

  test('too little memory on a GPU halves the batch, again and again, before it is left', async () => {
    const { log, run } = makeStore((what, { provider, batchSize }) => {
      const limit = provider === 'cuda' ? 2 : 0;
      if (what === 'run' && provider !== 'cpu' && batchSize > limit)
        throw new Error('Failed to allocate memory');
    });
    expect((await run(0)).provenance).toMatchObject({ provider: 'cuda', fallback: null });
    expect(log.filter((line) => line.startsWith('open'))).toEqual([
      'open a cuda float32 8',
      'open a cuda float32 4',
      'open a cuda float32 2',
    ]);
    const other = await run(0, { providers: ['webgpu'] });
    expect(other.provenance).toMatchObject({
      provider: 'cpu',
      fallback: 'webgpu: Failed to allocate memory',
    });
    expect(log.at(-1)).toBe('open a cpu float32 4');
  });

  test('each computes in a precision that it is good at', async () => {
    const { log, run } = makeStore(() => {}, { order: ['cpu'] });
    await run(0, { precision: 'float16' });
    await run(0, { precision: 'int8' });
    await run(0, { precision: 'int8', providers: ['cuda'] });
    await run(0, { precision: 'float16', providers: ['cuda'] });
    expect(log).toEqual([
      'open a cpu float32 4',
      'open a cpu int8 1',
      'open a cuda float32 8',
      'open a cuda float16 8',
    ]);
  });

  test('each runs the graph of the operators that it has, the CPU its own where it takes over', async () => {
    const { files, run } = makeStore((what, { provider }) => {
      if (what === 'run' && provider === 'webgpu') throw new Error('device lost');
    });
    for (const provider of providers) await run(0, { providers: [provider], precision: 'float16' });
    expect(files).toEqual([
      'a.float16.fused.onnx',
      'a.float16.fused.onnx',
      'a.float16.plain.onnx',
      ...['a.float16.fused.onnx', 'a.float32.cpu.onnx'],
    ]);
  });

  test('where even the CPU fails, the pack is to blame, by its name', async () => {
    const { run } = makeStore(
      () => {
        throw new Error('no\n kernel');
      },
      { order: ['cpu'] },
    );
    await expect(run(0)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringMatching(/“Mine”.*no kernel/),
    });
  });
});

describe('memory', () => {
  test('as many sessions are open as it holds; the one that was used longest ago goes first', async () => {
    const { log, run, store } = makeStore(() => {}, { budgetBytes: 250, order: ['cpu'] });
    for (const member of [0, 1, 0, 2, 0, 1]) await run(member);
    expect(log).toEqual([
      'open a cpu float32 4',
      'open b cpu float32 4',
      'release b cpu',
      'open c cpu float32 4',
      'release c cpu',
      'open b cpu float32 4',
    ]);
    await store.forget('/pack');
    expect(log.slice(-2)).toEqual(['release a cpu', 'release b cpu']);
  });

  test('a graph larger than all memory is opened alone', async () => {
    const { log, run } = makeStore(() => {}, { budgetBytes: 10, order: ['cpu'] });
    await run(0);
    await run(1);
    expect(log).toEqual(['open a cpu float32 4', 'release a cpu', 'open b cpu float32 4']);
  });
});

describe('a session', () => {
  const folder = makeTempFolder();

  test('runs as many together as its batch holds, and gives each its own outputs; a provider that is not there throws', async () => {
    const builder = new GraphBuilder('sum');
    const pixels = builder.input('pixels', 'float32', ['batch', 2]);
    const sum = builder.node('ReduceSum', [pixels, builder.ints('axes', [0, 1])], {
      attributes: { keepdims: { int: 0 } },
    });
    const ones = builder.node('Mul', [pixels, builder.scalar('nought', 0)]);
    builder.output(builder.node('Add', [ones, sum]), 'embedding', 'float32', ['batch', 2]);
    const path = join(folder, 'sum.onnx');
    writeFileSync(path, builder.build());
    const request = { path, weightsFolder: null, role: 'image', precision: 'float32', batchSize: 3 } as const;
    const sample: Inputs = { pixels: { data: Float32Array.of(1, 2), shape: [2] } };
    await expect(openSession({ ...request, provider: 'dml' }, sample)).rejects.toThrow();
    // The CPU runs what there is: two images, then one; every value of a batch is the batch's sum.
    const session = await openSession({ ...request, provider: 'cpu', batchSize: 2 }, sample);
    const outputs = await session.run([sample, sample, sample]);
    expect(outputs.map(({ embedding }) => [...embedding!])).toEqual([
      [6, 6],
      [6, 6],
      [3, 3],
    ]);
    await session.release();
  });

  test('that has one size of batch for ever gets what is missing as zeros, and nobody gets their outputs', async () => {
    const seen: number[][] = [];
    const session = {
      async run(feeds: Record<string, Tensor>) {
        const data = feeds['pixels']!.data as Float32Array;
        seen.push([...feeds['pixels']!.dims, ...data]);
        return {
          embedding: new Tensor(
            'float32',
            data.map((value) => value * 10),
            [4, 1],
          ),
        };
      },
    };
    const items = [1, 2, 3, 4, 5].map(
      (value): Inputs => ({ pixels: { data: Float32Array.of(value), shape: [1] } }),
    );
    const outputs = await runBatches(session as unknown as InferenceSession, items, {
      batchSize: 4,
      isPadded: true,
    });
    expect(seen).toEqual([
      [4, 1, 1, 2, 3, 4],
      [4, 1, 5, 0, 0, 0],
    ]);
    expect(outputs.map(({ embedding }) => [...embedding!])).toEqual([[10], [20], [30], [40], [50]]);
  });
});
