/** Prompts and settings are read from what every known generator writes, and nothing that a file holds can break the reading. */
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readBlocks, readMetadata } from '../../../../native-models/images/metadata/metadata.ts';
import type { IdentityMetadata } from '../../../../native-models/messages.ts';
import { hasShared, readSharedJson, sharedPath } from '../../../support/shared.ts';

const samples = 'data/metadata-samples/';

interface Expected {
  status?: string;
  tool: string | null;
  prompt: string | null;
  negative_prompt: string | null;
  seed: string | null;
  model: string | null;
  steps: number | null;
  cfg: number | null;
  sampler: string | null;
  width: number | null;
  height: number | null;
}

interface ExpectedLists {
  tool: string;
  prompts: string[];
  negative_prompts: string[];
  seeds: string[];
  models: string[];
  samplers: string[];
  steps: string[];
  cfg_scales: string[];
}

/** The tools as the reference reader names them, where its names are not ours. */
const referenceNames: Record<string, string> = {
  'sd-webui': 'AUTOMATIC1111',
  'forge-neo': 'Forge Neo',
  'sd-next': 'SD.Next',
  comfyui: 'ComfyUI',
  invokeai: 'InvokeAI',
  novelai: 'NovelAI',
  swarmui: 'SwarmUI',
  'stability-matrix': 'Stability Matrix',
  'hf-space': 'Hugging Face Space',
  tensorart: 'TensorArt',
  civitai: 'Civitai',
};

async function read(path: string): Promise<IdentityMetadata | null> {
  const bytes = readFileSync(sharedPath(samples + path));
  const header = await sharp(bytes).metadata();
  return await readMetadata(bytes, header);
}

function expectedOf<Shape>(name: string): [string, Shape][] {
  if (!hasShared) return [];
  return Object.entries(readSharedJson<{ files: Record<string, Shape> }>(samples + name).files);
}

/** Nothing is told of its making, whatever texts are kept. */
function isUnrecognised(found: IdentityMetadata | null): boolean {
  if (found === null) return true;
  const { raw, problem, loras, ...told } = found;
  return loras.length === 0 && Object.values(told).every((value) => value === null);
}

function tidy(text: string | null): string | null {
  return text?.replaceAll('\r\n', '\n').trim() ?? null;
}

describe.skipIf(!hasShared)('files written byte by byte to each convention', () => {
  const files = expectedOf<Expected>('expected-synthetic.json');
  test('all 38 samples are listed', () => expect(files.length).toBeGreaterThanOrEqual(38));
  test.each(files)(
    '%s',
    async (file, { negative_prompt, tool, prompt, seed, model, steps, cfg, sampler, width, height }) => {
      const found = await read(`synthetic/${file}`);
      // The cut-off file still says what it was made from; that its pixels are damaged is the decoder's to say.
      if (file === 'truncated-file.png')
        return expect(found?.tool ?? null).toBeOneOf([null, 'AUTOMATIC1111']);
      if (tool === null) return expect(found).toSatisfy(isUnrecognised);
      expect(found).toMatchObject({ tool, prompt, seed, model, steps, cfg, sampler, width, height });
      expect(found?.negativePrompt).toBe(negative_prompt);
    },
  );
});

describe.skipIf(!hasShared)('metadata of real files', () => {
  const files = expectedOf<Expected>('expected-real-metadata.json');
  test('all 20 samples are listed', () => expect(files).toHaveLength(20));
  test.each(files)('%s', async (file, expected) => {
    const found = await read(`real-metadata/${file}`);
    if (expected.status === 'c2pa') return expect(found).toMatchObject({ tool: 'Google', prompt: null });
    if (expected.status !== 'success') return expect(found).toSatisfy(isUnrecognised);
    expect(found?.tool).toBe(referenceNames[expected.tool!]);
    expect(found?.prompt).toBe(tidy(expected.prompt));
    expect(found?.negativePrompt).toBe(tidy(expected.negative_prompt));
    for (const name of ['seed', 'model', 'steps', 'cfg', 'sampler', 'width', 'height'] as const) {
      if (expected[name] !== null) expect(found?.[name], name).toBe(expected[name]);
    }
  });
});

describe.skipIf(!hasShared)('crops of real files', () => {
  const files = expectedOf<ExpectedLists>('expected-real-cropped.json');
  test('all 5 samples are listed', () => expect(files).toHaveLength(5));
  test.each(files)('%s', async (file, expected) => {
    const found = (await read(`real-cropped/${file}`))!;
    expect(found.tool).toBe(expected.tool);
    expect(expected.prompts).toContain(found.prompt);
    expect([...expected.negative_prompts, ...(expected.negative_prompts.length === 0 ? [''] : [])]).toContain(
      found.negativePrompt,
    );
    expect(expected.seeds).toContain(found.seed);
    expect(expected.models).toContain(found.model);
    expect(expected.samplers).toContain(found.sampler);
    expect(expected.steps.map(Number)).toContain(found.steps);
    expect(expected.cfg_scales.map(Number)).toContain(found.cfg);
  });
});

/** A PNG with one chunk put in before the image data; its CRC is zero, which readers of text pass over. */
async function withChunk(type: string, data: Uint8Array): Promise<Buffer> {
  const png = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'grey' } })
    .png()
    .toBuffer();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([
    png.subarray(0, 33),
    length,
    Buffer.from(type),
    data,
    Buffer.alloc(4),
    png.subarray(33),
  ]);
}

describe('metadata is untrusted', () => {
  test('a compressed text that would grow beyond the bound is left out, and the rest is read', async () => {
    const bomb = deflateSync(Buffer.alloc(50_000_000, 65));
    const png = await withChunk('zTXt', Buffer.concat([Buffer.from('parameters\0\0'), bomb]));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await readMetadata(png, null)).toBeNull();
  });

  test('a field called __proto__ changes no prototype and gives no prompt', () => {
    const text = '{"__proto__": {"prompt": "evil", "sui_image_params": {"prompt": "evil"}}}';
    expect(readBlocks(new Map([['parameters', text]]))).toBeNull();
    expect(Object.hasOwn(Object.prototype, 'prompt')).toBe(false);
  });

  test('a graph whose links go round in a circle ends', () => {
    const graph = {
      1: {
        class_type: 'KSampler',
        inputs: { positive: ['2', 0], latent_image: ['1', 0], seed: 5, steps: 3 },
      },
      2: { class_type: 'ConditioningCombine', inputs: { conditioning_1: ['2', 0], conditioning: ['1', 0] } },
    };
    expect(readBlocks(new Map([['prompt', JSON.stringify(graph)]]))).toMatchObject({
      seed: '5',
      prompt: null,
    });
  });

  test('deeply nested JSON is no metadata, not a crash', () => {
    const text = `{"prompt":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(readBlocks(new Map([['prompt', text]]))).toBeNull();
  });

  const names = ['parameters', 'prompt', 'UserComment', 'Comment', 'Software', 'Dream', 'sd-metadata', 'XMP'];
  test('no text in any block makes a reader throw or give more than plain bounded values', () => {
    const keys = [
      'prompt',
      'inputs',
      'class_type',
      'seed',
      'uc',
      '__proto__',
      'sui_image_params',
      'positive',
    ];
    const json = fc
      .dictionary(fc.constantFrom(...keys), fc.jsonValue())
      .map((value) => JSON.stringify(value));
    const text = fc.oneof(json, fc.string(), fc.constantFrom('Steps: 5, Seed: ', '"[', 'NovelAI', '{"c":'));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), text), (blocks) => {
        const reading = readBlocks(new Map(Object.entries(blocks)));
        const { loras, ...told } = reading ?? { loras: [] };
        for (const value of Object.values(told)) {
          expect(value === null || typeof value === 'string' || Number.isFinite(value)).toBe(true);
        }
        for (const { name } of loras) expect(name).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  test('no byte changed in a file’s metadata makes the reading throw', async () => {
    const text = Buffer.from('parameters\0a fox\nSteps: 5, Sampler: Euler, Seed: 7');
    const png = await withChunk('tEXt', text);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(png.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        async (changes) => {
          const changed = Buffer.from(png);
          for (const [at, byte] of changes) changed[at] = byte;
          const found = await readMetadata(changed, { width: 8, height: 8, hasAlpha: true });
          expect(found === null || found.raw.data.length > 0).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});
