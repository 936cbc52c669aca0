/** Decodes an image file to plain 8-bit RGB, by the one rule that all models of the studio share. */
import { readFile, stat } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { StudioError } from '../../contract/errors.ts';

/** Decoded pixels: `rgb` holds width · height · 3 bytes, row by row, red green blue. */
export interface RgbImage {
  rgb: Uint8Array;
  width: number;
  height: number;
}

/** What the decoder refuses before it allocates any pixel. */
export interface DecodeLimits {
  /** Most pixels (width · height) of the stored image. */
  maxPixels: number;
  /** Most bytes of the encoded file. */
  maxBytes: number;
}

/**
 * The pixels of an encoded image as Pillow's `convert("RGB")` gives them: stored orientation (EXIF is not
 * applied; a TIFF's own tag is), ICC profiles ignored, alpha dropped without compositing, CMYK by the plain formula, the high
 * byte of 16-bit colour, 16-bit grey saturating at 255, the first frame of an animation.
 * SF-IQA's official code opens images so, and its weights belong to that; what people are shown is upright and in sRGB
 * instead (`show.ts`), as any viewer shows it. Two differences stay: transparent pixels of a GIF are black, where Pillow shows the colour that
 * its palette has for them, because libvips does not hand that colour on; and AVIF, which Pillow reads only since 11.3, is one grey level
 * off where its chroma is whole (4:4:4) and up to 16 where it is halved, because libheif repeats chroma and libavif smooths it.
 * Throws `tooLarge` beyond a limit and `unreadable` where the bytes are damaged or no image.
 * @param source path of a file, or the encoded bytes
 */
export async function decode(source: string | Uint8Array, limits: DecodeLimits): Promise<RgbImage> {
  const bytes = typeof source === 'string' ? await readLimited(source, limits) : source;
  assertByteLimit(bytes.byteLength, limits);
  if (bytes.byteLength === 0) throw new StudioError('unreadable', 'The file is empty (0 bytes).');
  try {
    return await decodeBytes(bytes, limits);
  } catch (thrown) {
    if (thrown instanceof StudioError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new StudioError('unreadable', `The image cannot be decoded: ${reason}`, {}, { cause: thrown });
  }
}

async function readLimited(path: string, limits: DecodeLimits): Promise<Uint8Array> {
  try {
    assertByteLimit((await stat(path)).size, limits);
    return await readFile(path);
  } catch (thrown) {
    if (thrown instanceof StudioError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new StudioError('unreadable', `The file cannot be read: ${reason}`, { path }, { cause: thrown });
  }
}

function assertByteLimit(sizeBytes: number, limits: DecodeLimits): void {
  if (sizeBytes <= limits.maxBytes) return;
  throw new StudioError(
    'tooLarge',
    `The file has ${sizeBytes} bytes; the limit is ${limits.maxBytes}. Raise the byte limit in the settings or shrink the file.`,
    { sizeBytes, maxBytes: limits.maxBytes },
  );
}

async function decodeBytes(bytes: Uint8Array, limits: DecodeLimits): Promise<RgbImage> {
  // `failOn: 'error'` refuses truncated and damaged data but not files that merely draw a warning.
  // Pixels are limited below, from the header, so that the error is ours; sharp's own limit stays off.
  const stored = sharp(bytes, { ignoreIcc: true, failOn: 'error', limitInputPixels: false });
  const { width, height, space, channels, format } = await stored.metadata();
  // Of all formats Pillow turns only TIFF upright as it loads.
  const image = format === 'tiff' ? stored.autoOrient() : stored;
  if (width * height > limits.maxPixels) {
    throw new StudioError(
      'tooLarge',
      `The image has ${width} × ${height} pixels; the limit is ${limits.maxPixels} pixels. Raise the pixel limit in the settings or shrink the image.`,
      { width, height, maxPixels: limits.maxPixels },
    );
  }
  if (space === 'cmyk') return decodeCmyk(image);
  if (space === 'grey16' && (channels === 1 || isPngWithoutAlpha(bytes))) return decodeGrey16(image);
  const { data, info } = await image
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgb: info.channels === 3 ? data : repeatGrey(data), width: info.width, height: info.height };
}

/** R = (255 − K) − C · (255 − K) / 255 rounded, and so on: Pillow's conversion, which knows no profile. */
async function decodeCmyk(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const rgb = new Uint8Array(info.width * info.height * 3);
  const stride = info.channels;
  for (let from = 0, to = 0; to < rgb.length; from += stride, to += 3) {
    const light = 255 - data[from + 3]!;
    rgb[to] = light - Math.round((data[from]! * light) / 255);
    rgb[to + 1] = light - Math.round((data[from + 1]! * light) / 255);
    rgb[to + 2] = light - Math.round((data[from + 2]! * light) / 255);
  }
  return { rgb, width: info.width, height: info.height };
}

/** A PNG whose only alpha is one shade that counts as transparent (tRNS): Pillow reads it as grey alone. */
function isPngWithoutAlpha(bytes: Uint8Array): boolean {
  const isPng = bytes[0] === 0x89 && bytes[1] === 0x50;
  // The colour type in the header: 0 is grey, 4 grey with alpha.
  return isPng && bytes[25] === 0;
}

async function decodeGrey16(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const samples = new Uint16Array(data.buffer, data.byteOffset, info.width * info.height * info.channels);
  const grey = Uint8Array.from({ length: info.width * info.height }, (_, pixel) =>
    Math.min(samples[pixel * info.channels]!, 255),
  );
  return { rgb: repeatGrey(grey), width: info.width, height: info.height };
}

function repeatGrey(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let pixel = 0; pixel < grey.length; pixel++) rgb.fill(grey[pixel]!, pixel * 3, pixel * 3 + 3);
  return rgb;
}
