/** Tools that write a ComfyUI graph beside their own object, which says more plainly what was asked: Stability Matrix, TensorArt. */
import { type Blocks, makeReading, type Reading } from './blocks.ts';
import { readComfyUi } from './comfyui/comfyui.ts';
import { asFields, fieldOf, listOf, parseFields } from './json.ts';

/** The sampler and the LoRAs are taken from the graph where there is one: the object holds the label shown in the window. */
export function readStabilityMatrix(blocks: Blocks): Reading | null {
  const fields = parseFields(blocks.get('parameters-json'));
  if (fields === null) return null;
  const graph = readComfyUi(blocks);
  return makeReading({
    tool: 'Stability Matrix',
    prompt: fieldOf(fields, 'PositivePrompt'),
    negativePrompt: fieldOf(fields, 'NegativePrompt'),
    model: fieldOf(fields, 'ModelName'),
    seed: fieldOf(fields, 'Seed'),
    steps: fieldOf(fields, 'Steps'),
    cfg: fieldOf(fields, 'CfgScale'),
    sampler: graph?.sampler ?? fieldOf(fields, 'Sampler'),
    width: fieldOf(fields, 'Width'),
    height: fieldOf(fields, 'Height'),
    loras: graph?.loras ?? [],
  });
}

/** The object's seed may be −1 (random): the graph has the one that was used. */
export function readTensorArt(blocks: Blocks): Reading | null {
  const fields = parseFields(blocks.get('generation_data'));
  if (fields === null) return null;
  const graph = readComfyUi(blocks);
  const models = listOf(fieldOf(fields, 'models')).map(asFields);
  return makeReading({
    tool: 'TensorArt',
    prompt: fieldOf(fields, 'prompt'),
    negativePrompt: fieldOf(fields, 'negativePrompt'),
    model: fieldOf(asFields(fieldOf(fields, 'baseModel')), 'modelFileName'),
    seed: graph?.seed ?? fieldOf(fields, 'seed'),
    steps: fieldOf(fields, 'steps'),
    cfg: fieldOf(fields, 'cfgScale'),
    sampler: fieldOf(fields, 'ksamplerName'),
    width: fieldOf(fields, 'width'),
    height: fieldOf(fields, 'height'),
    loras: models
      .filter((model) => /lora/i.test(String(fieldOf(model, 'type'))))
      .map((model) => ({ name: fieldOf(model, 'modelFileName'), weight: fieldOf(model, 'weight') })),
  });
}
