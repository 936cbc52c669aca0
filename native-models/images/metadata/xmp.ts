/** Single values of an XMP packet (ISO 16684-1), as an attribute or an element, whatever its prefixes are. */
import { type Blocks, makeReading, type Reading } from './blocks.ts';
import { isGeneratedSource, nameVendor } from './vendors.ts';

/** Namespaces by the prefix that nearly everybody writes for them. */
const namespaces: Readonly<Record<string, string>> = {
  dc: 'http://purl.org/dc/elements/1.1/',
  exif: 'http://ns.adobe.com/exif/1.0/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
};

/** The text of a property such as `dc:description`, of its first item where it is a list; undefined where there is none. */
export function readXmpValue(blocks: Blocks, property: string): string | undefined {
  const xmp = xmpOf(blocks);
  if (xmp === undefined) return undefined;
  const name = nameInPacket(xmp, property);
  const attribute = valueOfAttribute(xmp, name);
  if (attribute !== undefined) return unescapeXml(attribute);
  const opening = xmp.indexOf(`<${name}`);
  const start = opening < 0 ? -1 : xmp.indexOf('>', opening);
  const end = start < 0 ? -1 : xmp.indexOf(`</${name}>`, start);
  if (end < 0) return undefined;
  const inside = xmp.slice(start + 1, end);
  const item = /<(?:\w+:)?li\b[^>]*>([^<]*)<\/(?:\w+:)?li>/.exec(inside)?.[1];
  return unescapeXml(item ?? (inside.includes('<') ? '' : inside)).trim();
}

/** `exif:UserComment` by the prefix that this packet declares. */
function nameInPacket(xmp: string, property: string): string {
  const [prefix = '', local = ''] = property.split(':');
  const namespace = namespaces[prefix] ?? '';
  const at = xmp.search(new RegExp(`xmlns:[\\w.-]+\\s*=\\s*["']${namespace.replaceAll('.', '\\.')}["']`));
  const declared = at < 0 ? prefix : (/^xmlns:([\w.-]+)/.exec(xmp.slice(at, at + 100))?.[1] ?? prefix);
  return `${declared}:${local}`;
}

/** The packet of a PNG's chunk, or of any other file. */
export function xmpOf(blocks: Blocks): string | undefined {
  return blocks.get('XML:com.adobe.xmp') ?? blocks.get('XMP');
}

/** Sections of plain text (`<![CDATA[…]]>`) as the text that XML would else write. */
export function withoutSections(xmp: string): string {
  const [before = '', ...sections] = xmp.split('<![CDATA[');
  return sections.reduce((done, section) => {
    const end = section.indexOf(']]>');
    const text = end < 0 ? section : section.slice(0, end);
    return done + escapeXml(text) + (end < 0 ? '' : section.slice(end + 3));
  }, before);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
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

/** IPTC's properties for generated pictures (Photo Metadata Standard 2025.1): the system, its version, the prompt; else who says so. */
export function readIptcOfXmp(blocks: Blocks): Reading | null {
  const tool = readXmpValue(blocks, 'Iptc4xmpExt:AISystemUsed');
  const prompt = readXmpValue(blocks, 'Iptc4xmpExt:AIPromptInformation');
  const source = readXmpValue(blocks, 'Iptc4xmpExt:DigitalSourceType') ?? '';
  if (tool === undefined && prompt === undefined && !isGeneratedSource(source)) return null;
  const said =
    tool ?? readXmpValue(blocks, 'xmp:CreatorTool') ?? readXmpValue(blocks, 'photoshop:Credit') ?? 'unknown';
  return makeReading({
    tool: nameVendor([said]) ?? said,
    prompt,
    model: readXmpValue(blocks, 'Iptc4xmpExt:AISystemVersionUsed'),
  });
}
