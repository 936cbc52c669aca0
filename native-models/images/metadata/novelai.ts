/** NovelAI: Description, Source and a JSON Comment, in PNG chunks, in a UserComment, or hidden in the alpha channel. */
import { type Blocks, makeReading, type Reading } from './blocks.ts';
import { asFields, type Fields, fieldOf, parseFields } from './json.ts';

export function readNovelAi(blocks: Blocks): Reading | null {
  const outer = parseFields(blocks.get('UserComment')) ?? parseFields(blocks.get('stealth'));
  const get = (name: string): unknown => blocks.get(name) ?? fieldOf(outer, name);
  const isBare = ['v4_prompt', 'noise_schedule'].some((name) => fieldOf(outer, name) !== undefined);
  const comment = parseFields(textOf(get('Comment'))) ?? (isBare ? outer : null);
  if (comment === null) return null;
  const software = textOf(get('Software')) ?? '';
  if (!software.startsWith('NovelAI') && fieldOf(comment, 'uc') === undefined) return null;
  // WebP has no Source: the model stands in EXIF Software there.
  const model = get('Source') ?? (software === 'NovelAI' ? undefined : software);
  return makeReading({
    tool: 'NovelAI',
    prompt: get('Description') ?? fieldOf(comment, 'prompt') ?? caption(comment, 'v4_prompt'),
    negativePrompt: fieldOf(comment, 'uc') ?? caption(comment, 'v4_negative_prompt'),
    model,
    seed: fieldOf(comment, 'seed'),
    steps: fieldOf(comment, 'steps'),
    cfg: fieldOf(comment, 'scale'),
    sampler: fieldOf(comment, 'sampler'),
    width: fieldOf(comment, 'width'),
    height: fieldOf(comment, 'height'),
  });
}

function caption(comment: Fields, name: string): unknown {
  return fieldOf(asFields(fieldOf(asFields(fieldOf(comment, name)), 'caption')), 'base_caption');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
