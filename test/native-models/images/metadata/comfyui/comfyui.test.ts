/** The prompt of a ComfyUI graph is found by following the sampler’s links, whatever nodes stand on the way. */
import { describe, expect, test } from 'vitest';
import { readBlocks } from '../../../../../native-models/images/metadata/metadata.ts';
import { measureCpuMs } from '../../../../support/measure-cpu.ts';

type Inputs = Record<string, unknown>;
type Nodes = Record<string, [type: string, inputs: Inputs]>;

/** The usual graph: checkpoint 4, latent 5, texts 6 and 7, sampler 3, decoder 8, saver 9; `nodes` are added or replace. */
function graphOf(nodes: Nodes): string {
  const usual: Nodes = {
    4: ['CheckpointLoaderSimple', { ckpt_name: 'base.safetensors' }],
    5: ['EmptyLatentImage', { width: 832, height: 1216, batch_size: 1 }],
    6: ['CLIPTextEncode', { text: 'a red fox', clip: ['4', 1] }],
    7: ['CLIPTextEncode', { text: 'blurry', clip: ['4', 1] }],
    3: [
      'KSampler',
      { ...settings, model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
    ],
    8: ['VAEDecode', { samples: ['3', 0], vae: ['4', 2] }],
    9: ['SaveImage', { filename_prefix: 'ComfyUI', images: ['8', 0] }],
  };
  const all = Object.entries({ ...usual, ...nodes });
  return JSON.stringify(
    Object.fromEntries(all.map(([id, [type, inputs]]) => [id, { class_type: type, inputs }])),
  );
}

const settings = { seed: 42, steps: 20, cfg: 6, sampler_name: 'euler', scheduler: 'normal', denoise: 1 };

function read(nodes: Nodes) {
  return readBlocks(new Map([['prompt', graphOf(nodes)]]));
}

describe('texts', () => {
  test('joined by a node, with its delimiter, in the order of its inputs', () => {
    const found = read({
      6: ['CLIPTextEncode', { text: ['20', 0], clip: ['4', 1] }],
      20: ['StringConcatenate', { string_a: ['21', 0], string_b: 'in the snow', delimiter: ', ' }],
      21: ['Text Concatenate', { delimiter: '\\n', text_b: ['22', 0], text_a: 'photo of' }],
      22: ['PrimitiveString', { value: 'a red fox' }],
    });
    expect(found?.prompt).toBe('photo of\na red fox, in the snow');
  });

  test('with parts replaced', () => {
    const found = read({
      6: ['CLIPTextEncode', { text: ['20', 0], clip: ['4', 1] }],
      20: ['StringReplace', { string: 'a blue fox, a blue hat', find: 'blue', replace: '$& red' }],
    });
    expect(found?.prompt).toBe('a $& red fox, a $& red hat');
  });

  test('as a wildcard node filled it in, not as its template', () => {
    const found = read({
      6: ['CLIPTextEncode', { text: ['20', 0], clip: ['4', 1] }],
      20: [
        'ImpactWildcardProcessor',
        { wildcard_text: 'a {red|blue} __animal__', populated_text: 'a red fox', mode: 'populate' },
      ],
    });
    expect(found?.prompt).toBe('a red fox');
  });

  test('as shown by a node that shows text, and let through by a switch', () => {
    const found = read({
      6: ['CLIPTextEncode', { text: ['20', 0], clip: ['4', 1] }],
      20: ['ImpactSwitch', { select: 2, input1: 'not this', input2: ['21', 0] }],
      21: ['ShowText|pysssss', { text: ['22', 0], text_0: 'a fox that a language model wrote' }],
      22: ['OllamaGenerate', { prompt: 'describe a fox' }],
    });
    expect(found?.prompt).toBe('a fox that a language model wrote');
  });

  test('through reroutes of extensions and nodes that nobody knows', () => {
    const found = read({
      3: [
        'KSampler',
        { ...settings, model: ['4', 0], positive: ['30', 0], negative: ['31', 0], latent_image: ['5', 0] },
      ],
      30: ['Reroute (rgthree)', { '': ['32', 0] }],
      31: ['SomethingNew', { anything: ['7', 0], strength: 0.3, mode: 'nearest' }],
      32: ['FluxGuidance', { conditioning: ['6', 0], guidance: 3.5 }],
    });
    expect(found).toMatchObject({ prompt: 'a red fox', negativePrompt: 'blurry' });
  });

  test('of each side where one node has both', () => {
    const found = read({
      3: [
        'KSampler',
        { ...settings, model: ['4', 0], positive: ['30', 0], negative: ['30', 1], latent_image: ['5', 0] },
      ],
      30: [
        'ControlNetApplyAdvanced',
        { positive: ['6', 0], negative: ['7', 0], control_net: ['40', 0], strength: 1 },
      ],
      40: ['ControlNetLoader', { control_net_name: 'canny' }],
    });
    expect(found).toMatchObject({ prompt: 'a red fox', negativePrompt: 'blurry' });
    const styled = read({
      6: ['CLIPTextEncode', { text: ['30', 0], clip: ['4', 1] }],
      7: ['CLIPTextEncode', { text: ['30', 1], clip: ['4', 1] }],
      30: ['SDXLPromptStyler', { text_positive: 'a hare', text_negative: '', style: 'base' }],
    });
    expect(styled).toMatchObject({ prompt: 'a hare', negativePrompt: '' });
  });

  test('zeroed out is no negative prompt, be it made from the positive one', () => {
    const found = read({
      3: [
        'KSampler',
        { ...settings, model: ['4', 0], positive: ['6', 0], negative: ['30', 0], latent_image: ['5', 0] },
      ],
      30: ['ConditioningZeroOut', { conditioning: ['6', 0] }],
    });
    expect(found).toMatchObject({ prompt: 'a red fox', negativePrompt: '' });
  });

  test('of two mixed conditionings, both, each once', () => {
    const found = read({
      3: [
        'KSampler',
        { ...settings, model: ['4', 0], positive: ['30', 0], negative: ['7', 0], latent_image: ['5', 0] },
      ],
      30: ['ConditioningConcat', { conditioning_to: ['6', 0], conditioning_from: ['31', 0] }],
      31: ['ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['32', 0] }],
      32: ['CLIPTextEncode', { text: 'at night', clip: ['4', 1] }],
    });
    expect(found?.prompt).toBe('a red fox\nat night');
  });

  test('of encoders with several texts, the one that reads sentences; an empty one is passed over', () => {
    const encoder = (type: string, inputs: Inputs) =>
      read({ 6: [type, { ...inputs, clip: ['4', 1] }] })?.prompt;
    expect(encoder('CLIPTextEncodeFlux', { clip_l: 'fox', t5xxl: 'a fox in the snow', guidance: 3.5 })).toBe(
      'a fox in the snow',
    );
    expect(encoder('CLIPTextEncodeFlux', { clip_l: 'a fox', t5xxl: '', guidance: 3.5 })).toBe('a fox');
    expect(encoder('CLIPTextEncodeSDXL', { width: 1024, text_g: 'a fox', text_l: 'a fox, sharp' })).toBe(
      'a fox',
    );
    expect(encoder('CLIPTextEncodeSD3', { clip_l: '', clip_g: '', t5xxl: ['7', 0] })).toBe('blurry');
    expect(encoder('TextEncodeQwenImageEdit', { prompt: 'make it red', image: ['8', 0] })).toBe(
      'make it red',
    );
  });
});

describe('samplers', () => {
  test('of two that refine one picture the first is read; of two pictures the saved one', () => {
    const second = {
      ...settings,
      seed: 7,
      steps: 9,
      model: ['4', 0],
      positive: ['7', 0],
      negative: ['6', 0],
    };
    expect(
      read({
        1: ['KSampler', { ...second, latent_image: ['2', 0] }],
        2: ['LatentUpscale', { samples: ['3', 0], width: 2000, height: 2000 }],
        8: ['VAEDecode', { samples: ['1', 0], vae: ['4', 2] }],
      }),
    ).toMatchObject({ prompt: 'a red fox', seed: '42', steps: 20, width: 832, height: 1216 });
    expect(
      read({
        1: ['KSampler', { ...second, latent_image: ['5', 0] }],
        2: ['VAEDecode', { samples: ['1', 0] }],
        10: ['PreviewImage', { images: ['2', 0] }],
      }),
    ).toMatchObject({ prompt: 'a red fox', seed: '42' });
    expect(
      read({
        1: ['KSampler', { ...second, latent_image: ['5', 0] }],
        8: ['VAEDecode', { samples: ['1', 0] }],
      }),
    ).toMatchObject({ prompt: 'blurry', seed: '7' });
  });

  test('with guider, noise and sigmas as nodes of their own, and no CFG that is none', () => {
    const found = read({
      3: [
        'SamplerCustomAdvanced',
        {
          noise: ['50', 0],
          guider: ['51', 0],
          sampler: ['52', 0],
          sigmas: ['53', 0],
          latent_image: ['5', 0],
        },
      ],
      50: ['RandomNoise', { noise_seed: ['54', 0] }],
      51: ['BasicGuider', { model: ['55', 0], conditioning: ['56', 0] }],
      52: ['KSamplerSelect', { sampler_name: 'euler' }],
      53: ['SplitSigmas', { sigmas: ['57', 0], step: 4 }],
      54: ['Seed (rgthree)', { seed: '18446744073709551557' }],
      55: ['LoraLoaderModelOnly', { lora_name: 'style.safetensors', strength_model: 0.5, model: ['58', 0] }],
      56: ['FluxGuidance', { guidance: 3.5, conditioning: ['6', 0] }],
      57: ['BasicScheduler', { scheduler: 'simple', steps: 28, denoise: 1, model: ['58', 0] }],
      58: ['UNETLoader', { unet_name: 'flux1-dev.safetensors' }],
    });
    expect(found).toEqual({
      ...{ tool: 'ComfyUI', prompt: 'a red fox', negativePrompt: '', model: 'flux1-dev.safetensors' },
      ...{ seed: '18446744073709551557', steps: 28, cfg: null, sampler: 'euler', width: 832, height: 1216 },
      loras: [{ name: 'style.safetensors', weight: 0.5 }],
    });
  });

  test('whose loader holds everything, and those fed by a pipe', () => {
    const loader: [string, Inputs] = [
      'Efficient Loader',
      {
        ...{
          ckpt_name: { content: 'wrapped.safetensors', image: null },
          lora_name: 'None',
          positive: 'a hare',
        },
        ...{ negative: 'fog', empty_latent_width: 640, empty_latent_height: 480 },
      },
    ];
    expect(
      read({
        3: [
          'KSampler (Efficient)',
          { ...settings, model: ['4', 0], positive: ['4', 1], negative: ['4', 2], latent_image: ['4', 3] },
        ],
        4: loader,
      }),
    ).toMatchObject({
      prompt: 'a hare',
      negativePrompt: 'fog',
      model: 'wrapped.safetensors',
      width: 640,
      loras: [],
    });
    expect(
      read({
        3: ['easy kSampler', { ...settings, pipe: ['10', 0] }],
        10: ['easy preSampling', { pipe: ['4', 0] }],
        4: loader,
      }),
    ).toMatchObject({
      prompt: 'a hare',
      negativePrompt: 'fog',
      model: 'wrapped.safetensors',
      seed: '42',
      height: 480,
    });
  });

  test('a graph without any has no prompt, whatever texts it holds', () => {
    const graph = { 1: { class_type: 'CLIPTextEncode', inputs: { text: 'a fox' } } };
    expect(readBlocks(new Map([['prompt', JSON.stringify(graph)]]))).toBeNull();
  });

  test('a graph of thousands of nodes that all lead to one another ends at once', async () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 4000 }, (_, at): [string, [string, Inputs]] => {
        const links = Array.from({ length: 5 }, (_, by) => [
          `in${by}`,
          [String(1000 + ((at * 7 + by * 13) % 4000)), 0],
        ]);
        return [
          String(1000 + at),
          ['KSampler', { positive: ['1000', 0], latent_image: ['1007', 0], ...Object.fromEntries(links) }],
        ];
      }),
    );
    const cpuMs = await measureCpuMs(() => read({ ...nodes, 6: ['Unknown', { any: ['1000', 0] }] }));
    expect(cpuMs).toBeLessThan(5000);
  });
});

test('LoRAs of chained loaders, stacks, switches and managers, as they are applied; those switched off are not', () => {
  const found = read({
    3: [
      'KSampler',
      { ...settings, model: ['60', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
    ],
    60: [
      'LoraLoader',
      { lora_name: 'c.safetensors', strength_model: 0.8, strength_clip: 1, model: ['61', 0] },
    ],
    61: [
      'Power Lora Loader (rgthree)',
      {
        lora_1: { on: true, lora: 'b.safetensors', strength: 0.4 },
        lora_2: { on: false, lora: 'off.safetensors', strength: 1 },
        model: ['62', 0],
      },
    ],
    62: ['CR Apply LoRA Stack', { model: ['4', 0], lora_stack: ['63', 0] }],
    63: [
      'CR LoRA Stack',
      {
        switch_1: 'On',
        lora_name_1: 'a.safetensors',
        model_weight_1: 1.5,
        switch_2: 'Off',
        lora_name_2: 'x',
      },
    ],
  });
  expect(found?.loras).toEqual([
    { name: 'a.safetensors', weight: 1.5 },
    { name: 'b.safetensors', weight: 0.4 },
    { name: 'c.safetensors', weight: 0.8 },
  ]);
  expect(found?.model).toBe('base.safetensors');
});
