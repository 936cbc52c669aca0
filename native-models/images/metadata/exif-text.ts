/** The texts of EXIF and XMP that generators write into (JPEG, WebP, AVIF, TIFF and PNG): UserComment above all. */
import { isUtf8 } from 'node:buffer';
import exifReader from 'exifreader';
import { maxBlockChars } from './blocks.ts';
import { jpegSegments } from './jpeg-segments.ts';
import { decodeText, withoutPixels } from './png-text.ts';
import { findXmpPacket } from './xmp-packet.ts';

const textTags = ['Make', 'Model', 'ImageDescription', 'Software', 'Artist'] as const;
/** All else stays unread: a packet of XMP or text chunks of megabytes take seconds, and are read here in our own way. */
const asked = { exif: [...textTags, 'UserComment'], iptc: ['Caption/Abstract'] };

/** Texts by tag name; empty where the file has none or they are damaged. */
export function readExifText(bytes: Buffer): Map<string, string> {
  const blocks = readTags(withoutPixels(bytes));
  const xmp = findXmpPacket(bytes);
  if (xmp !== null) blocks.set('XMP', xmp);
  const comment = findJpegComment(bytes);
  if (comment !== null) blocks.set('JpegComment', comment);
  return blocks;
}

/** The texts of EXIF and IPTC in an image file, or in a TIFF structure alone. */
export function readTags(bytes: Buffer): Map<string, string> {
  const blocks = new Map<string, string>();
  try {
    const tags = exifReader.load(bytes, { expanded: true, includeTags: asked });
    const caption: unknown = tags.iptc?.['Caption/Abstract']?.description;
    if (typeof caption === 'string' && caption !== '') blocks.set('Caption', caption.slice(0, maxBlockChars));
    const exif = new Map<string, { value?: unknown }>(Object.entries(tags.exif ?? {}));
    for (const tag of textTags) {
      const text = asText(exif.get(tag)?.value);
      if (text !== null) blocks.set(tag, text.slice(0, maxBlockChars));
    }
    const comment: unknown = exif.get('UserComment')?.value;
    const text = isBytes(comment) ? decodeUserComment(Uint8Array.from(comment)) : null;
    if (text !== null && text !== '') blocks.set('UserComment', text);
  } catch {
    // Files without EXIF, and damaged EXIF: the image itself may still be whole.
  }
  return blocks;
}

function asText(value: unknown): string | null {
  const first: unknown = Array.isArray(value) ? value.find((part) => typeof part === 'string') : value;
  return typeof first === 'string' ? first : null;
}

function isBytes(value: unknown): value is ArrayLike<number> {
  return (
    (Array.isArray(value) || ArrayBuffer.isView(value)) &&
    'length' in value &&
    typeof value.length === 'number' &&
    value.length > 0 &&
    value.length <= maxBlockChars &&
    (!Array.isArray(value) || typeof value[0] === 'number')
  );
}

/**
 * Text of a UserComment: eight bytes name the character code (EXIF 2.32, 4.6.5 D). `UNICODE` is UTF-16 of unstated byte order in
 * practice: the order in which more characters are ASCII is taken.
 */
export function decodeUserComment(bytes: Uint8Array): string {
  const code = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  const rest = Buffer.from(bytes.subarray(8));
  if (/^unicode\0$/i.test(code)) return isBytesOfText(rest) ? decodeText(rest) : decodeUtf16(rest);
  if (code === 'JIS\0\0\0\0\0') return rest.includes(escapeByte) ? jis.decode(rest) : decodeText(rest);
  if (code === 'ASCII\0\0\0' || code === '\0\0\0\0\0\0\0\0') return decodeText(rest);
  return isWide(bytes) ? decodeUtf16(Buffer.from(bytes)) : decodeText(bytes);
}

/** JIS X 0208 begins with an escape sequence (ISO 2022). */
const escapeByte = 0x1b;
const jis = new TextDecoder('iso-2022-jp');

/** Some tools announce UTF-16 and write bytes: a text of a tool in UTF-16 has zero bytes, and hardly ever is UTF-8 by chance. */
function isBytesOfText(bytes: Buffer): boolean {
  return bytes.length > 0 && !bytes.includes(0) && isUtf8(bytes);
}

/** Without a code and in UTF-16 all the same: every other byte of its ASCII is zero. */
function isWide(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 2000);
  return start.filter((byte) => byte === 0).length > start.length / 5;
}

function decodeUtf16(bytes: Buffer): string {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  if (even[0] === 0xff && even[1] === 0xfe) return even.toString('utf16le', 2);
  if (even[0] === 0xfe && even[1] === 0xff) return swapped(even).slice(1);
  // ASCII characters (line ends, digits, commas) have a zero high byte: it shows where the high byte is.
  let bigEndian = 0;
  let littleEndian = 0;
  for (let at = 0; at < even.length; at += 2) {
    if (even[at] === 0 && even[at + 1] !== 0) bigEndian += 1;
    if (even[at] !== 0 && even[at + 1] === 0) littleEndian += 1;
  }
  return littleEndian > bigEndian ? even.toString('utf16le') : swapped(even);
}

function swapped(bytes: Buffer): string {
  return Buffer.from(bytes).swap16().toString('utf16le');
}

/** The longest comment (COM) of a JPEG: encoders leave short ones of their own. */
function findJpegComment(bytes: Buffer): string | null {
  const comments = [...jpegSegments(bytes)].filter(({ marker }) => marker === 0xfe).map(({ data }) => data);
  const longest = comments.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? null : decodeText(longest);
}
