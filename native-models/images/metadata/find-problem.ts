/** Says what of an image's metadata is there and cannot be read, so that it is told and counted, not silently missing. */
import { type Blocks, maxBlockChars, type Reading } from './blocks.ts';
import { asFields, fieldOf, parseFields } from './json.ts';

/** Blocks that hold JSON where they begin with a brace. */
const jsonBlocks = [
  'prompt',
  'workflow',
  'parameters',
  'parameters-json',
  'invokeai_metadata',
  'sd-metadata',
  'generation_data',
  'UserComment',
];

/** A sentence, or null where nothing is wrong: JSON that is cut off or broken, a graph whose prompt cannot be found. */
export function findProblem(blocks: Blocks, reading: Reading | null): string | null {
  if (reading !== null && reading.prompt !== null) return null;
  for (const name of jsonBlocks) {
    const text = blocks.get(name);
    if (text === undefined || !/^\s*(?:(?:prompt|workflow):\s*)?\{/i.test(text)) continue;
    if (text.length >= maxBlockChars)
      return `The metadata “${name}” is longer than ${maxBlockChars} characters and was not read to its end.`;
    const fields = parseFields(text.replace(/^\s*(?:prompt|workflow):\s*/i, ''));
    if (fields === null) return `The metadata “${name}” is no readable JSON: it is cut off or damaged.`;
    const isGraph =
      Array.isArray(fieldOf(fields, 'nodes')) ||
      Object.values(fields).some((node) => fieldOf(asFields(node), 'class_type') !== undefined);
    if (isGraph) return 'The graph in the metadata has no sampler whose links lead to a prompt.';
  }
  return null;
}
