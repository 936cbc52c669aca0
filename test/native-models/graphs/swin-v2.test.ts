/** SwinV2 as a graph: timm's numbers on its tiny network, a float64 reference on one of our own. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Lowering } from '../../../contract/pack.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { readTensor } from '../../../native-models/checkpoints/read-tensor.ts';
import { drawSwinV2, planSwinV2, type SwinV2Config } from '../../../native-models/graphs/swin-v2.ts';
import { WeightPlan } from '../../../native-models/graphs/weight-plan.ts';
import { hasShared, sharedPath } from '../../support/shared.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';
import { type Graph, openGraph, writeWeights } from './run-graph.ts';
import { referenceSwinV2 } from './swin-reference.ts';
import {
  deviation,
  feedPixels,
  joinPixels,
  largestDifference,
  makePixels,
  makeSwinWeights,
  smallSwin,
} from './swin-weights.ts';

const folder = makeTempFolder();

describe('a small network with weights by the formula', () => {
  const weights = makeSwinWeights(smallSwin, 5);
  const byName = new Map(weights.map(({ name, make }) => [name, make()]));
  const images = ['one', 'two', 'three'].map((name) => makePixels(name, smallSwin.imageSize));
  let path: string;
  beforeAll(async () => {
    path = join(folder, 'small.safetensors');
    await writeWeights(path, weights);
  });

  test.each(Lowering.options)(
    'gives the reference’s numbers after every block, lowering: %s',
    async (lowering) => {
      const run = await openGraph(path, (draft) => drawSwinV2(draft, smallSwin, 5), {
        lowering,
        isTapped: true,
      });
      const out = await run(feedPixels([images[0]!], smallSwin.imageSize));
      const seen: string[] = [];
      referenceSwinV2(images[0]!, (name) => byName.get(name)!, smallSwin, {
        show: (name, grid) => {
          seen.push(name);
          const expected = grid.flat();
          const worst = largestDifference(out[`tap ${name}`]!, expected) / deviation(expected);
          expect(worst, name).toBeLessThan(1e-4);
        },
      });
      expect(seen).toHaveLength(8);
      expect(out['logits']).toHaveLength(5);
    },
  );

  test('gives the same bits in any batch, with any threads, pre-packed or mapped', async () => {
    for (const isMapped of [false, true]) {
      const graphs: Graph[] = [];
      for (const threads of [1, 2]) {
        graphs.push(await openGraph(path, (draft) => drawSwinV2(draft, smallSwin, 5), { threads, isMapped }));
      }
      const alone = await Promise.all(
        images.map((image) => graphs[0]!(feedPixels([image], smallSwin.imageSize))),
      );
      for (const run of graphs) {
        const together = await run(feedPixels(images, smallSwin.imageSize));
        for (const output of ['feature', 'logits']) {
          expect(together[output]).toEqual(joinPixels(alone.map((result) => result[output]!)));
        }
      }
    }
  });

  test('can do without its classifier', async () => {
    const run = await openGraph(path, (draft) => drawSwinV2(draft, smallSwin, null));
    expect(Object.keys(await run(feedPixels([images[0]!], smallSwin.imageSize)))).toEqual(['feature']);
  });

  test('is the same network under the names of timm 0.9 and later', async () => {
    const later = join(folder, 'later.safetensors');
    const renamed = weights.map((weight) => ({
      ...weight,
      name: weight.name
        .replace(/layers\.(\d)\.downsample/, (_, stage: string) => `layers.${Number(stage) + 1}.downsample`)
        .replace(/^head\./, 'head.fc.'),
    }));
    await writeWeights(later, renamed);
    const [first, second] = await Promise.all(
      [path, later].map((file) => openGraph(file, (draft) => drawSwinV2(draft, smallSwin, 5))),
    );
    const pixels = feedPixels([images[1]!], smallSwin.imageSize);
    expect(await second!(pixels)).toEqual(await first!(pixels));
  });

  test.each([
    ['layers.1.blocks.0.attn.proj.weight', undefined, 'no tensor “layers.1.blocks.0.attn.proj.weight”'],
    ['layers.0.downsample.reduction.weight', undefined, 'no tensor “layers.0.downsample.reduction.weight”'],
    ['layers.0.blocks.1.attn.q_bias', [9], 'has the shape [9]; this architecture needs [8]'],
    [
      'layers.2.blocks.0.attn.cpb_mlp.2.weight',
      [3, 512],
      'has the shape [3,512]; this architecture needs [4,512]',
    ],
    ['patch_embed.proj.weight', [8, 3, 2, 8], 'has the shape [8,3,2,8]; this architecture needs [8,3,4,4]'],
  ])('names the tensor that is wrong: %s', async (name, shape, message) => {
    const wrong = join(folder, 'wrong.safetensors');
    const others = weights.filter((weight) => weight.name !== name);
    const replaced = shape && { name, shape, make: () => new Float32Array(shape.reduce((a, b) => a * b)) };
    await writeWeights(wrong, replaced === undefined ? others : [...others, replaced]);
    await expect(openGraph(wrong, (draft) => drawSwinV2(draft, smallSwin, 5))).rejects.toMatchObject({
      code: 'checkpointInvalid',
      message: expect.stringContaining(message),
    });
  });

  test('a window that does not tile the image is refused before anything is computed', async () => {
    const plan = new WeightPlan({
      checkpoint: await openCheckpoint(path),
      ...{ prefix: '', nameOf: (file: string) => file, convertedFile: '' },
    });
    await expect(planSwinV2(plan, { ...smallSwin, window: 3 })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('the grid of stage 1 has 8 tokens a side'),
    });
  });
});

describe.skipIf(!hasShared)('timm’s tiny network (../shared/golden/public/tiny/tiny_swinv2)', () => {
  const config: SwinV2Config = {
    imageSize: 128,
    patchSize: 4,
    channels: 16,
    depths: [2, 2, 2, 2],
    heads: [1, 2, 4, 8],
    window: 8,
    mlpRatio: 4,
  };
  const golden = 'golden/public/tiny/tiny_swinv2';

  // Where there is no float64, the last stage has the noise of float32, as timm's own has (docs/decisions/0011).
  test.each([
    { lowering: 'cpu', last: 1e-3 },
    { lowering: 'fused', last: 2e-3 },
    { lowering: 'plain', last: 2e-3 },
  ] as const)(
    'gives timm’s numbers within 1e-3 of their SD in every stage; in the last one within $last by $lowering operators',
    async ({ lowering, last }) => {
      const path = join(folder, 'tiny.safetensors');
      copyFileSync(sharedPath(`${golden}/model.safetensors`), path);
      const expected = await openCheckpoint(sharedPath(`${golden}/expected.safetensors`));
      const run = await openGraph(path, (draft) => drawSwinV2(draft, config, 10), {
        lowering,
        isTapped: true,
      });
      let compared = 0;
      for (const input of ['in0', 'in1', 'in2']) {
        const out = await run(feedPixels([makePixels(`tiny_swinv2.${input}`, 128)], 128));
        for (const [output, values] of Object.entries(out)) {
          const name = output.replace('tap ', '');
          const entry = expected.tensors.get(`${input}/${name}`);
          if (entry === undefined) continue;
          const numbers = await readTensor(entry);
          const isLast = name.startsWith('layers.3') || name === 'norm';
          const limit = name === 'patch_embed' ? 1e-5 : isLast ? last : 1e-3;
          expect(largestDifference(values, numbers) / deviation(numbers), `${input} ${name}`).toBeLessThan(
            limit,
          );
          compared += 1;
        }
      }
      expect(compared).toBe([...expected.tensors.keys()].filter((name) => name.startsWith('in')).length);
    },
  );

  test('is nearer to a float64 run of the network than timm’s own float32 is where that is far from it', async () => {
    const path = join(folder, 'nearer.safetensors');
    copyFileSync(sharedPath(`${golden}/model.safetensors`), path);
    const { tensors } = await openCheckpoint(path);
    const weights = new Map<string, Float32Array>();
    for (const [name, entry] of tensors)
      if (entry.dtype === 'float32') weights.set(name, await readTensor(entry));
    const timm = await openCheckpoint(sharedPath(`${golden}/expected.safetensors`));
    const run = await openGraph(path, (draft) => drawSwinV2(draft, config, 10), { isTapped: true });
    const pixels = makePixels('tiny_swinv2.in0', 128);
    const out = await run(feedPixels([pixels], 128));
    const last = referenceSwinV2(pixels, (name) => weights.get(name)!, config)
      .at(-1)!
      .flat();
    const errorOf = (values: ArrayLike<number>) => largestDifference(values, last) / deviation(last);
    const ours = errorOf(out['tap layers.3']!);
    expect(ours).toBeLessThan(8e-4);
    expect(ours).toBeLessThan(errorOf(await readTensor(timm.tensors.get('in0/layers.3')!)));
  });
});
