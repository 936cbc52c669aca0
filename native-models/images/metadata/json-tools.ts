/** Tools that write one flat JSON object or one chunk a key: SwarmUI, Hugging Face Spaces, Easy Diffusion, sd-scripts, Fooocus, Civitai. */
import { readParametersText } from './automatic1111.ts';
import { type Blocks, type FoundLora, makeReading, type Reading, readSize } from './blocks.ts';
import { asFields, type Fields, fieldOf, listOf, parseFields } from './json.ts';

/** Objects in the blocks that several tools share. */
function sharedObjects(blocks: Blocks): Fields[] {
  return ['parameters', 'UserComment', 'JpegComment', 'ImageDescription', 'Comment']
    .map((name) => parseFields(blocks.get(name)))
    .filter((fields) => fields !== null);
}

export function readSwarmUi(blocks: Blocks): Reading | null {
  for (const fields of sharedObjects(blocks)) {
    const about = asFields(fieldOf(fields, 'sui_image_params'));
    if (about === null) continue;
    return makeReading({
      tool: 'SwarmUI',
      prompt: fieldOf(about, 'prompt'),
      negativePrompt: fieldOf(about, 'negativeprompt'),
      model: fieldOf(about, 'model'),
      seed: fieldOf(about, 'seed'),
      steps: fieldOf(about, 'steps'),
      cfg: fieldOf(about, 'cfgscale'),
      // Older versions name the backend that it was chosen for.
      sampler: ['sampler', 'comfyuisampler', 'comfyui_sampler', 'autowebuisampler']
        .map((name) => fieldOf(about, name))
        .find((value) => value !== undefined),
      width: fieldOf(about, 'width'),
      height: fieldOf(about, 'height'),
      loras: pairUp(fieldOf(about, 'loras'), fieldOf(about, 'loraweights')),
    });
  }
  return null;
}

/** Names and weights, each a list or a text with commas, also as Python writes a list. */
function pairUp(names: unknown, weights: unknown): FoundLora[] {
  const split = (value: unknown) =>
    typeof value === 'string'
      ? value
          .replace(/^\[|\]$/g, '')
          .split(',')
          .map((part) => part.trim().replace(/^(['"])(.*)\1$/, '$2'))
      : listOf(value);
  const all = split(weights);
  return split(names).map((name, at) => ({ name, weight: all[at] }));
}

/**
 * Fooocus names its scheme in `fooocus_scheme`; its JSON has `base_model`, its other scheme is AUTOMATIC1111's text. Fooocus-MRE writes the
 * JSON as a comment. RuinedFooocus says so in `software`.
 */
export function readFooocus(blocks: Blocks): Reading | null {
  const objects = sharedObjects(blocks);
  const fields = objects.find((object) => typeof fieldOf(object, 'base_model') === 'string');
  if (fields !== undefined) return readFooocusFields(fields);
  const ruined = objects.find((object) => fieldOf(object, 'software') === 'RuinedFooocus');
  if (ruined !== undefined) {
    return makeReading({
      tool: 'RuinedFooocus',
      prompt: fieldOf(ruined, 'Prompt'),
      negativePrompt: fieldOf(ruined, 'Negative'),
      model: fieldOf(ruined, 'base_model_name'),
      seed: fieldOf(ruined, 'seed'),
      steps: fieldOf(ruined, 'steps'),
      cfg: fieldOf(ruined, 'cfg'),
      sampler: fieldOf(ruined, 'sampler_name'),
      width: fieldOf(ruined, 'width'),
      height: fieldOf(ruined, 'height'),
      loras: listOf(fieldOf(ruined, 'loras')).map((lora) =>
        Array.isArray(lora)
          ? { name: lora[0], weight: lora[1] }
          : { name: fieldOf(asFields(lora), 'name'), weight: fieldOf(asFields(lora), 'weight') },
      ),
    });
  }
  if (!blocks.has('fooocus_scheme')) return null;
  const reading = readParametersText(blocks.get('parameters') ?? '');
  return reading === null ? null : { ...reading, tool: 'Fooocus' };
}

function readFooocusFields(fields: Fields): Reading {
  const listed = listOf(fieldOf(fields, 'loras'))
    .map(listOf)
    .map(([name, weight]) => ({ name, weight }));
  const combined = Object.entries(fields).flatMap(([key, value]) => {
    const [, name, weight] = /^lora_combined_\d+$/.test(key)
      ? (/^(.+?)\s*:\s*(-?[\d.]+)$/.exec(String(value)) ?? [])
      : [];
    return name === undefined ? [] : [{ name, weight }];
  });
  return makeReading({
    tool: 'Fooocus',
    prompt: fieldOf(fields, 'prompt'),
    negativePrompt: fieldOf(fields, 'negative_prompt'),
    model: fieldOf(fields, 'base_model'),
    seed: fieldOf(fields, 'seed'),
    steps: fieldOf(fields, 'steps'),
    cfg: fieldOf(fields, 'guidance_scale') ?? fieldOf(fields, 'cfg'),
    sampler: fieldOf(fields, 'sampler'),
    width: fieldOf(fields, 'width'),
    height: fieldOf(fields, 'height'),
    ...readSize(fieldOf(fields, 'resolution')),
    loras: [...listed, ...combined],
  });
}

export function readHuggingFaceSpace(blocks: Blocks): Reading | null {
  const fields = sharedObjects(blocks).find(
    (object) =>
      typeof fieldOf(object, 'prompt') === 'string' &&
      (fieldOf(object, 'num_inference_steps') !== undefined ||
        (fieldOf(object, 'Model') !== undefined && fieldOf(object, 'resolution') !== undefined)) &&
      fieldOf(object, 'use_stable_diffusion_model') === undefined,
  );
  if (fields === undefined) return null;
  const model = fieldOf(fields, 'Model');
  return makeReading({
    tool: 'Hugging Face Space',
    prompt: fieldOf(fields, 'prompt'),
    negativePrompt: fieldOf(fields, 'negative_prompt'),
    model: fieldOf(asFields(model), 'Model') ?? model ?? fieldOf(fields, 'model'),
    seed: fieldOf(fields, 'seed'),
    steps: fieldOf(fields, 'num_inference_steps'),
    cfg: fieldOf(fields, 'guidance_scale'),
    sampler: fieldOf(fields, 'sampler'),
    width: fieldOf(fields, 'width'),
    height: fieldOf(fields, 'height'),
    ...readSize(fieldOf(fields, 'resolution')),
  });
}

/** One chunk a key in PNG, the same keys as JSON in a UserComment. */
export function readEasyDiffusion(blocks: Blocks): Reading | null {
  const key = 'use_stable_diffusion_model';
  const object = sharedObjects(blocks).find((fields) => fieldOf(fields, key) !== undefined) ?? null;
  if (object === null && !blocks.has(key)) return null;
  const get = (name: string) => (object === null ? blocks.get(name) : fieldOf(object, name));
  return makeReading({
    tool: 'Easy Diffusion',
    prompt: get('prompt'),
    negativePrompt: get('negative_prompt'),
    model: get(key),
    seed: get('seed'),
    steps: get('num_inference_steps'),
    cfg: get('guidance_scale'),
    sampler: get('sampler_name'),
    width: get('width'),
    height: get('height'),
    loras: pairUp(get('use_lora_model'), get('lora_alpha')),
  });
}

/** The generating scripts of sd-scripts (kohya): one chunk a key, a prompt that is no graph. */
export function readSdScripts(blocks: Blocks): Reading | null {
  const prompt = blocks.get('prompt');
  const isTheirs = ['seed', 'sampler', 'steps', 'scale'].every((key) => blocks.has(key));
  if (prompt === undefined || !isTheirs) return null;
  return makeReading({
    tool: 'sd-scripts',
    prompt,
    negativePrompt: blocks.get('negative-prompt'),
    seed: blocks.get('seed'),
    steps: blocks.get('steps'),
    cfg: blocks.get('scale'),
    sampler: blocks.get('sampler'),
  });
}

/** Civitai's own generator: a graph with `extraMetadata`, JSON in a text, that says plainly what was asked. */
export function readCivitai(blocks: Blocks): Reading | null {
  for (const object of [...sharedObjects(blocks), parseFields(blocks.get('prompt'))]) {
    const extra = fieldOf(object, 'extraMetadata');
    const fields = typeof extra === 'string' ? parseFields(extra) : asFields(extra);
    if (fields === null) continue;
    const resources = listOf(fieldOf(fields, 'resources')).map(asFields);
    return makeReading({
      tool: 'Civitai',
      prompt: fieldOf(fields, 'prompt'),
      negativePrompt: fieldOf(fields, 'negativePrompt'),
      model: fieldOf(fields, 'baseModel'),
      seed: fieldOf(fields, 'seed'),
      steps: fieldOf(fields, 'steps'),
      cfg: fieldOf(fields, 'cfgScale'),
      sampler: fieldOf(fields, 'sampler'),
      width: fieldOf(fields, 'width'),
      height: fieldOf(fields, 'height'),
      loras: resources
        .filter((resource) => /lora|lycoris/i.test(String(fieldOf(resource, 'type'))))
        .map((resource) => ({
          name: fieldOf(resource, 'modelName') ?? fieldOf(resource, 'name'),
          weight: fieldOf(resource, 'strength') ?? fieldOf(resource, 'weight'),
        })),
    });
  }
  return null;
}
