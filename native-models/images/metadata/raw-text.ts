/** The raw texts of an image file as they are stored: packed, bounded, with the words that they are found by. */
import { deflateSync } from 'node:zlib';
import { splitRawWords } from '../../../contract/raw-words.ts';
import type { RawMetadata } from '../../messages.ts';
import type { Blocks } from './blocks.ts';

/** The stored texts are cut to this many characters in all. */
const maxRawChars = 200_000;

/** Short ones first: a workflow of megabytes must not push out the parameters. */
export function packRaw(blocks: Blocks): RawMetadata {
  const kept: Record<string, string> = Object.create(null);
  let left = maxRawChars;
  for (const [name, text] of [...blocks].sort(([, a], [, b]) => a.length - b.length)) {
    if (left <= 0) break;
    kept[name] = text.slice(0, left);
    left -= text.length;
  }
  const words = splitRawWords(Object.entries(kept).flat().join(' ')).join(' ');
  return { data: deflateSync(JSON.stringify(kept)), words, isCut: left < 0 };
}
