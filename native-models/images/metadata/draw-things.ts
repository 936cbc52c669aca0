/** Draw Things: JSON (`c` the prompt, `uc` what to avoid) in exif:UserComment of an XMP packet. */
import { type Blocks, makeReading, type Reading } from './blocks.ts';
import { fieldOf, parseFields } from './json.ts';

export function readDrawThings(blocks: Blocks): Reading | null {
  const xmp = blocks.get('XML:com.adobe.xmp') ?? blocks.get('XMP');
  const comment = xmp === undefined ? null : between(xmp, '<exif:UserComment', '</exif:UserComment>');
  if (comment === null) return null;
  const start = comment.indexOf('{');
  const end = comment.lastIndexOf('}');
  const fields = start < 0 ? null : parseFields(unescapeXml(comment.slice(start, end + 1)));
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
  });
}

function between(text: string, from: string, to: string): string | null {
  const start = text.indexOf(from);
  const end = start < 0 ? -1 : text.indexOf(to, start);
  return end < 0 ? null : text.slice(start + from.length, end);
}

const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };

/** The five named entities and character references; no others exist without a document type. */
function unescapeXml(text: string): string {
  return text.replace(
    /&(?:(quot|apos|lt|gt|amp)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi,
    (whole, name, tens, hex) => {
      if (typeof name === 'string') return entities[name.toLowerCase()] ?? whole;
      const point = typeof tens === 'string' ? Number(tens) : Number.parseInt(String(hex), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
