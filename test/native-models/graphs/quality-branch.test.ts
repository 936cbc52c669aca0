/** SF-IQA's quality branch as a graph: a float64 reference on a small one, the official code's numbers at true size. */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Lowering } from '../../../contract/pack.ts';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import { drawQualityBranch } from '../../../native-models/graphs/quality-branch.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';
import { openGraph, writeWeights } from './run-graph.ts';
import { referenceQuality } from './swin-reference.ts';
import {
  feedPixels,
  joinPixels,
  largestDifference,
  makePixels,
  makeQualityWeights,
  smallQuality,
} from './swin-weights.ts';

const folder = makeTempFolder();

describe('a small branch with weights by the formula', () => {
  const size = smallQuality.backbone.imageSize;
  const images = ['one', 'two', 'three', 'four'].map((name) => makePixels(name, size));
  const weights = makeQualityWeights(smallQuality);
  let path: string;
  beforeAll(async () => {
    path = join(folder, 'small.safetensors');
    await writeWeights(path, weights);
  });

  test.each(Lowering.options)(
    'gives the reference’s Q and feature within 1e-5, lowering: %s',
    async (lowering) => {
      const byName = new Map(weights.map(({ name, make }) => [name, make()]));
      const run = await openGraph(path, (draft) => drawQualityBranch(draft, smallQuality), { lowering });
      const out = await run(feedPixels(images, size));
      images.forEach((image, at) => {
        const { q, feature } = referenceQuality(image, (name) => byName.get(name)!, smallQuality);
        const got = out['feature']!.subarray(at * feature.length, (at + 1) * feature.length);
        expect(Math.abs(out['q']![at]! - q)).toBeLessThan(1e-5);
        expect(largestDifference(got, feature)).toBeLessThan(1e-5);
      });
    },
  );

  test.each([
    { lowering: 'cpu', isMapped: false },
    { lowering: 'cpu', isMapped: true },
    { lowering: 'plain', isMapped: false },
  ] as const)('gives the same bits in batches of 1 to 4 and with 1 to 3 threads, %o', async (options) => {
    const alone: { q: number; feature: Float32Array }[] = [];
    for (const threads of [1, 2, 3]) {
      const run = await openGraph(path, (draft) => drawQualityBranch(draft, smallQuality), {
        ...options,
        threads,
      });
      for (const batch of [1, 2, 3, 4]) {
        const { q, feature } = await run(feedPixels(images.slice(0, batch), size));
        const length = feature!.length / batch;
        for (let at = 0; at < batch; at += 1) {
          const got = { q: q![at]!, feature: feature!.slice(at * length, (at + 1) * length) };
          alone[at] ??= got;
          expect(got).toEqual(alone[at]);
        }
      }
    }
  });

  test('Q is linear in the feature by fc, as heads of one’s own assume', async () => {
    const run = await openGraph(path, (draft) => drawQualityBranch(draft, smallQuality));
    const { q, feature } = await run(feedPixels([images[2]!], size));
    const fc = formulaTensor('fc.weight', [1, feature!.length]);
    const sum = feature!.reduce((all, value, at) => all + value * fc[at]!, formulaTensor('fc.bias', [1])[0]!);
    expect(q![0]).toBeCloseTo(sum, 5);
  });

  test.each(['int8', 'float16'] as const)('%s changes Q by less than 0.05', async (precision) => {
    const draw = (draft: Parameters<typeof drawQualityBranch>[0]) => drawQualityBranch(draft, smallQuality);
    const [exact, rounded] = [await openGraph(path, draw), await openGraph(path, draw, { precision })];
    for (const image of images) {
      const [{ q }, other] = [
        await exact(feedPixels([image], size)),
        await rounded(feedPixels([image], size)),
      ];
      expect(other['q']).not.toEqual(q);
      expect(Math.abs(other['q']![0]! - q![0]!)).toBeLessThan(0.05);
    }
  });
});

interface Layer {
  name: string;
  shape: number[];
  std: number;
  idx: number[];
  val: number[];
}
interface Case {
  input: { kind: string; name: string };
  Q: number;
  layers: Layer[];
}

/** The goldens' formula inputs, [1, 3, 256, 256] (README, “Formula inputs”). */
function makeInput(name: string): Float32Array {
  const side = 256;
  if (name === 'noise0')
    return formulaTensor('input.noise0', [1, 3, side, side], { base: 0, amplitude: 1.7 });
  const blocks = formulaTensor('input.blocks', [3, 8, 8], { base: 0, amplitude: 1 });
  return Float32Array.from({ length: 3 * side * side }, (_, at) => {
    const [c, y, x] = [Math.floor(at / (side * side)), Math.floor(at / side) % side, at % side];
    if (name === 'ramp0') return 2 * (((x * (c + 1) + 2 * y + 17 * c) % 256) / 128 - 1);
    return name === 'zeros' ? 0 : 2 * blocks[(c * 8 + Math.floor(y / 32)) * 8 + Math.floor(x / 32)]!;
  });
}

/** How the graph calls what the goldens call `name`; null where it has no such value. */
function outputOf(name: string): string | null {
  if (name === 'fc (= Q)') return 'q';
  // The encoder's output as a map is its last layer's, transposed.
  if (name === 'transformer') return null;
  const pooled = /^avg\d\((L2pooling_l\d|transformer|layer4)( view)?\)$/.exec(name);
  return `tap ${pooled === null ? name.split(' ')[0] : `avg(${pooled[1]})`}`;
}

describe.skipIf(!hasShared)('the released size (../shared/golden/public/quality)', () => {
  const cases = hasShared
    ? readSharedJson<{ cases: Case[] }>('golden/public/quality/cases.json').cases.filter(
        ({ input }) => input.kind === 'formula',
      )
    : [];
  let path: string;
  beforeAll(async () => {
    const { groups } = readSharedJson<{
      groups: { quality: { key: string; shape: number[]; role: string }[] };
    }>('golden/state_dict_shapes.json');
    path = join(folder, 'quality.safetensors');
    await writeWeights(
      path,
      groups.quality
        .filter(({ role }) => role !== 'ignorable_buffer')
        .map(({ key, shape }) => ({ name: key, shape, make: () => formulaTensor(key, shape) })),
    );
  });

  test.each(Lowering.options)(
    'every stage within 1e-3 of its SD and Q within 5e-5 of the official code’s, lowering: %s',
    async (lowering) => {
      const run = await openGraph(path, drawQualityBranch, { lowering, isTapped: true });
      for (const { input, Q, layers } of lowering === 'cpu' ? cases : cases.slice(0, 1)) {
        const out = await run(feedPixels([makeInput(input.name)], 256));
        expect(Math.abs(out['q']![0]! - Q), input.name).toBeLessThan(5e-5);
        expect(layers).toHaveLength(30);
        for (const { name, shape, std, idx, val } of layers) {
          const output = outputOf(name);
          if (output === null) continue;
          const values = out[output]!;
          expect(values, name).toHaveLength(shape.reduce((product, size) => product * size, 1));
          const worst = Math.max(...idx.map((index, at) => Math.abs(values[index]! - val[at]!)));
          // A single number has no SD.
          expect(worst, `${input.name}: ${name}`).toBeLessThan(1e-3 * (std || 1));
        }
      }
      await run.release();
    },
  );

  test('the same bits alone with one thread as in a batch of 4 with two', async () => {
    const images = cases.map(({ input }) => makeInput(input.name));
    const alone = await openGraph(path, drawQualityBranch, { threads: 1 });
    const each: Record<string, Float32Array>[] = [];
    for (const image of images) each.push(await alone(feedPixels([image], 256)));
    await alone.release();
    const run = await openGraph(path, drawQualityBranch, { threads: 2 });
    const together = await run(feedPixels(images, 256));
    await run.release();
    for (const output of ['q', 'feature']) {
      expect(together[output]).toEqual(joinPixels(each.map((result) => result[output]!)));
    }
  });

  // These untrained weights make the most of every rounding: over the goldens' images Q has an SD of 0.17.
  test.each([
    { precision: 'int8', bound: 0.05 },
    { precision: 'float16', bound: 0.01 },
  ] as const)('$precision: |ΔQ| below $bound', async ({ precision, bound }) => {
    const run = await openGraph(path, drawQualityBranch, { precision });
    for (const { input, Q } of cases.slice(0, 2)) {
      const { q } = await run(feedPixels([makeInput(input.name)], 256));
      expect(Math.abs(q![0]! - Q), input.name).toBeLessThan(bound);
    }
    await run.release();
  });
});
