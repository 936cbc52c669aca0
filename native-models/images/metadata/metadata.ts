/** What an image file says of how it was generated: its text blocks, offered to each tool's reader in turn. */
import type { IdentityMetadata } from '../../messages.ts';
import { readAutomatic1111 } from './automatic1111.ts';
import type { Blocks, Reader, Reading } from './blocks.ts';
import { readComfyUi } from './comfyui.ts';
import { readDrawThings } from './draw-things.ts';
import { readExifText } from './exif-text.ts';
import { readStabilityMatrix, readTensorArt } from './graph-tools.ts';
import { readInvokeAi } from './invokeai.ts';
import { readEasyDiffusion, readFooocus, readHuggingFaceSpace, readSwarmUi } from './json-tools.ts';
import { readMidjourney } from './midjourney.ts';
import { readNovelAi } from './novelai.ts';
import { readPngText } from './png-text.ts';
import { readStealthText } from './stealth.ts';

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
  readComfyUi,
  readAutomatic1111,
  readMidjourney,
];

/** The stored raw blocks are cut to this many characters in all. */
const maxRawChars = 200_000;

/**
 * The generation metadata of an encoded image, or null where no known tool wrote any. Never throws: metadata that is malformed
 * does not make the image unusable.
 *
 * @param hasAlpha the image has an alpha channel, in whose lowest bits text may be hidden
 */
export async function readMetadata(bytes: Buffer, hasAlpha: boolean): Promise<IdentityMetadata | null> {
  const blocks = new Map([...readExifText(bytes), ...(isPng(bytes) ? readPngText(bytes) : [])]);
  let reading = readBlocks(blocks);
  if (reading === null && hasAlpha) {
    const hidden = await readStealthText(bytes);
    if (hidden === null) return null;
    blocks.set(hidden.trimStart().startsWith('{') ? 'stealth' : 'parameters', hidden);
    reading = readBlocks(blocks);
  }
  return reading === null ? null : { ...reading, raw: describeRaw(blocks) };
}

function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]));
}

/** The reading of the first tool that knows these blocks and finds a prompt, or else of the first that knows them. */
export function readBlocks(blocks: Blocks): Reading | null {
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

function describeRaw(blocks: Blocks): string {
  const kept: Record<string, string> = Object.create(null);
  let left = maxRawChars;
  for (const [name, text] of blocks) {
    kept[name] = text.slice(0, Math.max(0, left));
    left -= text.length;
  }
  return JSON.stringify(kept);
}
