/** The text blocks of an image file by name, and the shape in which every reader answers. All of it is untrusted and bounded. */
import type { IdentityMetadata, Lora } from '../../messages.ts';

/** PNG keywords, EXIF tag names (`UserComment`, `Make`, …), `XMP` and `JpegComment`, each with its text. */
export type Blocks = ReadonlyMap<string, string>;

export type Reading = Omit<IdentityMetadata, 'raw' | 'problem'>;

/** Reads one tool's convention; null where the blocks are not of that tool. May throw on malformed blocks: the caller goes on. */
export type Reader = (blocks: Blocks) => Reading | null;

/** Longest text of one block, in characters; the rest is cut off. Workflows with embedded pictures reach 10 MB. */
export const maxBlockChars = 16_000_000;
/** Most blocks of one file. */
export const maxBlocks = 64;

const maxPromptChars = 100_000;
const maxWordChars = 500;
const maxLoras = 50;
const maxSidePx = 1_000_000;

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
  width?: unknown;
  height?: unknown;
  loras?: readonly FoundLora[];
}

export interface FoundLora {
  name: unknown;
  weight?: unknown;
}

/**
 * A reading of plain, bounded values: text trimmed with LF line ends, numbers finite, the rest null. A prompt without any word of what to
 * avoid had none.
 */
export function makeReading(found: Found): Reading {
  const prompt = asText(found.prompt, maxPromptChars) || null;
  return {
    tool: found.tool,
    prompt,
    negativePrompt: asText(found.negativePrompt, maxPromptChars) ?? (prompt === null ? null : ''),
    model: asText(found.model, maxWordChars) || null,
    seed: asSeed(found.seed),
    steps: asNumber(found.steps),
    cfg: asNumber(found.cfg),
    sampler: asText(found.sampler, maxWordChars) || null,
    width: asSide(found.width),
    height: asSide(found.height),
    loras: asLoras(found.loras ?? []),
  };
}

function asText(value: unknown, maxChars: number): string | null {
  if (typeof value !== 'string') return null;
  return value.slice(0, maxChars).replaceAll('\r\n', '\n').replaceAll('\0', '').trim();
}

/** Digits as they stand in the file; −1 means “random” and is no seed. */
function asSeed(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : asText(value, 40);
  return text?.match(/^(\d+)(?:\.0*)?$/)?.[1] ?? null;
}

function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function asSide(value: unknown): number | null {
  const number = asNumber(value);
  return number !== null && Number.isInteger(number) && number > 0 && number <= maxSidePx ? number : null;
}

/** Each once, in their order; tools write `None` where none is chosen. */
function asLoras(found: readonly FoundLora[]): Lora[] {
  const byName = new Map<string, Lora>();
  for (const lora of found) {
    const name = asText(lora.name, maxWordChars);
    if (name === null || name === '' || /^none$/i.test(name)) continue;
    const known = byName.get(name);
    if (known === undefined) byName.set(name, { name, weight: asNumber(lora.weight) });
    else known.weight ??= asNumber(lora.weight);
  }
  return [...byName.values()].slice(0, maxLoras);
}

/** Width and height of a text such as `512x768`, `(512, 768)` or `1024 x 1024 (square)`, or of a list of both. */
export function readSize(value: unknown): { width?: string; height?: string } {
  const text = Array.isArray(value) && value.length === 2 ? value.join('x') : value;
  const [, width, height] = /(\d{1,6})\s*[x×,]\s*(\d{1,6})/i.exec(typeof text === 'string' ? text : '') ?? [];
  return width === undefined || height === undefined ? {} : { width, height };
}

const loraTag = /<(?:lora|lyco):([^:<>]{1,200})(?::(?:te=|unet=)?(-?[\d.]{1,20}))?[^<>]{0,100}>/gi;

/** What a prompt calls as `<lora:name:weight>` or, of LyCORIS, `<lyco:name:weight>`. */
export function readLoraTags(prompt: string): FoundLora[] {
  return [...prompt.matchAll(loraTag)].map(([, name, weight]) => ({ name, weight: weight ?? 1 }));
}
