/** Switches, joiners, loaders and samplers that extensions of ComfyUI add do not hide a prompt, a size, a model or a LoRA. */
import { describe, expect, test } from 'vitest';
import { readComfyUi } from '../../../../../native-models/images/metadata/comfyui/comfyui.ts';

type Inputs = Record<string, unknown>;
type Nodes = Record<string, [type: string, inputs: Inputs]>;

const settings = { seed: 42, steps: 20, cfg: 6, sampler_name: 'euler', model: ['4', 0], negative: ['7', 0] };

/** The usual graph, whose prompt comes from node 20; `nodes` are added or replace. */
function read(nodes: Nodes, more: Record<string, string> = {}) {
  const usual: Nodes = {
    4: ['CheckpointLoaderSimple', { ckpt_name: 'base.safetensors' }],
    5: ['EmptyLatentImage', { width: 832, height: 1216 }],
    6: ['CLIPTextEncode', { text: ['20', 0], clip: ['4', 1] }],
    7: ['CLIPTextEncode', { text: 'fog', clip: ['4', 1] }],
    20: ['PrimitiveString', { value: 'a fox' }],
    3: ['KSampler', { ...settings, positive: ['6', 0], latent_image: ['5', 0] }],
    8: ['VAEDecode', { samples: ['3', 0] }],
    9: ['SaveImage', { images: ['8', 0] }],
  };
  const graph = Object.entries({ ...usual, ...nodes }).map(([id, [class_type, inputs]]) => [
    id,
    { class_type, inputs },
  ]);
  return readComfyUi(new Map(Object.entries({ prompt: JSON.stringify(Object.fromEntries(graph)), ...more })));
}

const texts: Nodes = {
  21: ['PrimitiveString', { value: 'a hare' }],
  22: ['PrimitiveString', { value: 'a fox' }],
};

describe('A switch lets through', () => {
  test.each([
    ['ComfySwitchNode', { switch: false, on_true: ['21', 0], on_false: ['22', 0] }],
    ['ComfySwitchNode', { switch: ['23', 0], on_true: ['21', 0], on_false: ['22', 0] }],
    ['ImpactConditionalBranch', { cond: false, tt_value: ['21', 0], ff_value: ['22', 0] }],
    ['easy ifElse', { boolean: true, on_true: ['22', 0], on_false: ['21', 0] }],
    ['ImpactSwitch', { select: 2, input1: ['21', 0], input2: ['22', 0] }],
  ])('%s what it is set to', (type, inputs) => {
    const found = read({ ...texts, 20: [type, inputs], 23: ['PrimitiveBoolean', { value: false }] });
    expect(found).toMatchObject({ prompt: 'a fox', negativePrompt: 'fog', seed: '42' });
  });

  test('one model of several', () => {
    const found = read({
      3: ['KSampler', { ...settings, model: ['30', 0], positive: ['6', 0], latent_image: ['5', 0] }],
      30: ['CR Model Input Switch', { Input: 2, model1: ['31', 0], model2: ['4', 0] }],
      31: ['CheckpointLoaderSimple', { ckpt_name: 'other.safetensors' }],
    });
    expect(found?.model).toBe('base.safetensors');
  });
});

describe('What a language model was told is no prompt', () => {
  const told: Nodes = {
    24: ['PreviewAny', { source: ['25', 0] }],
    25: ['TextGenerate', { prompt: ['26', 0] }],
    26: ['StringConcatenate', { string_a: 'Describe this:', string_b: ['22', 0] }],
  };
  test('where the words it began with are to be had, they are told', () => {
    const inputs = { switch: true, on_true: ['24', 0], on_false: ['22', 0] };
    expect(read({ ...texts, ...told, 20: ['ComfySwitchNode', inputs] })?.prompt).toBe('a fox');
  });

  test('the editor’s graph, which shows what it wrote, is asked as well', () => {
    const link = (id: number, from: number, to: number, slot: number) => [id, from, 0, to, slot, '*'];
    const workflow = {
      nodes: [
        { id: 1, type: 'ShowText|pysssss', inputs: [], widgets_values: [['a fox that it wrote']] },
        { id: 2, type: 'CLIPTextEncode', inputs: [{ name: 'text', link: 1 }] },
        {
          id: 3,
          type: 'KSampler',
          inputs: [{ name: 'positive', link: 2 }],
          widgets_values: [42, 'fixed', 20],
        },
        { id: 9, type: 'SaveImage', inputs: [{ name: 'images', link: 3 }] },
      ],
      links: [link(1, 1, 2, 0), link(2, 2, 3, 0), link(3, 3, 9, 0)],
    };
    const found = read(
      { ...texts, ...told, 20: ['PreviewAny', { source: ['25', 0] }] },
      {
        workflow: JSON.stringify(workflow),
      },
    );
    expect(found?.prompt).toBe('a fox that it wrote');
  });
});

describe('Texts are put together', () => {
  test.each([
    ['CR Combine Prompt', { part1: ['22', 0], part2: 'in snow', part3: '', separator: ', ' }],
    ['StringFunction|pysssss', { action: 'append', tidy_tags: 'yes', text_a: ['22', 0], text_b: 'in snow' }],
    ['StringReplace', { string: 'X, in snow', find: 'X', replace: ['22', 0] }],
    ['ImpactStringSelector', { strings: 'a hare\na fox, in snow', select: 1 }],
  ])('%s', (type, inputs) => {
    expect(read({ ...texts, 20: [type, inputs] })?.prompt).toBe('a fox, in snow');
  });
});

describe('Loaders', () => {
  test.each([
    ['Lora Loader Stack (rgthree)', { lora_01: 'style', strength_01: 0.5, lora_02: 'None', model: ['4', 0] }],
    ['ttN pipeLoader', { lora1_name: 'style', lora1_model_strength: 0.5, model: ['4', 0] }],
    ['LoraTagLoader', { text: ['31', 0], model: ['4', 0] }],
    ['Power Prompt (rgthree)', { prompt: 'a fox <lora:style:0.5>', opt_model: ['4', 0] }],
    ['ImpactWildcardEncode', { wildcard_text: '{a|b}', populated_text: '<lora:style:0.5>', model: ['4', 0] }],
  ])('%s tells its LoRA, and what it was put on', (type, inputs) => {
    const found = read({
      3: ['KSampler', { ...settings, model: ['30', 0], positive: ['6', 0], latent_image: ['5', 0] }],
      30: [type, inputs],
      31: ['PrimitiveString', { value: 'a fox <lora:style:0.5>' }],
    });
    expect(found).toMatchObject({ model: 'base.safetensors', loras: [{ name: 'style', weight: 0.5 }] });
  });
});

describe('Sizes and samplers', () => {
  test('a size in words', () => {
    const found = read({
      5: ['SDXL Empty Latent Image (rgthree)', { dimensions: '1024 x 768  (landscape)' }],
    });
    expect(found).toMatchObject({ width: 1024, height: 768 });
  });

  test('a size that was chosen from a list goes before the fields for others; an override before it', () => {
    const sizeOf = (inputs: Inputs) => {
      const picked: Nodes = {
        5: ['EmptyLatentImage', { width: ['30', 0], height: ['30', 1] }],
        30: ['Picker', inputs],
      };
      const found = read(picked);
      return [found?.width, found?.height];
    };
    expect(sizeOf({ resolution: '768x1280 (0.6)', width_override: 0, height_override: 0 })).toEqual([
      768, 1280,
    ]);
    expect(sizeOf({ resolution: '768x1280 (0.6)', width_override: 640, height_override: 512 })).toEqual([
      640, 512,
    ]);
    expect(sizeOf({ aspect_ratio: '3:4 portrait 896x1152', swap_dimensions: 'On' })).toEqual([1152, 896]);
    expect(sizeOf({ aspect_ratio: 'custom', width: 512, height: 640 })).toEqual([512, 640]);
    const loader = { resolution: '832 x 1216', empty_latent_width: 512, empty_latent_height: 512 };
    expect(read({ 5: ['easy a1111Loader', loader] })).toMatchObject({ width: 832, height: 1216 });
  });

  test('a size that comes in a context, and through a composition', () => {
    const ctx = read({
      3: ['KSampler', { ...settings, positive: ['6', 0], latent_image: ['30', 6] }],
      30: ['Context (rgthree)', { base_ctx: ['31', 0] }],
      31: ['Context (rgthree)', { model: ['4', 0], latent: ['5', 0] }],
    });
    expect(ctx).toMatchObject({ width: 832, height: 1216 });
    const composed = read({
      3: ['KSampler', { ...settings, positive: ['6', 0], latent_image: ['30', 0] }],
      30: ['LatentComposite', { samples_to: ['31', 0], samples_from: ['31', 0] }],
      31: ['KSampler', { ...settings, seed: 11, positive: ['6', 0], latent_image: ['5', 0] }],
    });
    expect(composed).toMatchObject({ seed: '11', width: 832, height: 1216 });
  });

  test('a sampler that is a node of its own', () => {
    const custom = { noise_seed: 7, cfg: 6, model: ['4', 0], positive: ['6', 0], negative: ['7', 0] };
    const found = read({
      3: ['SamplerCustom', { ...custom, sampler: ['30', 0], sigmas: ['31', 0], latent_image: ['5', 0] }],
      30: ['SamplerEulerAncestral', { eta: 1 }],
      31: ['KarrasScheduler', { steps: 20 }],
    });
    expect(found).toMatchObject({ sampler: 'euler_ancestral', steps: 20, seed: '7' });
  });
});

test('a stack of LoRAs has one weight each, or one of the model and one of the text, by its mode', () => {
  const inputs = { lora_count: 1, lora_name_1: 'a', lora_wt_1: 1, model_str_1: 0.3, lora_name_2: 'b' };
  const lorasIn = (input_mode: string) =>
    read({
      4: ['Efficient Loader', { ckpt_name: 'base.safetensors', lora_stack: ['61', 0] }],
      61: ['LoRA Stacker', { input_mode, ...inputs }],
    })?.loras;
  expect(lorasIn('simple')).toEqual([{ name: 'a', weight: 1 }]);
  expect(lorasIn('advanced')).toEqual([{ name: 'a', weight: 0.3 }]);
});
