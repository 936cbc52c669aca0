/** The versions of a training image that heads are trained and judged on: clean, two fixed damages, and random copies. */
import sharp, { type Sharp } from 'sharp';
import { createRandom, hashSeeds, type Random } from '../../core/maths/random.ts';
import { featureSize } from '../../native-models/classic/features/workspace.ts';
import { decode } from '../../native-models/images/decode.ts';

/** `clean` and the conditions that are reported are the same for everybody; `copy…` is drawn by its number. */
export type Variant = 'clean' | 'resized400' | 'jpeg50' | `copy${number}`;

const limits = { maxPixels: 1 << 24, maxBytes: 1 << 26 };

/**
 * The pixels of one version of an image, 512 × 512 RGB. Random copies are resized by 0.6–1.4 and back (60 %), get Gaussian noise of
 * SD 0.5–3 (40 %) and JPEG of quality 40–95 (50 %), each by its own draw; what no draw touches has no second JPEG loss.
 *
 * @param file path of an image of 512 × 512 pixels
 * @param key number of the image: copies of different images draw differently
 */
export async function readVariant(file: string, variant: Variant, key: number): Promise<Uint8Array> {
  const { rgb } = await decode(file, limits);
  if (variant === 'clean') return rgb;
  if (variant === 'resized400') return await resizeAndBack(rgb, 400, 'lanczos3');
  if (variant === 'jpeg50') return await throughJpeg(rgb, 50);
  return await degrade(rgb, createRandom(hashSeeds(Number(variant.slice('copy'.length)), key)));
}

async function degrade(rgb: Uint8Array, random: Random): Promise<Uint8Array> {
  let degraded = rgb;
  if (random.next() < 0.6) {
    const size = Math.round(featureSize * (0.6 + 0.8 * random.next()));
    degraded = await resizeAndBack(degraded, size, random.next() < 0.5 ? 'lanczos3' : 'cubic');
  }
  if (random.next() < 0.4) degraded = addNoise(degraded, 0.5 + 2.5 * random.next(), random);
  if (random.next() < 0.5) degraded = await throughJpeg(degraded, 40 + random.below(56));
  return degraded;
}

function fromRgb(rgb: Uint8Array, size: number): Sharp {
  return sharp(rgb, { raw: { width: size, height: size, channels: 3 } });
}

async function resizeAndBack(
  rgb: Uint8Array,
  size: number,
  kernel: 'lanczos3' | 'cubic',
): Promise<Uint8Array> {
  const other = await fromRgb(rgb, featureSize).resize(size, size, { kernel }).raw().toBuffer();
  return await fromRgb(other, size).resize(featureSize, featureSize, { kernel }).raw().toBuffer();
}

async function throughJpeg(rgb: Uint8Array, quality: number): Promise<Uint8Array> {
  const bytes = await fromRgb(rgb, featureSize).jpeg({ quality }).toBuffer();
  return (await decode(bytes, limits)).rgb;
}

function addNoise(rgb: Uint8Array, sd: number, random: Random): Uint8Array {
  return new Uint8Array(Uint8ClampedArray.from(rgb, (value) => value + sd * random.normal()).buffer);
}
