/** Draw Things: JSON (`c` the prompt, `uc` what to avoid) in exif:UserComment of an XMP packet. */
import { type Blocks, makeReading, type Reading, readSize } from './blocks.ts';
import { asFields, fieldOf, listOf, parseFields } from './json.ts';
import { readXmpValue } from './xmp.ts';

export function readDrawThings(blocks: Blocks): Reading | null {
  const fields = parseFields(readXmpValue(blocks, 'exif:UserComment'));
  if (fields === null || typeof fieldOf(fields, 'c') !== 'string') return null;
  return makeReading({
    tool: 'Draw Things',
    prompt: fieldOf(fields, 'c'),
    negativePrompt: fieldOf(fields, 'uc'),
    model: fieldOf(fields, 'model'),
    seed: fieldOf(fields, 'seed'),
    steps: fieldOf(fields, 'steps'),
    cfg: fieldOf(fields, 'scale'),
    sampler: fieldOf(fields, 'sampler'),
    ...readSize(fieldOf(fields, 'size')),
    loras: listOf(fieldOf(fields, 'lora'))
      .map(asFields)
      .map((lora) => ({ name: fieldOf(lora, 'model'), weight: fieldOf(lora, 'weight') })),
  });
}
