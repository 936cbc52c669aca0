/** SwinV2 and CLIP of sizes that nobody publishes: stages and embeddings against recorded numbers of PyTorch (test/fixtures/architectures.json). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import type { ClipConfig } from '../../../native-models/graphs/clip-config.ts';
import { addClipText, cutPrompt } from '../../../native-models/graphs/clip-text.ts';
import { addClipVision } from '../../../native-models/graphs/clip-vision.ts';
import { drawSwinV2, type SwinV2Config } from '../../../native-models/graphs/swin-v2.ts';
import { clipShapes } from '../../../scripts/support/untrained-shapes.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';
import { openGraph, writeWeights } from './run-graph.ts';
import { feedPixels, largestDifference, makePixels, makeSwinWeights } from './swin-weights.ts';

interface Sweep {
  swin: {
    what: string;
    config: SwinV2Config;
    stages: Record<string, { sd: number; idx: number[]; val: number[] }>;
  }[];
  clip: {
    what: string;
    config: ClipConfig;
    images: number[][];
    texts: { ids: number[]; embedding: number[] }[];
  }[];
}

const sweep: Sweep = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/architectures.json'), 'utf8'),
);
const folder = makeTempFolder();

describe('SwinV2', () => {
  test.each(sweep.swin)('$what: every stage within 1e-3 of its SD', async ({ config, stages }) => {
    const path = join(folder, 'swin.safetensors');
    await writeWeights(path, makeSwinWeights(config, 5));
    const run = await openGraph(path, (draft) => drawSwinV2(draft, config, 5), { isTapped: true });
    const out = await run(feedPixels([makePixels('pixels', config.imageSize)], config.imageSize));
    for (const [name, { sd, idx, val }] of Object.entries(stages)) {
      const values = out[name] ?? out[`tap ${name}`]!;
      const picked = idx.map((at) => values[at]!);
      expect(largestDifference(picked, val) / sd, name).toBeLessThan(1e-3);
    }
  });
});

describe.each(['fused', 'plain'] as const)('CLIP, lowering: %s', (lowering) => {
  test.each(sweep.clip)('$what: embeddings within 2e-6', async ({ config, images, texts }) => {
    const path = join(folder, 'clip.safetensors');
    const weights = clipShapes(config).map(([name, shape]) => ({
      ...{ name, shape },
      make: () => formulaTensor(name, shape),
    }));
    await writeWeights(path, weights);
    const vision = await openGraph(path, (draft) => addClipVision(draft, config), { lowering });
    const size = config.vision.imageSize;
    const pixels = ['one', 'two'].map((name) => makePixels(name, size));
    expect(
      largestDifference((await vision(feedPixels(pixels, size)))['embedding']!, images.flat()),
    ).toBeLessThan(2e-6);
    const text = await openGraph(path, (draft) => addClipText(draft, config), { lowering });
    for (const { ids, embedding } of texts) {
      const { ids: data, position } = cutPrompt(ids, config.text);
      const got = await text({
        ids: { data, shape: [1, data.length] },
        position: { data: BigInt64Array.of(BigInt(position)), shape: [1] },
      });
      expect(largestDifference(got['embedding']!, embedding), `${ids}`).toBeLessThan(2e-6);
    }
  });
});
