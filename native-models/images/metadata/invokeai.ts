/** InvokeAI: `invokeai_metadata` (v3 and later), `sd-metadata` (v2), the command line in `Dream` (v1). */
import { type Blocks, type FoundLora, makeReading, type Reading } from './blocks.ts';
import { asFields, type Fields, fieldOf, listOf, parseFields } from './json.ts';

export function readInvokeAi(blocks: Blocks): Reading | null {
  const current = parseFields(blocks.get('invokeai_metadata'));
  if (current !== null) return readCurrent(current);
  const old = parseFields(blocks.get('sd-metadata'));
  if (old !== null) return readVersion2(old);
  const line = blocks.get('Dream');
  return line === undefined ? null : readDream(line);
}

function readCurrent(fields: Fields): Reading {
  const model = asFields(fieldOf(fields, 'model'));
  return makeReading({
    tool: 'InvokeAI',
    prompt: fieldOf(fields, 'positive_prompt'),
    negativePrompt: fieldOf(fields, 'negative_prompt'),
    model: fieldOf(model, 'name') ?? fieldOf(model, 'model_name'),
    seed: fieldOf(fields, 'seed'),
    steps: fieldOf(fields, 'steps'),
    cfg: fieldOf(fields, 'cfg_scale'),
    sampler: fieldOf(fields, 'scheduler'),
    width: fieldOf(fields, 'width'),
    height: fieldOf(fields, 'height'),
    loras: listOf(fieldOf(fields, 'loras')).map(asFields).map(readLora),
  });
}

/** `{ model: { name }, weight }`; before version 4 `{ lora: { model_name }, weight }`. */
function readLora(entry: Fields | null): FoundLora {
  const model = asFields(fieldOf(entry, 'model')) ?? asFields(fieldOf(entry, 'lora'));
  return { name: fieldOf(model, 'name') ?? fieldOf(model, 'model_name'), weight: fieldOf(entry, 'weight') };
}

function readVersion2(fields: Fields): Reading {
  const image = asFields(fieldOf(fields, 'image'));
  const prompts: unknown = fieldOf(image, 'prompt');
  const first: unknown = Array.isArray(prompts) ? fieldOf(asFields(prompts[0]), 'prompt') : prompts;
  return makeReading({
    tool: 'InvokeAI',
    ...splitNegative(typeof first === 'string' ? first : ''),
    model: fieldOf(fields, 'model_weights'),
    seed: fieldOf(image, 'seed'),
    steps: fieldOf(image, 'steps'),
    cfg: fieldOf(image, 'cfg_scale'),
    sampler: fieldOf(image, 'sampler'),
    width: fieldOf(image, 'width'),
    height: fieldOf(image, 'height'),
  });
}

/** `"prompt [negative]" -s 25 -S 42 -C 7.5 -A k_lms` */
function readDream(line: string): Reading | null {
  const end = line.lastIndexOf('"');
  if (line[0] !== '"' || end < 1) return null;
  const options = new Map(
    [...line.slice(end + 1).matchAll(/-([A-Za-z])\s*(\S{1,100})/g)].map(([, name, value]) => [name, value]),
  );
  return makeReading({
    tool: 'InvokeAI',
    ...splitNegative(line.slice(1, end).replaceAll('\\"', '"')),
    seed: options.get('S'),
    steps: options.get('s'),
    cfg: options.get('C'),
    sampler: options.get('A'),
    width: options.get('W'),
    height: options.get('H'),
  });
}

/** What stands in [brackets] was to be avoided. */
function splitNegative(text: string): { prompt: string; negativePrompt: string } {
  const negative: string[] = [];
  const prompt = text.replace(/\[([^[\]]*)\]/g, (_whole, inside: string) => {
    negative.push(inside.trim());
    return '';
  });
  return { prompt: prompt.replace(/[\s,]+$/, ''), negativePrompt: negative.join(', ') };
}
