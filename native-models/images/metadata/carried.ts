/** Texts that other programs carried over from one file format to another: PNG's chunks as JSON in a comment, a comment as a property of XMP. */
import type { Blocks } from './blocks.ts';
import { fieldOf, parseFields } from './json.ts';
import { readXmpValue, withoutSections, xmpOf } from './xmp.ts';

const carriers = ['UserComment', 'JpegComment', 'stealth'] as const;
/** Keywords whose value is JSON; a `prompt` that is words is a setting of another convention. */
const jsonNames = [
  'prompt',
  'workflow',
  'parameters-json',
  'invokeai_metadata',
  'sd-metadata',
  'generation_data',
];
const textNames = ['parameters', 'Dream'];
const ofXmp = [
  ['exif:UserComment', 'UserComment'],
  ['tiff:ImageDescription', 'ImageDescription'],
  ['dc:description', 'Description'],
] as const;

/** The blocks, and those that they carry, by the name that they have where their generator writes them. What is there itself stays. */
export function withCarried(blocks: Blocks): Blocks {
  const all = new Map(blocks);
  const xmp = xmpOf(blocks);
  if (xmp?.includes('<![CDATA[') === true) {
    all.delete('XML:com.adobe.xmp');
    all.set('XMP', withoutSections(xmp));
  }
  const put = (name: string, value: unknown) => {
    if (all.has(name) || value === undefined || value === null) return;
    all.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  };
  for (const [property, name] of ofXmp) put(name, readXmpValue(all, property));
  for (const carrier of carriers) {
    const fields = parseFields(all.get(carrier));
    for (const name of textNames) put(name, fieldOf(fields, name));
    for (const name of jsonNames) {
      const value = fieldOf(fields, name);
      if (typeof value === 'object' || (typeof value === 'string' && /^\s*\{/.test(value))) put(name, value);
    }
  }
  return all;
}
