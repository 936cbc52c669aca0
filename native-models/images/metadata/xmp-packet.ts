/** Finds the XMP packet of an image file (XMP Specification Part 3): in one piece, or main part and extension in segments of a JPEG. */
import { maxBlockChars } from './blocks.ts';
import { jpegSegments } from './jpeg-segments.ts';

const mainMark = 'http://ns.adobe.com/xap/1.0/\0';
const extensionMark = 'http://ns.adobe.com/xmp/extension/\0';
/** After its mark an extension has 32 digits of a checksum, its length and the offset of the part. */
const extensionHeadBytes = extensionMark.length + 32 + 4 + 4;

/** Its text, an extension after the main part; null where there is none, and for a PNG, which has it as a text chunk. */
export function findXmpPacket(bytes: Buffer): string | null {
  if (bytes[0] === 0x89) return null;
  return inSegments(bytes) ?? byRoot(bytes, 'x:xmpmeta') ?? byRoot(bytes, 'rdf:RDF');
}

function inSegments(bytes: Buffer): string | null {
  let main: string | null = null;
  const extension: { offset: number; data: Buffer }[] = [];
  for (const { marker, data } of jpegSegments(bytes)) {
    if (marker !== 0xe1) continue;
    if (startsWith(data, mainMark)) main ??= decodeXml(data.subarray(mainMark.length));
    else if (startsWith(data, extensionMark) && data.length > extensionHeadBytes) {
      const offset = data.readUInt32BE(extensionHeadBytes - 4);
      extension.push({ offset, data: data.subarray(extensionHeadBytes) });
    }
  }
  if (main === null) return null;
  const parts = extension.sort((a, b) => a.offset - b.offset).map(({ data }) => data);
  return (main + decodeXml(Buffer.concat(parts))).slice(0, maxBlockChars);
}

function startsWith(data: Buffer, mark: string): boolean {
  return data.toString('latin1', 0, mark.length) === mark;
}

/** UTF-8 nearly always; the specification allows UTF-16 with a byte order mark. */
function decodeXml(bytes: Buffer): string {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return even.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(even).swap16().toString('utf16le', 2);
  return bytes.toString('utf8');
}

function byRoot(bytes: Buffer, root: string): string | null {
  const start = bytes.indexOf(`<${root}`);
  const end = start < 0 ? -1 : bytes.indexOf(`</${root}>`, start);
  return end < 0 || end - start > maxBlockChars ? null : bytes.toString('utf8', start, end);
}
