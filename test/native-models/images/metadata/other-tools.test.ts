/** Each tool’s own fields are read, LoRAs and size among them. */
import { describe, expect, test } from 'vitest';
import { readBlocks } from '../../../../native-models/images/metadata/metadata.ts';

function read(blocks: Record<string, unknown>) {
  return readBlocks(
    new Map(
      Object.entries(blocks).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
  );
}

const prompt = 'a red fox';
const asked = { prompt, negativePrompt: 'fog', width: 512, height: 768, seed: '7' };
const style = [{ name: 'style', weight: 0.7 }];

describe('LoRAs and size', () => {
  test('SwarmUI: lists, or one text with commas', () => {
    const about = { prompt, negativeprompt: 'fog', width: 512, height: 768, seed: 7 };
    const lists = { sui_image_params: { ...about, loras: ['style'], loraweights: ['0.7'] } };
    const texts = { sui_image_params: { ...about, loras: 'style,pose', loraweights: '0.7,1' } };
    expect(read({ parameters: lists })).toMatchObject({ ...asked, tool: 'SwarmUI', loras: style });
    expect(read({ UserComment: texts })?.loras).toEqual([...style, { name: 'pose', weight: 1 }]);
  });

  test('SwarmUI’s sampler, also as older versions name it by its backend', () => {
    const about = { prompt, seed: 7, comfyuisampler: 'dpmpp_2m' };
    expect(read({ parameters: { sui_image_params: about } })?.sampler).toBe('dpmpp_2m');
    const both = { ...about, sampler: 'euler' };
    expect(read({ parameters: { sui_image_params: both } })?.sampler).toBe('euler');
  });

  test('InvokeAI: since version 4, and before', () => {
    const about = { positive_prompt: prompt, negative_prompt: 'fog', width: 512, height: 768, seed: 7 };
    for (const lora of [{ model: { key: 'k', name: 'style' } }, { lora: { model_name: 'style' } }]) {
      const found = read({ invokeai_metadata: { ...about, loras: [{ ...lora, weight: 0.7 }] } });
      expect(found).toMatchObject({ ...asked, tool: 'InvokeAI', loras: style });
    }
    const withoutNegative = { ...about, negative_prompt: null };
    expect(read({ invokeai_metadata: withoutNegative })?.negativePrompt).toBe('');
  });

  test('Fooocus: both schemes, and its log’s combined names', () => {
    const about = { prompt, negative_prompt: 'fog', resolution: '(512, 768)', seed: '7', base_model: 'base' };
    expect(read({ parameters: { ...about, loras: [['style', 0.7, 'abcd']] } })).toMatchObject({
      ...{ ...asked, tool: 'Fooocus', loras: style },
    });
    expect(read({ UserComment: { ...about, lora_combined_1: 'style : 0.7' } })?.loras).toEqual(style);
    expect(read({ parameters: { ...about, resolution: [512, 768] } })).toMatchObject(asked);
    const weighed = `${prompt}\nSteps: 30, Seed: 7, Lora hashes: "style: ab, pose: cd", Lora weights: "style: 0.7, pose: -1", Version: Fooocus v2.5`;
    expect(read({ parameters: weighed })?.loras).toEqual([...style, { name: 'pose', weight: -1 }]);
    const comment = {
      prompt,
      negative_prompt: 'fog',
      width: 512,
      height: 768,
      seed: 7,
      cfg: 4,
      base_model: 'base',
    };
    expect(read({ Comment: comment })).toMatchObject({ ...asked, tool: 'Fooocus', model: 'base', cfg: 4 });
    const text = `${prompt}\nNegative prompt: fog\nSteps: 30, Seed: 7, Size: 512x768, LoRA 1: style : 0.7, Version: Fooocus v2.5`;
    expect(read({ fooocus_scheme: 'a1111', parameters: text })).toMatchObject({ ...asked, loras: style });
  });

  test('Draw Things, Easy Diffusion, TensorArt', () => {
    const things = {
      c: prompt,
      uc: 'fog',
      size: '512x768',
      seed: 7,
      lora: [{ model: 'style', weight: 0.7 }],
    };
    const xmp = `<x:xmpmeta><exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">${JSON.stringify(things).replaceAll('"', '&quot;')}</rdf:li></rdf:Alt></exif:UserComment></x:xmpmeta>`;
    expect(read({ XMP: xmp })).toMatchObject({ ...asked, tool: 'Draw Things', loras: style });
    const easy = {
      use_stable_diffusion_model: 'base',
      prompt,
      negative_prompt: 'fog',
      width: '512',
      height: '768',
    };
    expect(read({ ...easy, seed: '7', use_lora_model: 'style', lora_alpha: '0.7' })).toMatchObject({
      ...{ ...asked, tool: 'Easy Diffusion', loras: style },
    });
    const models = [{ type: 'LORA', modelFileName: 'style', weight: 0.7 }];
    const tensor = { prompt, negativePrompt: 'fog', width: 512, height: 768, seed: '7', models };
    expect(read({ generation_data: `${JSON.stringify(tensor)}\0` })).toMatchObject({
      ...asked,
      loras: style,
    });
  });

  test('Civitai’s graph with extra data', () => {
    const extraMetadata = JSON.stringify({
      ...{ prompt, negativePrompt: 'fog', cfgScale: 5, steps: 20 },
      seed: 7,
      width: 512,
      height: 768,
    });
    const graph = { 3: { class_type: 'KSampler', inputs: { seed: 8 } }, extra: { airs: [] }, extraMetadata };
    expect(read({ UserComment: graph })).toMatchObject({ ...asked, tool: 'Civitai', cfg: 5, steps: 20 });
  });
});

test('Easy Diffusion’s lists as Python writes them', () => {
  const easy = { use_stable_diffusion_model: 'base', prompt, seed: '7' };
  expect(read({ ...easy, use_lora_model: "['style', 'pose']", lora_alpha: '[0.7, 1]' })?.loras).toEqual([
    ...style,
    { name: 'pose', weight: 1 },
  ]);
});

test('Civitai’s graph in a PNG, RuinedFooocus’ LoRAs, a Space’s own model', () => {
  const graph = { 3: { class_type: 'KSampler', inputs: { seed: 8 } }, extraMetadata: { prompt, seed: 7 } };
  expect(read({ prompt: graph })).toMatchObject({ tool: 'Civitai', prompt, seed: '7' });
  const ruined = { software: 'RuinedFooocus', Prompt: prompt, loras: [{ name: 'style', weight: 0.7 }] };
  expect(read({ parameters: ruined })?.loras).toEqual(style);
  const space = { prompt, seed: 7, resolution: '512 x 768', Model: { Model: 'Painter' } };
  expect(read({ parameters: space })).toMatchObject({
    ...{ tool: 'Hugging Face Space', model: 'Painter', width: 512 },
  });
});

describe('Midjourney', () => {
  const text = 'a red fox --no fog, rain --ar 2:3 --seed 7 --v 6.1';
  const found = { tool: 'Midjourney', prompt, negativePrompt: 'fog, rain', model: '6.1', seed: '7' };
  test('is read from PNG, EXIF, IPTC and XMP, with a job’s number or its own arguments', () => {
    const job = ' Job ID: 0f7a1c5e-2f6b-4c1e-9a55-000000000001';
    expect(read({ Description: text + job })).toMatchObject(found);
    expect(read({ ImageDescription: text })).toMatchObject(found);
    expect(read({ Caption: text })).toMatchObject(found);
    expect(read({ Description: 'a fox --sref 123 --p' })).toMatchObject({ prompt: 'a fox' });
    const xmp =
      '<x:xmpmeta><dc:description><rdf:Alt><rdf:li>a &amp; b --niji 6</rdf:li></rdf:Alt></dc:description></x:xmpmeta>';
    expect(read({ XMP: xmp })).toMatchObject({ prompt: 'a & b', model: 'niji 6' });
    expect(read({ Description: `a fox${job}` })).toMatchObject({ prompt: 'a fox', negativePrompt: '' });
  });

  test('a description of another kind is none', () => {
    expect(read({ Description: 'run it with --style and --verbose' })).toBeNull();
    expect(read({ Description: 'a picture of a fox' })).toBeNull();
  });
});

test('InvokeAI’s first command line keeps quotation marks, and no comma before what was to be avoided', () => {
  expect(read({ Dream: '"a \\"red\\" fox, [fog]" -s 5 -S 7' })).toMatchObject({
    ...{ prompt: 'a "red" fox', negativePrompt: 'fog', seed: '7' },
  });
});

test('a picture whose properties say that a model made it names who says so', () => {
  const source = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
  const xmp = `<x:xmpmeta><rdf:Description Iptc4xmpExt:DigitalSourceType="${source}" photoshop:Credit="Made with Google AI"/></x:xmpmeta>`;
  expect(read({ XMP: xmp })).toMatchObject({ tool: 'Google', prompt: null });
  expect(read({ XMP: xmp.replace('trainedAlgorithmicMedia', 'digitalCapture') })).toBeNull();
});

test('IPTC’s properties of generated pictures are read', () => {
  const xmp =
    '<x:xmpmeta><rdf:Description Iptc4xmpExt:AISystemUsed="Painter" Iptc4xmpExt:AIPromptInformation="a &quot;red&quot; fox"/></x:xmpmeta>';
  expect(read({ XMP: xmp })).toMatchObject({ tool: 'Painter', prompt: 'a "red" fox' });
});

test('NovelAI’s fourth version has its words in captions', () => {
  const caption = (text: string) => ({ caption: { base_caption: text, char_captions: [] } });
  const comment = {
    seed: 7,
    steps: 28,
    width: 512,
    height: 768,
    v4_prompt: caption(prompt),
    v4_negative_prompt: caption('fog'),
  };
  expect(read({ Software: 'NovelAI', Source: 'V4.5', Comment: comment })).toMatchObject({
    ...asked,
    tool: 'NovelAI',
    model: 'V4.5',
  });
});

test('sd-scripts writes a chunk a key, and a prompt that is no graph', () => {
  const chunks = { seed: '7', sampler: 'ddim', steps: '50', scale: '7.5', 'negative-prompt': 'fog' };
  expect(read({ prompt, ...chunks })).toMatchObject({
    ...{ tool: 'sd-scripts', prompt, negativePrompt: 'fog', seed: '7', steps: 50, cfg: 7.5, sampler: 'ddim' },
  });
  expect(read({ prompt })).toBeNull();
});

test('stable-diffusion.cpp writes as AUTOMATIC1111 does and names itself', () => {
  const parameters = `${prompt}\nNegative prompt: fog\nSteps: 20, CFG scale: 7.000000, Guidance: 3.500000, Seed: 7, Size: 512x768, Model: sd_v1.4, Sampler: euler_a, Version: stable-diffusion.cpp`;
  expect(read({ parameters })).toMatchObject({ ...asked, tool: 'stable-diffusion.cpp', cfg: 7 });
});
