/** Tools that write a ComfyUI graph beside their own object, which says more plainly what was asked: Stability Matrix, TensorArt. */
import { type Blocks, makeReading, type Reading } from './blocks.ts';
import { readComfyUi } from './comfyui.ts';
import { asFields, fieldOf, parseFields } from './json.ts';

/** The sampler is taken from the graph where there is one: the object holds the label shown in the window. */
export function readStabilityMatrix(blocks: Blocks): Reading | null {
  const fields = parseFields(blocks.get('parameters-json'));
  if (fields === null) return null;
  return makeReading({
    tool: 'Stability Matrix',
    prompt: fieldOf(fields, 'PositivePrompt'),
    negativePrompt: fieldOf(fields, 'NegativePrompt'),
    model: fieldOf(fields, 'ModelName'),
    seed: fieldOf(fields, 'Seed'),
    steps: fieldOf(fields, 'Steps'),
    cfg: fieldOf(fields, 'CfgScale'),
    sampler: readComfyUi(blocks)?.sampler ?? fieldOf(fields, 'Sampler'),
  });
}

/** The object's seed may be −1 (random): the graph has the one that was used. */
export function readTensorArt(blocks: Blocks): Reading | null {
  const fields = parseFields(blocks.get('generation_data'));
  if (fields === null) return null;
  const graph = readComfyUi(blocks);
  return makeReading({
    tool: 'TensorArt',
    prompt: fieldOf(fields, 'prompt'),
    negativePrompt: fieldOf(fields, 'negativePrompt'),
    model: fieldOf(asFields(fieldOf(fields, 'baseModel')), 'modelFileName'),
    seed: graph?.seed ?? fieldOf(fields, 'seed'),
    steps: fieldOf(fields, 'steps'),
    cfg: fieldOf(fields, 'cfgScale'),
    sampler: fieldOf(fields, 'ksamplerName'),
  });
}
