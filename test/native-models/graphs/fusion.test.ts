/** The fusion network as a graph: the official module's P, and the paper's two-layer form. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import {
  drawFusion,
  type FusionConfig,
  paperFusion,
  releasedFusion,
} from '../../../native-models/graphs/fusion.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';
import { type Graph, openGraph, writeWeights } from './run-graph.ts';

const folder = makeTempFolder();

async function openFusion(config: FusionConfig): Promise<Graph> {
  let inputs = 2;
  const tensors = config.layers.flatMap(({ name, out }) => {
    const layer = [
      { name: `${name}.weight`, shape: [out, inputs] },
      { name: `${name}.bias`, shape: [out] },
    ];
    inputs = out;
    return layer;
  });
  const path = join(folder, `${config.layers.length}.safetensors`);
  await writeWeights(
    path,
    tensors.map(({ name, shape }) => ({ name, shape, make: () => formulaTensor(name, shape) })),
  );
  return openGraph(path, (draft) => drawFusion(draft, config));
}

async function fuse(run: Graph, q: readonly number[], s: readonly number[]): Promise<number[]> {
  const shape = [q.length];
  const { p } = await run({
    q: { data: Float32Array.from(q), shape },
    s: { data: Float32Array.from(s), shape },
  });
  return [...p!];
}

const q = [0.74, -1.3, 1.1];
const s = [4.2, -6.8, 0.05];

test('the paper’s form is W₂ ReLU(W₁ [Q, S] + b₁) + b₂, within 1e-6', async () => {
  const got = await fuse(await openFusion(paperFusion(7)), q, s);
  const [w1, b1] = [
    formulaTensor('ScoreModel.fc1.weight', [7, 2]),
    formulaTensor('ScoreModel.fc1.bias', [7]),
  ];
  const [w2, b2] = [
    formulaTensor('ScoreModel.fc2.weight', [1, 7]),
    formulaTensor('ScoreModel.fc2.bias', [1]),
  ];
  got.forEach((p, at) => {
    const z = Array.from(b1, (bias, unit) =>
      Math.max(0, w1[2 * unit]! * q[at]! + w1[2 * unit + 1]! * s[at]! + bias),
    );
    expect(p).toBeCloseTo(
      z.reduce((sum, value, unit) => sum + w2[unit]! * value, b2[0]!),
      6,
    );
  });
});

test('one image gets the same bits alone as in a batch', async () => {
  const run = await openFusion(releasedFusion);
  const together = await fuse(run, q, s);
  for (const [at, p] of together.entries()) expect(await fuse(run, [q[at]!], [s[at]!])).toEqual([p]);
});

describe.skipIf(!hasShared)('the official module (../shared/golden/public/fusion)', () => {
  test('gives the official P for every Q and S, within 1e-5', async () => {
    const { cases } = readSharedJson<{ cases: { Q: number; S: number; P: number }[] }>(
      'golden/public/fusion/cases.json',
    );
    const run = await openFusion(releasedFusion);
    const got = await fuse(
      run,
      cases.map(({ Q }) => Q),
      cases.map(({ S }) => S),
    );
    expect(cases.length).toBeGreaterThan(5);
    cases.forEach(({ P }, at) => {
      expect(Math.abs(got[at]! - P)).toBeLessThan(1e-5);
    });
  });
});
