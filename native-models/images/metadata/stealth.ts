/** Text hidden in the lowest bits of the pixels, column by column (“stealth PNG info”, written by NovelAI and by A1111 extensions). */
import { gunzipSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { maxBlockChars } from './blocks.ts';

/** The name in the file, by where the bits lie: in the alpha channel, or in red, green, blue of each pixel. */
const signatures = [
  { name: 'stealth_pngcomp', bitsPerPixel: 1, isCompressed: true },
  { name: 'stealth_pnginfo', bitsPerPixel: 1, isCompressed: false },
  { name: 'stealth_rgbcomp', bitsPerPixel: 3, isCompressed: true },
  { name: 'stealth_rgbinfo', bitsPerPixel: 3, isCompressed: false },
] as const;
const signatureBytes = 15;
const headBits = (signatureBytes + 4) * 8;

interface HiddenPixels {
  data: Buffer;
  width: number;
  height: number;
  /** 1: the alpha channel alone; 3: red, green, blue. */
  bitsPerPixel: 1 | 3;
}

/** What the caller knows of the image. */
export interface PixelLayout {
  width: number;
  height: number;
  hasAlpha: boolean;
}

/**
 * The hidden text, or null. Layout: signature, length in bits (32 bits, big-endian), then gzip data or UTF-8. Only the pixels of the
 * signature are decoded where there is none.
 */
export async function readStealthText(bytes: Buffer, layout: PixelLayout): Promise<string | null> {
  try {
    for (const bitsPerPixel of layout.hasAlpha ? ([1, 3] as const) : ([3] as const)) {
      const text = await readFrom(bytes, layout, bitsPerPixel);
      if (text !== null) return text;
    }
  } catch {
    // Pixels that cannot be decoded hide nothing; whether the image is readable is said elsewhere.
  }
  return null;
}

async function readFrom(bytes: Buffer, layout: PixelLayout, bitsPerPixel: 1 | 3): Promise<string | null> {
  const { width, height } = layout;
  const head = await decode(bytes, bitsPerPixel, {
    width: Math.min(width, Math.ceil(headBits / bitsPerPixel / height)),
    height: Math.min(height, Math.ceil(headBits / bitsPerPixel)),
  });
  // Where the image is higher than the signature is long, the cut is the first column's top: the order is the same.
  const found = readBytes(head, 0, signatureBytes).toString('latin1');
  const signature = signatures.find((known) => known.name === found && known.bitsPerPixel === bitsPerPixel);
  if (signature === undefined) return null;
  const lengthBytes = Math.floor(readBytes(head, signatureBytes, 4).readUInt32BE() / 8);
  const whole = await decode(bytes, bitsPerPixel, { width, height });
  const payload = readBytes(whole, signatureBytes + 4, Math.min(lengthBytes, maxBlockChars));
  return (
    signature.isCompressed ? gunzipSync(payload, { maxOutputLength: maxBlockChars }) : payload
  ).toString('utf8');
}

async function decode(
  bytes: Buffer,
  bitsPerPixel: 1 | 3,
  size: { width: number; height: number },
): Promise<HiddenPixels> {
  const cut = sharp(bytes, { ignoreIcc: true, limitInputPixels: false }).extract({
    left: 0,
    top: 0,
    ...size,
  });
  const { data } = await (bitsPerPixel === 1 ? cut.extractChannel('alpha') : colours(cut))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, ...size, bitsPerPixel };
}

function colours(cut: Sharp): Sharp {
  return cut.removeAlpha().toColourspace('srgb');
}

function readBytes({ data, width, height, bitsPerPixel }: HiddenPixels, from: number, count: number): Buffer {
  const available = Math.max(0, Math.floor((width * height * bitsPerPixel) / 8) - from);
  const bytes = Buffer.alloc(Math.min(count, available));
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const at = from * 8 + bit;
    const pixel = Math.floor(at / bitsPerPixel);
    const place = (pixel % height) * width + Math.floor(pixel / height);
    bytes[bit >> 3]! |= (data[place * bitsPerPixel + (at % bitsPerPixel)]! & 1) << (7 - (bit & 7));
  }
  return bytes;
}
