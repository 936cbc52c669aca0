/** The text blocks of an image file by name, and the shape in which every reader answers. All of it is untrusted and bounded. */
import type { IdentityMetadata } from '../../messages.ts';

/** PNG keywords, EXIF tag names (`UserComment`, `Make`, …), `XMP` and `JpegComment`, each with its text. */
export type Blocks = ReadonlyMap<string, string>;

export type Reading = Omit<IdentityMetadata, 'raw'>;

/** Reads one tool's convention; null where the blocks are not of that tool. May throw on malformed blocks: the caller goes on. */
export type Reader = (blocks: Blocks) => Reading | null;

/** Longest text of one block, in characters; the rest is cut off. */
export const maxBlockChars = 4_000_000;
/** Most blocks of one file. */
export const maxBlocks = 64;

const maxPromptChars = 100_000;
const maxWordChars = 500;

/** What a reader found, with whatever type the file gave it. */
interface Found {
  tool: string;
  prompt?: unknown;
  negativePrompt?: unknown;
  model?: unknown;
  seed?: unknown;
  steps?: unknown;
  cfg?: unknown;
  sampler?: unknown;
}

/** A reading of plain, bounded values: text trimmed with LF line ends, numbers finite, the rest null. */
export function makeReading(found: Found): Reading {
  return {
    tool: found.tool,
    prompt: asText(found.prompt, maxPromptChars) || null,
    negativePrompt: asText(found.negativePrompt, maxPromptChars),
    model: asText(found.model, maxWordChars) || null,
    seed: asSeed(found.seed),
    steps: asNumber(found.steps),
    cfg: asNumber(found.cfg),
    sampler: asText(found.sampler, maxWordChars) || null,
  };
}

function asText(value: unknown, maxChars: number): string | null {
  if (typeof value !== 'string') return null;
  return value.slice(0, maxChars).replaceAll('\r\n', '\n').replaceAll('\0', '').trim();
}

/** Digits as they stand in the file; −1 means “random” and is no seed. */
function asSeed(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : asText(value, 40);
  return text !== null && /^\d+$/.test(text) ? text : null;
}

function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
