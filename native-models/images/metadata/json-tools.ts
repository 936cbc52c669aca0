/** Tools that write one flat JSON object or one chunk a key: SwarmUI, Hugging Face Spaces, Easy Diffusion, Fooocus. */
import { readParametersText } from './automatic1111.ts';
import { type Blocks, makeReading, type Reading } from './blocks.ts';
import { asFields, type Fields, fieldOf, parseFields } from './json.ts';

/** Objects in the blocks that several tools share. */
function sharedObjects(blocks: Blocks): Fields[] {
  return ['parameters', 'UserComment', 'JpegComment']
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
      sampler: fieldOf(about, 'sampler'),
    });
  }
  return null;
}

/** Fooocus names its scheme in `fooocus_scheme`; its JSON has `base_model`, its other scheme is AUTOMATIC1111's text. */
export function readFooocus(blocks: Blocks): Reading | null {
  const fields = sharedObjects(blocks).find((object) => typeof fieldOf(object, 'base_model') === 'string');
  if (fields !== undefined) {
    return makeReading({
      tool: 'Fooocus',
      prompt: fieldOf(fields, 'prompt'),
      negativePrompt: fieldOf(fields, 'negative_prompt'),
      model: fieldOf(fields, 'base_model'),
      seed: fieldOf(fields, 'seed'),
      steps: fieldOf(fields, 'steps'),
      cfg: fieldOf(fields, 'guidance_scale'),
      sampler: fieldOf(fields, 'sampler'),
    });
  }
  if (!blocks.has('fooocus_scheme')) return null;
  const reading = readParametersText(blocks.get('parameters') ?? '');
  return reading === null ? null : { ...reading, tool: 'Fooocus' };
}

export function readHuggingFaceSpace(blocks: Blocks): Reading | null {
  const fields = sharedObjects(blocks).find(
    (object) =>
      typeof fieldOf(object, 'prompt') === 'string' &&
      fieldOf(object, 'num_inference_steps') !== undefined &&
      fieldOf(object, 'use_stable_diffusion_model') === undefined,
  );
  if (fields === undefined) return null;
  return makeReading({
    tool: 'Hugging Face Space',
    prompt: fieldOf(fields, 'prompt'),
    negativePrompt: fieldOf(fields, 'negative_prompt'),
    model: fieldOf(fields, 'Model') ?? fieldOf(fields, 'model'),
    seed: fieldOf(fields, 'seed'),
    steps: fieldOf(fields, 'num_inference_steps'),
    cfg: fieldOf(fields, 'guidance_scale'),
    sampler: fieldOf(fields, 'sampler'),
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
  });
}
