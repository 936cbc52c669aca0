/** The raw texts of an image's file, for people to read and copy. */
import { inflateSync } from 'node:zlib';
import { z } from 'zod';
import type { RawMetadata } from '../contract/images.ts';
import { rawMetadataOf } from '../db/raw-metadata.ts';
import type { Studio } from './studio.ts';

/** Far above what is ever stored. */
const mostBytes = 16_000_000;

const Blocks = z.record(z.string(), z.string());

/** The texts by their names in the file; none where it carries none. */
export function readRawMetadata({ db }: Pick<Studio, 'db'>, imageId: number): RawMetadata {
  const stored = rawMetadataOf(db, imageId);
  if (stored === undefined) return { blocks: [], isCut: false };
  const blocks = Blocks.parse(JSON.parse(unpackText(stored.data)));
  return {
    blocks: Object.entries(blocks).map(([name, text]) => ({ name, text })),
    isCut: stored.is_cut === 1,
  };
}

/** Stored texts as they were before they were packed: JSON of them by their names in the file. */
export function unpackText(data: Buffer): string {
  return inflateSync(data, { maxOutputLength: mostBytes }).toString('utf8');
}
