/** The images of the golden data with what the official code makes of them, one table a stage. */
import { createHash } from 'node:crypto';
import type { RgbImage } from '../../../native-models/images/decode.ts';
import { decode } from '../../../native-models/images/decode.ts';
import { hasShared, readSharedJson, sharedPath } from '../../support/shared.ts';

const limits = { maxPixels: 64_000_000, maxBytes: 100_000_000 };

/** What every case has: an image, and samples of the tensor made of it. */
export interface GoldenCase {
  id: string;
  file: string;
  idx: number[];
  val: number[];
}

/** The cases of a stage; none where the shared folder is absent. */
export function readCases<Case extends GoldenCase>(stage: 'sama' | 'clip_preprocess'): Case[] {
  return hasShared ? readSharedJson<Case[]>(`golden/public/${stage}/cases.json`) : [];
}

export function decodeGolden(file: string): Promise<RgbImage> {
  return decode(sharedPath(`golden/public/images/${file}`), limits);
}

export function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The tensor's numbers at the sampled places. */
export function pick(tensor: Float32Array, { idx }: GoldenCase): number[] {
  return idx.map((i) => tensor[i]!);
}

/** 0, 1, … length − 1. */
export function all(length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => i);
}
