/** What files say of their making is shown, found by the words of the query bar, and kept as it was written. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeScene, withPngText } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

const graph = JSON.stringify({
  4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'base.safetensors' } },
  5: { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 768 } },
  6: { class_type: 'CLIPTextEncode', inputs: { text: 'caf\u00e9 \u96ea' } },
  7: { class_type: 'CLIPTextEncode', inputs: { text: 'blurry' } },
  10: { class_type: 'LoraLoader', inputs: { lora_name: 'style_v2', strength_model: 0.5, model: ['4', 0] } },
  3: {
    class_type: 'KSamplerAdvanced',
    inputs: {
      ...{ noise_seed: 42, steps: 20, cfg: 6, sampler_name: 'euler', model: ['10', 0] },
      ...{ positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
    },
  },
});
const escaped = graph.replace('café 雪', 'caf\\u00e9 \\u96ea');
const texts: Record<string, [keyword: string, text: string]> = {
  'graph.png': ['prompt', escaped],
  'parameters.png': [
    'parameters',
    'a fox <lora:pose:1.2>\nSteps: 9, Sampler: DPM++ 2M, Seed: 7, Size: 64x96',
  ],
  'cut.png': ['prompt', escaped.slice(0, 200)],
  'other.png': ['Comment', 'drawn by hand'],
};
const names = Object.keys(texts);

let opened: TestStudio;
let notes: readonly string[];
beforeAll(async () => {
  opened = openTestStudio();
  const folder = opened.folder('pictures');
  for (const [at, name] of names.entries()) {
    const scene = await encodeScene(at + 1, { width: 48, height: 48 });
    writeFileSync(join(folder, name), withPngText(scene, ...texts[name]!));
  }
  const job = await opened.finish(opened.client.library.score({ folder }));
  notes = job.summary?.notes ?? [];
});
afterAll(async () => await opened.close());

async function find(query: string): Promise<string[]> {
  const { ids } = await opened.client.images.query({ filter: { query }, order: 'name' });
  return (await opened.client.images.cards({ ids })).map(({ name }) => name);
}

async function idOf(name: string): Promise<number> {
  return (await opened.client.images.query({ filter: { query: `name:${name}` } })).ids[0]!;
}

describe('What a file says', () => {
  test('is everything that the viewer shows', async () => {
    const { generation, prompt } = await opened.client.images.detail({ id: await idOf('graph.png') });
    expect(prompt).toBe('café 雪');
    expect(generation).toEqual({
      ...{ tool: 'ComfyUI', negativePrompt: 'blurry', model: 'base.safetensors', seed: '42', steps: 20 },
      ...{ cfg: 6, sampler: 'euler', width: 512, height: 768, problem: null },
      loras: [{ name: 'style_v2', weight: 0.5 }],
    });
  });

  test.each([
    ['lora:style', ['graph.png']],
    ['lora:=pose,=style_v2', ['graph.png', 'parameters.png']],
    ['sampler:"DPM++ 2M"', ['parameters.png']],
    ['negative:blurry seed:42 steps:20 cfg:6 model:base', ['graph.png']],
    ['is:garbled', ['cut.png']],
    ['raw:KSampler', ['cut.png', 'graph.png']],
    ['raw:"base.safetensors"', ['graph.png']],
    ['raw:"CLIPTextEncode café"', ['graph.png']],
    ['raw:雪', ['graph.png']],
    ['raw:"drawn hand"', ['other.png']],
    ['-raw:class_type', ['other.png', 'parameters.png']],
    ['raw:"\\"; DROP TABLE"', []],
    ['raw:"?!"', []],
  ])('is found by %s', async (query, found) => {
    expect(await find(query)).toEqual(found);
  });

  test('is offered as facets', async () => {
    const facets = await opened.client.images.facets({});
    expect(facets.find(({ word }) => word === 'lora')?.values).toEqual([
      { value: 'pose', images: 1 },
      { value: 'style_v2', images: 1 },
    ]);
  });

  test('and cannot be read is counted when the folder is scored, and told with the image', async () => {
    expect(notes.filter((note) => note.includes('garbled'))).toEqual([
      '1 of the files carry generation metadata that cannot be read: “is:garbled” finds them, each tells why.',
    ]);
    const { generation } = await opened.client.images.detail({ id: await idOf('cut.png') });
    expect(generation?.problem).toContain('cut off or damaged');
  });

  test('is kept as it was written', async () => {
    for (const name of names) {
      const { hasRawMetadata } = await opened.client.images.detail({ id: await idOf(name) });
      expect(hasRawMetadata).toBe(true);
      const [keyword, text] = texts[name]!;
      const raw = await opened.client.images.metadata({ id: await idOf(name) });
      expect(raw).toEqual({ blocks: [{ name: keyword, text }], isCut: false });
    }
    expect(await opened.client.images.metadata({ id: 4242 })).toEqual({ blocks: [], isCut: false });
  });
});
