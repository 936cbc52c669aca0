/** Size and transparency of a picture where they stand at their usual place: to ask a decoder takes forty times as long. */
import type { ImageFormat } from './file-format.ts';
import { jpegSegments } from './metadata/jpeg-segments.ts';

export interface ImageHeader {
  width: number;
  height: number;
  hasAlpha: boolean;
}

/**
 * What the header of a PNG (11.2.2) or a JPEG (ITU-T T.81, B.2.2) says, as the decoder reads it; null where only the decoder knows: other
 * formats, a PNG with a transparent colour, anything unusual. That the file can be decoded it does not say.
 */
export function readPlainHeader(bytes: Buffer, format: ImageFormat): ImageHeader | null {
  const header = format === 'png' ? ofPng(bytes) : format === 'jpeg' ? ofJpeg(bytes) : null;
  return header === null || header.width === 0 || header.height === 0 ? null : header;
}

const firstChunkAt = 8;
const nextChunkAt = firstChunkAt + 25;

function ofPng(bytes: Buffer): ImageHeader | null {
  if (bytes.length < nextChunkAt || bytes.toString('latin1', firstChunkAt + 4, firstChunkAt + 8) !== 'IHDR')
    return null;
  for (let at = nextChunkAt; at + 8 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'tRNS') return null;
    // Colour types 4 and 6 have an alpha channel.
    if (type === 'IDAT')
      return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), hasAlpha: bytes[25]! >= 4 };
  }
  return null;
}

function ofJpeg(bytes: Buffer): ImageHeader | null {
  for (const { marker, data } of jpegSegments(bytes)) {
    // Markers without a segment do not stand here in a usual file, and what follows one would be taken for its length.
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9)) return null;
    const isFrame = marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame && data.length < 5) return null;
    if (isFrame) return { width: data.readUInt16BE(3), height: data.readUInt16BE(1), hasAlpha: false };
  }
  return null;
}
