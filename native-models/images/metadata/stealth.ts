/** Text hidden in the lowest bit of the alpha channel, column by column (“stealth PNG info”, written by NovelAI and by A1111 extensions). */
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { maxBlockChars } from './blocks.ts';

const signatures = ['stealth_pngcomp', 'stealth_pnginfo'] as const;
const signatureBytes = 15;

/**
 * The hidden text, or null. Layout: signature, length in bits (32 bits, big-endian), then gzip data or plain UTF-8. Decodes the
 * image, so ask only for one with an alpha channel and within the pixel limit.
 */
export async function readStealthText(bytes: Buffer): Promise<string | null> {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: false })
      .extractChannel('alpha')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const plane = { alpha: data, width: info.width, height: info.height };
    const signature = readBytes(plane, 0, signatureBytes).toString('latin1');
    if (!signatures.some((known) => known === signature)) return null;
    const lengthBytes = Math.floor(readBytes(plane, signatureBytes, 4).readUInt32BE() / 8);
    const payload = readBytes(plane, signatureBytes + 4, Math.min(lengthBytes, maxBlockChars));
    const text =
      signature === 'stealth_pngcomp' ? gunzipSync(payload, { maxOutputLength: maxBlockChars }) : payload;
    return text.toString('utf8');
  } catch {
    return null;
  }
}

function readBytes(
  { alpha, width, height }: { alpha: Buffer; width: number; height: number },
  from: number,
  count: number,
): Buffer {
  const available = Math.max(0, Math.floor((width * height) / 8) - from);
  const bytes = Buffer.alloc(Math.min(count, available));
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const pixel = from * 8 + bit;
    const value = alpha[(pixel % height) * width + Math.floor(pixel / height)]! & 1;
    bytes[bit >> 3]! |= value << (7 - (bit & 7));
  }
  return bytes;
}
