/** What a file really is, by its first bytes: its name proves nothing, and no decoder is started for what is not a picture. */

/** The formats the studio scores. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'avif' | 'tiff' | 'gif';

interface Signature {
  format: ImageFormat;
  /** Latin-1 text at an offset. */
  parts: [offset: number, text: string][];
}

const signatures: readonly Signature[] = [
  { format: 'png', parts: [[0, '\x89PNG\r\n\x1a\n']] },
  { format: 'jpeg', parts: [[0, '\xff\xd8\xff']] },
  {
    format: 'webp',
    parts: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
  { format: 'gif', parts: [[0, 'GIF87a']] },
  { format: 'gif', parts: [[0, 'GIF89a']] },
  { format: 'tiff', parts: [[0, 'II*\0']] },
  { format: 'tiff', parts: [[0, 'MM\0*']] },
  { format: 'tiff', parts: [[0, 'II+\0']] },
  { format: 'tiff', parts: [[0, 'MM\0+']] },
];

/** AVIF is an ISO base media file whose brands say so (AV1 Image File Format, 6.2). */
const avifBrands = new Set(['avif', 'avis']);

/** The format of an encoded image, or null where the bytes are none of those the studio scores. */
export function detectFormat(bytes: Buffer): ImageFormat | null {
  const known = signatures.find(({ parts }) =>
    parts.every(([offset, text]) => bytes.toString('latin1', offset, offset + text.length) === text),
  );
  if (known !== undefined) return known.format;
  return brandsOf(bytes).some((brand) => avifBrands.has(brand)) ? 'avif' : null;
}

/** Brands of the file type box: the major one, and the compatible ones. */
function brandsOf(bytes: Buffer): string[] {
  if (bytes.length < 16 || bytes.toString('latin1', 4, 8) !== 'ftyp') return [];
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256);
  const brands = [bytes.toString('latin1', 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.toString('latin1', at, at + 4));
  return brands;
}

/** What a file that is no picture of ours looks like, for its reason. */
export function describeOtherContent(bytes: Buffer): string {
  const brands = brandsOf(bytes);
  if (brands.some((brand) => /^(heic|heix|mif1|msf1)$/.test(brand))) return 'HEIC';
  const head = bytes.toString('latin1', 0, 512).trimStart();
  if (head.startsWith('%PDF')) return 'a PDF document';
  if (head.startsWith('PK')) return 'a ZIP archive';
  if (/^<\?xml|^<svg/i.test(head)) return 'SVG or XML text';
  if (/^<!doctype html|^<html/i.test(head)) return 'a web page';
  if (head.startsWith('BM')) return 'a BMP picture';
  return /^[\x20-\x7e\s]+$/.test(head) ? 'plain text' : 'unknown data';
}
