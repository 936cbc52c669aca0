/** Tiny CLIPs with the numbers that transformers gives for them (../shared/golden/README.md, “Tiny models”). */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Lowering } from '../../../contract/pack.ts';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import { type ClipConfig, parseClipConfig } from '../../../native-models/graphs/clip-config.ts';
import { pooledCopies } from '../../../native-models/graphs/clip-encoder.ts';
import { addClipText, cutPrompt, readLogitScale } from '../../../native-models/graphs/clip-text.ts';
import { addClipVision } from '../../../native-models/graphs/clip-vision.ts';
import { clipShapes } from '../../../scripts/support/untrained-shapes.ts';
import { hasShared, readSharedJson, sharedPath } from '../../support/shared.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';
import { openGraph, writeWeights } from './run-graph.ts';

interface Case {
  kind: 'image' | 'text' | 'similarity';
  input_ids: number[];
  hidden_states?: number[][];
  last_hidden_state?: number[];
  pooler_output: number[];
  image_embeds: number[];
  text_embeds: number[];
  S: number;
}

const tolerance = 2e-5;
const folder = makeTempFolder();

function readConfig(name: string): ClipConfig {
  const path = `golden/public/tiny/${name}/config.json`;
  return parseClipConfig(JSON.parse(readFileSync(sharedPath(path), 'utf8')), path);
}

/** Input images of the tiny models. */
function makePixels(id: string): { data: Float32Array; shape: number[] } {
  const shape = [1, 3, 56, 56];
  return { data: formulaTensor(`tiny_clip.${id}`, shape, { base: 0, amplitude: 1.7 }), shape };
}

function expectClose(got: ArrayLike<number>, expected: readonly number[], within = tolerance): void {
  expect(got.length).toBe(expected.length);
  const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - got[at]!)), 0);
  expect(worst).toBeLessThan(within);
}

function normalise(x: readonly number[]): number[] {
  const length = Math.hypot(...x);
  return x.map((value) => value / length);
}

async function openTowers(path: string, config: ClipConfig, lowering: Lowering) {
  let scale = 0;
  const vision = await openGraph(path, (draft) => addClipVision(draft, config), { lowering, isTapped: true });
  const text = await openGraph(
    path,
    async (draft) => {
      addClipText(draft, config);
      scale = await readLogitScale(draft.weights);
    },
    { lowering, isTapped: true },
  );
  async function encodeText(inputIds: readonly number[]): Promise<Record<string, Float32Array>> {
    const { ids, position } = cutPrompt(inputIds, config.text);
    return await text({
      ids: { data: ids, shape: [1, ids.length] },
      position: { data: BigInt64Array.of(BigInt(position)), shape: [1] },
    });
  }
  return { vision, text, encodeText, scale };
}

describe.skipIf(!hasShared).each(['gelu', 'quickgelu', 'eos33', 'f16', 'bf16'])('tiny_clip_%s', (variant) => {
  const name = `tiny_clip_${variant}`;
  const path = join(folder, `${name}.safetensors`);

  test.each(['fused', 'plain'] as const)(
    'every stage and S are those of transformers (lowering: %s)',
    async (lowering) => {
      const cases = readSharedJson<Record<string, Case>>(`golden/public/tiny/${name}/expected.json`);
      cpSync(sharedPath(`golden/public/tiny/${name}/model.safetensors`), path);
      const config = readConfig(name);
      const { vision, text, encodeText, scale } = await openTowers(path, config, lowering);
      const embeddings = new Map<string, Float32Array>();
      for (const [id, expected] of Object.entries(cases)) {
        if (expected.kind === 'similarity') continue;
        const isImage = expected.kind === 'image';
        const got = isImage ? await vision({ pixels: makePixels(id) }) : await encodeText(expected.input_ids);
        const { hidden } = isImage ? config.vision : config.text;
        const raw = isImage ? expected.image_embeds : expected.text_embeds;
        expectClose(got['embedding']!, normalise(raw));
        const [norm, projection] = isImage
          ? ['post_layernorm', 'visual_projection']
          : ['final_layer_norm', 'text_projection'];
        expectClose(got[`tap ${norm}`]!.subarray(0, hidden), expected.pooler_output);
        expectClose(got[`tap ${projection}`]!.subarray(0, config.projection), raw);
        embeddings.set(id, got['embedding']!);
        if (expected.hidden_states !== undefined) {
          const [embedded, first, last] = expected.hidden_states;
          expectClose(got['tap pre_layrnorm']!, embedded!);
          expectClose(got['tap encoder.layers.0']!, first!);
          expectClose(got['tap encoder.layers.1']!.subarray(0, hidden), last!.slice(0, hidden));
        }
        if (expected.last_hidden_state !== undefined) {
          // The graph gives one position of it at a time: all of them are a batch.
          const { input_ids: ids } = expected;
          const every = await text({
            ids: {
              data: BigInt64Array.from(
                ids.flatMap(() => ids),
                BigInt,
              ),
              shape: [ids.length, ids.length],
            },
            position: { data: BigInt64Array.from(ids.keys(), BigInt), shape: [ids.length] },
          });
          const twice = every['tap final_layer_norm']!;
          const once = ids.flatMap((_, at) => [
            ...twice.subarray(pooledCopies * at * hidden).subarray(0, hidden),
          ]);
          expectClose(once, expected.last_hidden_state);
        }
      }
      const similarities = Object.entries(cases).filter(([, { kind }]) => kind === 'similarity');
      expect(similarities.length).toBeGreaterThan(11);
      for (const [id, { S }] of similarities) {
        const [, image, prompt] = id.split('.');
        const [a, b] = [embeddings.get(image!)!, embeddings.get(prompt!)!];
        expectClose([scale * a.reduce((sum, value, at) => sum + value * b[at]!, 0)], [S], 1e-4);
      }
    },
  );
});

test.skipIf(!hasShared)('tiny_clip_fullvocab: prompts of the whole vocabulary', async () => {
  const cases = readSharedJson<
    Record<string, { ids?: number[]; text_embeds: number[]; image_embeds: number[] }>
  >('golden/public/tiny/tiny_clip_fullvocab/expected.json');
  const config = readConfig('tiny_clip_fullvocab');
  const path = join(folder, 'fullvocab.safetensors');
  await writeWeights(
    path,
    clipShapes(config).map(([name, shape]) => ({
      name,
      shape,
      make: () => formulaTensor(`tiny_clip_full.${name}`, shape),
    })),
  );
  const { vision, encodeText } = await openTowers(path, config, 'fused');
  expect(Object.keys(cases).length).toBeGreaterThan(30);
  for (const [id, { ids, text_embeds, image_embeds }] of Object.entries(cases)) {
    const got = ids === undefined ? await vision({ pixels: makePixels(id) }) : await encodeText(ids);
    expectClose(got['embedding']!, normalise(ids === undefined ? image_embeds : text_embeds));
  }
});
