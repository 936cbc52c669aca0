/** Midjourney: the prompt, its `--arguments` and a `Job ID:` in a description, of PNG, EXIF, IPTC or XMP. */
import { type Blocks, makeReading, type Reading } from './blocks.ts';
import { readXmpValue } from './xmp.ts';

/** A description without a job's number is Midjourney's where an argument follows the prompt that only it has. */
const ownArgument =
  /\s(?:--|—)(?:(?:v|version|niji|stylize|chaos|weird)\s+\d|(?:ar|aspect)\s+\d+:\d|(?:sref|cref|oref|profile)\s+\w)/;

export function readMidjourney(blocks: Blocks): Reading | null {
  const text = ['Description', 'ImageDescription', 'Caption']
    .map((name) => blocks.get(name))
    .concat(readXmpValue(blocks, 'dc:description'))
    .find((own) => own?.includes('Job ID:') === true || (own !== undefined && ownArgument.test(own)));
  if (text === undefined) return null;
  const jobAt = text.indexOf('Job ID:');
  const [prompt = '', ...parts] = (jobAt < 0 ? text : text.slice(0, jobAt)).split(
    // Not from within a run of spaces: each of them would be a new beginning.
    /(?:^|(?<!\s)\s+)(?:--|—)(?=[a-z])/,
  );
  const named = new Map(
    parts.map((part) => {
      const [name = '', ...words] = part.trim().split(/\s+/);
      return [name.toLowerCase(), words.join(' ')];
    }),
  );
  const niji = named.get('niji');
  return makeReading({
    tool: 'Midjourney',
    prompt,
    negativePrompt: named.get('no') ?? '',
    model: named.get('v') ?? named.get('version') ?? (niji === undefined ? undefined : `niji ${niji}`.trim()),
    seed: named.get('seed'),
  });
}
