/** Single values of an XMP packet (ISO 16684-1), as an attribute or an element, by the prefixes that everybody writes. */
import { type Blocks, makeReading, type Reading } from './blocks.ts';

/** The text of a property such as `dc:description`, of its first item where it is a list; undefined where there is none. */
export function readXmpValue(blocks: Blocks, property: string): string | undefined {
  const xmp = blocks.get('XML:com.adobe.xmp') ?? blocks.get('XMP');
  if (xmp === undefined) return undefined;
  const attribute = valueOfAttribute(xmp, property);
  if (attribute !== undefined) return unescapeXml(attribute);
  const opening = xmp.indexOf(`<${property}`);
  const start = opening < 0 ? -1 : xmp.indexOf('>', opening);
  const end = start < 0 ? -1 : xmp.indexOf(`</${property}>`, start);
  if (end < 0) return undefined;
  const inside = xmp.slice(start + 1, end);
  const item = /<rdf:li\b[^>]*>([^<]*)<\/rdf:li>/.exec(inside)?.[1];
  return unescapeXml(item ?? (inside.includes('<') ? '' : inside)).trim();
}

function valueOfAttribute(xmp: string, property: string): string | undefined {
  const at = xmp.indexOf(`${property}=`);
  const mark = at < 0 ? '' : xmp[at + property.length + 1];
  if (mark !== '"' && mark !== "'") return undefined;
  const start = at + property.length + 2;
  const end = xmp.indexOf(mark, start);
  return end < 0 ? undefined : xmp.slice(start, end);
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

/** IPTC's properties for generated pictures (Photo Metadata Standard 2025.1): the system, its version, the prompt. */
export function readIptcOfXmp(blocks: Blocks): Reading | null {
  const tool = readXmpValue(blocks, 'Iptc4xmpExt:AISystemUsed');
  const prompt = readXmpValue(blocks, 'Iptc4xmpExt:AIPromptInformation');
  if (tool === undefined && prompt === undefined) return null;
  return makeReading({
    tool: tool ?? 'unknown',
    prompt,
    model: readXmpValue(blocks, 'Iptc4xmpExt:AISystemVersionUsed'),
  });
}
