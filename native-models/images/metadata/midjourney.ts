/** Midjourney: the prompt, its `--arguments` and a `Job ID:` in Description. */
import { type Blocks, makeReading, type Reading } from './blocks.ts';

export function readMidjourney(blocks: Blocks): Reading | null {
  const text = blocks.get('Description') ?? blocks.get('ImageDescription');
  const jobAt = text?.indexOf('Job ID: ') ?? -1;
  if (text === undefined || jobAt < 0) return null;
  const [prompt = '', ...parts] = text.slice(0, jobAt).split(/\s--(?=[a-z])/);
  const named = new Map(
    parts.map((part) => {
      const [name = '', ...words] = part.trim().split(/\s+/);
      return [name, words.join(' ')];
    }),
  );
  return makeReading({
    tool: 'Midjourney',
    prompt,
    negativePrompt: named.get('no') ?? '',
    model: named.get('v') ?? named.get('version') ?? named.get('niji'),
    seed: named.get('seed'),
  });
}
