/** Samplers that take their texts in other ways than most, and graphs that generate elsewhere, are found. */
import { describe, expect, test } from 'vitest';
import { readComfyUi } from '../../../../../native-models/images/metadata/comfyui/comfyui.ts';

type Nodes = Record<string, [type: string, inputs: Record<string, unknown>]>;

function read(nodes: Nodes) {
  const graph = Object.fromEntries(
    Object.entries(nodes).map(([id, [type, inputs]]) => [id, { class_type: type, inputs }]),
  );
  return readComfyUi(new Map([['prompt', JSON.stringify(graph)]]));
}

const saver: Nodes[string] = ['SaveImage', { images: ['8', 0] }];
const decoder: Nodes[string] = ['VAEDecode', { samples: ['3', 0] }];
const asked = { prompt: 'a red fox', negativePrompt: 'fog', seed: '7' };

describe('A sampler takes its texts', () => {
  test('in a tuple of its loader', () => {
    const loader = { base_ckpt_name: 'xl.safetensors', positive: 'a red fox', negative: 'fog' };
    const found = read({
      1: ['Eff. Loader SDXL', { ...loader, empty_latent_width: 1024, empty_latent_height: 768 }],
      3: ['KSampler SDXL (Eff.)', { noise_seed: 7, steps: 20, sdxl_tuple: ['1', 0], latent_image: ['1', 1] }],
      8: decoder,
      9: saver,
    });
    expect(found).toMatchObject({ ...asked, model: 'xl.safetensors', width: 1024, height: 768 });
  });

  test('as conditioning and its opposite', () => {
    const found = read({
      1: ['CLIPTextEncodeFlux', { clip_l: 'fox', t5xxl: 'a red fox', guidance: 4 }],
      2: ['CLIPTextEncodeFlux', { clip_l: '', t5xxl: 'fog', guidance: 4 }],
      3: ['XlabsSampler', { conditioning: ['1', 0], neg_conditioning: ['2', 0], noise_seed: 7, steps: 20 }],
      8: decoder,
      9: saver,
    });
    expect(found).toMatchObject(asked);
  });

  test('as one embedding of both', () => {
    const found = read({
      1: ['WanVideoTextEncode', { positive_prompt: 'a red fox', negative_prompt: 'fog' }],
      3: ['WanVideoSampler', { text_embeds: ['1', 0], seed: 7, steps: 20, cfg: 6 }],
      8: decoder,
      9: saver,
    });
    expect(found).toMatchObject(asked);
  });
});

describe('A graph without a sampler', () => {
  test('has the prompt of the service that its saved picture came from, typed or linked', () => {
    const typed = read({ 8: ['OpenAIGPTImage1', { prompt: 'a red fox', seed: 7 }], 9: saver });
    expect(typed).toMatchObject({ prompt: 'a red fox', seed: '7' });
    const linked = read({
      1: ['PrimitiveStringMultiline', { value: 'a red fox' }],
      8: ['IdeogramV3', { prompt: ['1', 0], negative_prompt: 'fog', seed: 7 }],
      9: saver,
    });
    expect(linked).toMatchObject(asked);
  });

  test('has none where a prompt leads to no picture', () => {
    expect(read({ 1: ['AskLanguageModel', { prompt: 'write a poem' }], 9: saver })).toBeNull();
  });
});
