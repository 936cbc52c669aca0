import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import type { ClipConfig } from '../../../native-models/graphs/clip-config.ts';
import {
  addClipText,
  cutPrompt,
  pooledPosition,
  readLogitScale,
} from '../../../native-models/graphs/clip-text.ts';
import { addClipVision } from '../../../native-models/graphs/clip-vision.ts';
import type { Activation, Draft } from '../../../native-models/graphs/layers.ts';
import { clipShapes } from '../../../scripts/support/untrained-shapes.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';
import { referenceImage, referenceText } from './clip-reference.ts';
import { type GraphOptions, openGraph, writeWeights } from './run-graph.ts';

/** Products longer than the runtime's blocks of 128, and a single row a prompt or image: what bits could depend on. */
function makeConfig(activation: Activation): ClipConfig {
  return {
    projection: 192,
    vision: {
      ...{ hidden: 192, intermediate: 384, layers: 2, heads: 2, activation },
      ...{ imageSize: 28, patchSize: 7 },
    },
    text: {
      ...{ hidden: 256, intermediate: 320, layers: 2, heads: 4, activation },
      ...{ vocabulary: 60, positions: 12, eosTokenId: 2 },
    },
  };
}
const config = makeConfig('gelu');
const prompts = [
  [58, 3, 14, 15, 9, 59],
  [58, 26, 53, 5, 8, 59],
  [58, 59, 7, 7, 7, 7],
];
const pixels = formulaTensor('pixels', [3, 3, 28, 28], { base: 0, amplitude: 1.7 });
const pixelCount = pixels.length / 3;

const weights = new Map(clipShapes(config).map(([name, shape]) => [name, formulaTensor(name, shape)]));
const folder = makeTempFolder();
const path = join(folder, 'model.safetensors');

beforeAll(async () => {
  await writeClip(path, () => true);
});

async function writeClip(to: string, isKept: (name: string) => boolean): Promise<void> {
  const kept = clipShapes(config).filter(([name]) => isKept(name));
  await writeWeights(
    to,
    kept.map(([name, shape]) => ({ name, shape, make: () => weights.get(name)! })),
  );
}

type Embed = (count: number) => Promise<Float32Array>;

async function openImages(options: GraphOptions = {}, of: ClipConfig = config): Promise<Embed> {
  const run = await openGraph(path, (draft) => addClipVision(draft, of), options);
  return async (count) => {
    const data = pixels.slice(0, count * pixelCount);
    return (await run({ pixels: { data, shape: [count, 3, 28, 28] } }))['embedding']!;
  };
}

async function openTexts(options: GraphOptions = {}, of: ClipConfig = config): Promise<Embed> {
  const run = await openGraph(path, (draft) => addClipText(draft, of), options);
  return async (count) => {
    const some = prompts.slice(0, count);
    const positions = some.map((ids) => BigInt(pooledPosition(ids, 2)));
    const results = await run({
      ids: { data: BigInt64Array.from(some.flat(), BigInt), shape: [count, 6] },
      position: { data: BigInt64Array.from(positions), shape: [count] },
    });
    return results['embedding']!;
  };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0);
}

describe.each(['gelu', 'quick_gelu'] as const)('CLIP with %s, against a float64 reference', (activation) => {
  const own = makeConfig(activation);
  const weightOf = (name: string) => weights.get(name)!;
  const images = [0, 1, 2].map((at) =>
    referenceImage(pixels.subarray(at * pixelCount, (at + 1) * pixelCount), weightOf, own),
  );
  const texts = prompts.map((ids) => referenceText(ids, pooledPosition(ids, 2), weightOf, own));

  test.each(['fused', 'plain'] as const)(
    'images and prompts within 1e-6 (lowering: %s)',
    async (lowering) => {
      const gotImages = await (await openImages({ lowering }, own))(3);
      const gotTexts = await (await openTexts({ lowering }, own))(3);
      expect(
        largestDifference(
          gotImages,
          images.flatMap((one) => [...one]),
        ),
      ).toBeLessThan(1e-6);
      expect(
        largestDifference(
          gotTexts,
          texts.flatMap((one) => [...one]),
        ),
      ).toBeLessThan(1e-6);
    },
  );

  test.each([
    ['float16', 0.999_999],
    ['int8', 0.999],
  ] as const)('%s stays within a cosine of %f', async (precision, least) => {
    const gotImage = await (await openImages({ precision }, own))(1);
    const gotText = await (await openTexts({ precision }, own))(1);
    expect(cosine(gotImage, images[0]!)).toBeGreaterThan(least);
    expect(cosine(gotText, texts[0]!)).toBeGreaterThan(least);
    expect(cosine(gotImage, images[1]!), 'the inputs differ more than the precisions').toBeLessThan(least);
    expect(cosine(gotText, texts[1]!), 'the inputs differ more than the precisions').toBeLessThan(least);
  });
});

describe('bits', () => {
  /** How the first input's embeddings come out in batches of these sizes under these settings. */
  async function collectBits(settings: GraphOptions[], batches: number[]): Promise<Set<string>> {
    const seen = new Set<string>();
    for (const options of settings) {
      const towers = [await openImages(options), await openTexts(options)];
      for (const batch of batches) {
        const firsts = await Promise.all(towers.map((embed) => embed(batch)));
        seen.add(firsts.map((one) => one.subarray(0, config.projection).join()).join(' | '));
      }
    }
    return seen;
  }

  test.each(['fused', 'plain'] as const)(
    'float32 embeddings do not depend on batch or threads (lowering: %s)',
    async (lowering) => {
      const packed = [1, 2, 4].map((threads) => ({ threads, lowering }));
      expect((await collectBits(packed, [1, 2, 3])).size).toBe(1);
      // Mapped matrices are multiplied in blocks whose size depends on a thread's share where that is below 80 columns.
      const mapped = [1, 2].map((threads) => ({ threads, lowering, isMapped: true }));
      expect((await collectBits(mapped, [1, 2, 3])).size).toBe(1);
    },
  );

  test('int8 embeddings, one at a time, do not depend on threads', async () => {
    const settings = [1, 2, 4].map((threads) => ({ threads, precision: 'int8' as const }));
    expect((await collectBits(settings, [1])).size).toBe(1);
  });
});

describe('pooling', () => {
  test('the legacy end token 2 pools at the first largest id', () => {
    expect(pooledPosition([58, 3, 59, 4, 59], 2)).toBe(2);
    expect(pooledPosition([58, 2, 7], 2)).toBe(0);
  });

  test('any other end token pools where it first stands, and at 0 where it does not', () => {
    expect(pooledPosition([58, 3, 33, 59, 33], 33)).toBe(2);
    expect(pooledPosition([58, 3, 59], 33)).toBe(0);
  });

  test('a prompt is cut behind its pooled token, which changes its embedding by rounding only', async () => {
    const ids = [58, 3, 59, 4, 59, 12];
    const cut = cutPrompt(ids, config.text);
    expect(cut).toEqual({ ids: BigInt64Array.of(58n, 3n, 59n), position: 2 });
    const run = await openGraph(path, (draft) => addClipText(draft, config));
    const [whole, short] = await Promise.all(
      [BigInt64Array.from(ids, BigInt), cut.ids].map((data) =>
        run({
          ids: { data, shape: [1, data.length] },
          position: { data: BigInt64Array.of(2n), shape: [1] },
        }),
      ),
    );
    expect(largestDifference(whole!['embedding']!, short!['embedding']!)).toBeLessThan(1e-6);
  });

  test('two tokens stay where the first is pooled', () => {
    expect(cutPrompt([58, 3, 4], { ...config.text, eosTokenId: 33 })).toEqual({
      ids: BigInt64Array.of(58n, 3n),
      position: 0,
    });
  });

  test.each([
    ['one token', [58], /2 to 12 tokens/],
    ['more tokens than positions', Array.from({ length: 13 }, () => 1), /this one has 13/],
    ['a token the model does not know', [58, 60], /0 to 59, this prompt has 60/],
  ])('%s is refused', (_, ids, message) => {
    expect(() => cutPrompt(ids, config.text)).toThrow(
      expect.objectContaining({ code: 'badInput', message: expect.stringMatching(message) }),
    );
  });
});

describe('weights', () => {
  const towers: [string, (draft: Draft) => void][] = [
    ['vision', (draft) => addClipVision(draft, config)],
    ['text', (draft) => addClipText(draft, config)],
  ];

  test('float32 reads every tensor where it lies and copies none', async () => {
    const used = new Set<string>();
    for (const [, draw] of towers) {
      await openGraph(path, (draft) => {
        draw(draft);
        expect(draft.weights.planned).toEqual([]);
        for (const name of draft.weights.used) used.add(name);
      });
    }
    const all = clipShapes(config).map(([name]) => name);
    expect([...used].sort()).toEqual(all.filter((name) => name !== 'logit_scale').sort());
  });

  test('exp(logit_scale) is read from the checkpoint as float32', async () => {
    let scale = 0;
    await openGraph(path, async (draft) => {
      addClipVision(draft, config);
      scale = await readLogitScale(draft.weights);
    });
    expect(scale).toBe(Math.fround(Math.exp(weights.get('logit_scale')![0]!)));
  });

  test.each(towers)('a tensor that the %s tower lacks is named', async (tower, draw) => {
    const missing = `${tower}_model.encoder.layers.1.self_attn.k_proj.weight`;
    const damaged = join(folder, `without-${tower}.safetensors`);
    await writeClip(damaged, (name) => name !== missing);
    await expect(openGraph(damaged, draw)).rejects.toMatchObject({
      code: 'checkpointInvalid',
      details: { tensor: missing },
    });
  });

  test('a tensor of another shape is named with both shapes', async () => {
    const wider = { ...config, text: { ...config.text, vocabulary: 61 } };
    await expect(openGraph(path, (draft) => addClipText(draft, wider))).rejects.toThrow(
      /token_embedding\.weight.*\[60,256\].*\[61,256\]/,
    );
  });
});
