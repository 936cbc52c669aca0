/** Graphs as the runtime loads them: names, constants, weights in a file, several outputs of a node. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../native-models/graphs/graph-builder.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();

async function runGraph(graph: GraphBuilder, x: readonly number[]): Promise<Record<string, number[]>> {
  const path = join(folder, 'graph.onnx');
  writeFileSync(path, graph.build({ author: 'test' }));
  const session = await InferenceSession.create(path);
  const results = await session.run({ x: new Tensor('float32', Float32Array.from(x), [x.length]) });
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array)]),
  );
}

describe('values', () => {
  test('are called by their scopes, and get a number where a name is taken', () => {
    const graph = new GraphBuilder('names');
    const x = graph.input('x', 'float32', ['n']);
    const names = graph.scope('block', () =>
      graph.scope('mlp', () => [graph.node('Relu', [x]), graph.node('Relu', [x]), graph.scalar('half', 0.5)]),
    );
    expect([x, ...names]).toEqual(['x', 'block/mlp/Relu', 'block/mlp/Relu_2', 'block/mlp/half']);
    expect(graph.node('Relu', [x], { name: 'outside' })).toBe('outside');
  });

  test('leave a scope even when drawing in it fails', () => {
    const graph = new GraphBuilder('failing');
    expect(() =>
      graph.scope('inner', () => {
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(graph.scalar('one', 1)).toBe('one');
  });

  test('cannot be given out under a name that is taken', () => {
    const graph = new GraphBuilder('clash');
    const x = graph.input('x', 'float32', ['n']);
    const y = graph.node('Relu', [x], { name: 'y' });
    expect(() => graph.output(y, 'y', 'float32', ['n'])).toThrow('Two values of the graph are called y.');
  });

  test('of a constant must fill its shape', () => {
    const graph = new GraphBuilder('short');
    expect(() => graph.constant('c', Float32Array.of(1, 2, 3), [2, 2])).toThrow(
      'The constant c has 3 elements for shape [2,2].',
    );
  });
});

describe('the runtime', () => {
  test('reads a weight from the middle of a file, once, however often it is used', async () => {
    const bytes = Buffer.alloc(64 + 12);
    [10, 20, 30].forEach((value, at) => {
      bytes.writeFloatLE(value, 64 + 4 * at);
    });
    writeFileSync(join(folder, 'weights.bin'), bytes);
    const graph = new GraphBuilder('external');
    const x = graph.input('x', 'float32', [3]);
    const place = { type: 'float32', shape: [3], file: 'weights.bin', offset: 64, byteLength: 12 } as const;
    const [first, second] = [graph.weight('w', place), graph.weight('w', place)];
    expect(first).toBe(second);
    const sum = graph.node('Add', [graph.node('Mul', [x, first]), second]);
    graph.output(sum, 'y', 'float32', [3]);
    expect(await runGraph(graph, [1, 2, 3])).toEqual({ y: [20, 60, 120] });
  });

  test('takes attributes of every kind, inputs left out and several outputs', async () => {
    const graph = new GraphBuilder('attributes');
    const x = graph.input('x', 'float32', ['n']);
    const [head, tail] = graph.nodes('Split', [x, graph.ints('sizes', [1, 3])], 2, {
      attributes: { axis: { int: 0 } },
    });
    const clipped = graph.node('Clip', [tail!, null, graph.scalar('most', 2)]);
    const row = graph.node('Reshape', [clipped, graph.ints('row', [1, 3])]);
    const turned = graph.node('Transpose', [row], { attributes: { perm: { ints: [1, 0] } } });
    const flat = graph.node('Reshape', [turned, graph.ints('flat', [-1])]);
    const leaky = graph.node('LeakyRelu', [head!], { attributes: { alpha: { float: 0.25 } } });
    const gelu = graph.node('Gelu', [head!], { attributes: { approximate: { string: 'none' } } });
    graph.output(flat, 'clipped', 'float32', [3]);
    graph.output(leaky, 'leaky', 'float32', [1]);
    graph.output(gelu, 'gelu', 'float32', [1]);
    const { clipped: first, leaky: second, gelu: third } = await runGraph(graph, [-4, 1, 2, 3]);
    expect(first).toEqual([1, 2, 2]);
    expect(second).toEqual([-1]);
    // −4 Φ(−4) = −1.2668e-4.
    expect(third![0]).toBeCloseTo(-1.2668e-4, 7);
  });
});
