/** What an image file says of how it was generated: its text blocks, offered to each tool's reader in turn. */
import type { IdentityMetadata } from '../../messages.ts';
import { readAutomatic1111 } from './automatic1111.ts';
import type { Blocks, Reader, Reading } from './blocks.ts';
import { readC2pa, readC2paText } from './c2pa.ts';
import { withCarried } from './carried.ts';
import { readComfyUi } from './comfyui/comfyui.ts';
import { readDrawThings } from './draw-things.ts';
import { readExifText, readTags } from './exif-text.ts';
import { findProblem } from './find-problem.ts';
import { readGifComment } from './gif-comment.ts';
import { readStabilityMatrix, readTensorArt } from './graph-tools.ts';
import { readInvokeAi } from './invokeai.ts';
import { forgetParsed } from './json.ts';
import {
  readCivitai,
  readEasyDiffusion,
  readFooocus,
  readHuggingFaceSpace,
  readSdScripts,
  readSwarmUi,
} from './json-tools.ts';
import { readMidjourney } from './midjourney.ts';
import { readMochiDiffusion } from './mochi-diffusion.ts';
import { readNovelAi } from './novelai.ts';
import { readPngText } from './png-text.ts';
import { readRawProfiles } from './raw-profile.ts';
import { packRaw } from './raw-text.ts';
import { type PixelLayout, readStealthText } from './stealth.ts';
import { readIptcOfXmp } from './xmp.ts';

/** Those that write more than one convention stand before those whose convention they also write. */
const readers: readonly Reader[] = [
  readNovelAi,
  readInvokeAi,
  readSwarmUi,
  readStabilityMatrix,
  readTensorArt,
  readFooocus,
  readEasyDiffusion,
  readHuggingFaceSpace,
  readDrawThings,
  readCivitai,
  readSdScripts,
  readComfyUi,
  readAutomatic1111,
  readMochiDiffusion,
  readMidjourney,
  readIptcOfXmp,
  readC2pa,
];

const nothing: Reading = {
  tool: null,
  prompt: null,
  negativePrompt: null,
  model: null,
  seed: null,
  steps: null,
  cfg: null,
  sampler: null,
  width: null,
  height: null,
  loras: [],
};

/**
 * The texts of an encoded image and what they say of how it was generated; null where it has none. Never throws: metadata that is
 * malformed does not make the image unusable.
 *
 * @param layout of its pixels, in whose lowest bits text may be hidden; null where they are not to be decoded
 */
export async function readMetadata(
  file: Buffer,
  layout: PixelLayout | null,
): Promise<IdentityMetadata | null> {
  try {
    return await readTexts(isWebp(file) ? withoutZeros(file) : file, layout);
  } finally {
    forgetParsed();
  }
}

async function readTexts(bytes: Buffer, layout: PixelLayout | null): Promise<IdentityMetadata | null> {
  const chunks = isPng(bytes) ? readPngText(bytes) : new Map<string, string>();
  const { exif, xmp } = readRawProfiles(chunks);
  const blocks = new Map([...(exif === null ? [] : readTags(exif)), ...readExifText(bytes), ...chunks]);
  if (xmp !== null) blocks.set('XMP', xmp);
  const comment = readGifComment(bytes);
  if (comment !== null) blocks.set('UserComment', comment);
  const credentials = readC2paText(bytes);
  if (credentials !== null) blocks.set('C2PA', credentials);
  let reading = readBlocks(blocks);
  if (reading === null && layout !== null && (isPng(bytes) || isLosslessWebp(bytes))) {
    const hidden = await readStealthText(bytes, layout);
    if (hidden !== null) {
      blocks.set(hidden.trimStart().startsWith('{') ? 'stealth' : 'parameters', hidden);
      reading = readBlocks(blocks);
    }
  }
  if (blocks.size === 0) return null;
  return { ...(reading ?? nothing), problem: findProblem(blocks, reading), raw: packRaw(blocks) };
}

function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]));
}

function isWebp(bytes: Buffer): boolean {
  return bytes.toString('latin1', 8, 12) === 'WEBP';
}

/** The chunks up to one without a name: readers would go through megabytes of zeros chunk by chunk. */
function withoutZeros(bytes: Buffer): Buffer {
  let at = 12;
  while (at + 8 <= bytes.length && bytes.readUInt32LE(at) !== 0) {
    const length = bytes.readUInt32LE(at + 4);
    at += 8 + length + (length % 2);
  }
  return bytes.subarray(0, at);
}

/** Or of lossless transparency: lowest bits do not live through the rest of WebP, which is dear to decode. */
function isLosslessWebp(bytes: Buffer): boolean {
  if (!isWebp(bytes)) return false;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    if (name === 'VP8L' || name === 'ALPH') return true;
    const length = bytes.readUInt32LE(at + 4);
    at += 8 + length + (length % 2);
  }
  return false;
}

/** The reading of the first tool that knows these blocks and finds a prompt, or else of the first that knows them. */
export function readBlocks(stored: Blocks): Reading | null {
  const blocks = withCarried(stored);
  let withoutPrompt: Reading | null = null;
  for (const read of readers) {
    const reading = tryReader(read, blocks);
    if (reading !== null && reading.prompt !== null) return reading;
    withoutPrompt ??= reading;
  }
  return withoutPrompt;
}

function tryReader(read: Reader, blocks: Blocks): Reading | null {
  try {
    return read(blocks);
  } catch {
    return null;
  }
}
