/** Mochi Diffusion: `Include in Image: …; Exclude from Image: …; Model: …; Steps: …` as the caption of IPTC or a description. */
import { type Blocks, makeReading, type Reading, readSize } from './blocks.ts';
import { readXmpValue } from './xmp.ts';

const names = [
  ...['Include in Image', 'Exclude from Image', 'Model', 'Steps', 'Guidance Scale', 'Seed', 'Size'],
  ...['Scheduler', 'Upscaler', 'Date', 'ML Compute Unit', 'Generator'],
];
/** A value ends where the next name begins: prompts have semicolons, too. */
const nameThere = new RegExp(`(?:^|[;\\n]\\s*)(${names.join('|')}):[ ]?`, 'g');

export function readMochiDiffusion(blocks: Blocks): Reading | null {
  const text = ['Caption', 'Description', 'ImageDescription']
    .map((name) => blocks.get(name))
    .concat(readXmpValue(blocks, 'dc:description'))
    .find((own) => own !== undefined && /Include in Image:/.test(own));
  if (text === undefined) return null;
  const found = [...text.matchAll(nameThere)];
  const told = new Map(
    found.map((match, at) => [
      match[1],
      text.slice(match.index + match[0].length, found[at + 1]?.index ?? text.length).replace(/;\s*$/, ''),
    ]),
  );
  return makeReading({
    tool: 'Mochi Diffusion',
    prompt: told.get('Include in Image'),
    negativePrompt: told.get('Exclude from Image'),
    model: told.get('Model')?.trim(),
    seed: told.get('Seed'),
    steps: told.get('Steps'),
    cfg: told.get('Guidance Scale'),
    sampler: told.get('Scheduler'),
    ...readSize(told.get('Size')),
  });
}
