/** The tokeniser that goes into a pack: found beside the weights or named, checked, and written as one `tokenizer.json`. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { AddPack } from '../../contract/pack.ts';
import { openTokeniser } from '../tokenise/clip-tokeniser.ts';
import { findTokeniser, readTokenizerJson } from '../tokenise/tokeniser-files.ts';
import type { Outline } from './outline.ts';

/** Its name in the pack's folder. */
export const tokeniserFile = 'tokenizer.json';

/**
 * The tokeniser of an order; it is read and found to be CLIP's.
 *
 * @throws StudioError `badInput` where there is none, and what `openTokeniser` throws
 */
export async function findPackTokeniser(
  order: AddPack,
  { folders }: Outline,
): Promise<{ path: string; sizeBytes: number }> {
  const { tokeniser } = order;
  const found = await findTokeniser(tokeniser === undefined ? folders : [tokeniser]);
  const path = found ?? tokeniser;
  if (path === undefined) {
    throw new StudioError(
      'badInput',
      `There is no tokenizer.json in ${folders.join(' or ')}. It comes with the model (PickScore’s repository has one); name it, or put it beside the weights.`,
      { path: folders[0] ?? '' },
    );
  }
  await openTokeniser(path);
  return { path, sizeBytes: (await stat(path)).size };
}

/** What the pack's `tokenizer.json` holds. */
export async function readPackTokeniser(path: string): Promise<Uint8Array> {
  if (basename(path) !== 'vocab.json') return await readFile(path);
  return Buffer.from(JSON.stringify(await readTokenizerJson(path)));
}
