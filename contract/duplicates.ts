/** Near-duplicates: what is taken for one, and the groups that were found. */
import { z } from 'zod';
import { Id, TimeMs } from './common.ts';
import { Flag } from './curate.ts';

/**
 * What images are compared by. `embedding`: the image embeddings of a pack with a similarity branch, alike in what is seen; `fingerprint`:
 * low frequencies of brightness and colour, alike in pixels (resized, recompressed, slightly changed).
 */
export const DuplicateMeasure = z.enum(['embedding', 'fingerprint']);
export type DuplicateMeasure = z.infer<typeof DuplicateMeasure>;

/** From what likeness on two images are near-duplicates, where nothing else is said. */
export const usualThresholds: Record<DuplicateMeasure, number> = { embedding: 0.96, fingerprint: 0.95 };

/** The least and the greatest likeness that can be asked for: below, everything is alike; above, only copies are. */
export const likenessBounds = { least: 0.8, most: 0.9999 };

export const FindDuplicates = z.object({
  /** Embeddings where nearly all images have one, else fingerprints. */
  by: DuplicateMeasure.optional(),
  /** The least likeness (cosine) of two images of a pair. */
  threshold: z.number().min(likenessBounds.least).max(likenessBounds.most).optional(),
});
export type FindDuplicates = z.infer<typeof FindDuplicates>;

/** How the groups were found that are known now. */
export const DuplicateSearch = z.object({
  by: DuplicateMeasure,
  /** The pack whose embeddings were compared. */
  packId: z.string().nullable(),
  threshold: z.number(),
  /** How many images were compared. */
  images: z.int(),
  foundAt: TimeMs,
});
export type DuplicateSearch = z.infer<typeof DuplicateSearch>;

/**
 * What sets the best apart. `flag`: a person picked it, or rejected the others; `file`: those of the others are gone; `score`: the highest; `pixels`: the most; `added`: it was
 * there first, and nothing else tells them apart.
 */
export const BestReason = z.enum(['flag', 'file', 'score', 'pixels', 'added']);
export type BestReason = z.infer<typeof BestReason>;

export const DuplicateGroup = z.object({
  /** The lowest of its images' ids. */
  id: Id,
  /** The best first. */
  imageIds: z.array(Id),
  reason: BestReason,
  /** Those that go where the best is kept: neither picked nor rejected. None: the group is settled. */
  rest: z.array(Id),
});
export type DuplicateGroup = z.infer<typeof DuplicateGroup>;

/** An image of a group as it is known now. */
export const DuplicateMember = z.object({
  id: Id,
  name: z.string(),
  /** Where it lies. */
  paths: z.array(z.string()),
  width: z.int().nullable(),
  height: z.int().nullable(),
  flag: Flag.nullable(),
  /** By what the best is chosen by. */
  score: z.number().nullable(),
  /** How much it is like the best; null where it has no vector any more. */
  likeness: z.number().nullable(),
});
export type DuplicateMember = z.infer<typeof DuplicateMember>;

/** Why an image is the best of its group, in a few words: “best by quality”. */
export function describeBest(reason: BestReason, target: string): string {
  const words: Record<BestReason, string> = {
    flag: 'kept by you',
    file: 'best: its file is there',
    score: `best by ${target}`,
    pixels: 'best by pixels',
    added: 'best: the first added',
  };
  return words[reason];
}

export const Duplicates = z.object({
  /** Null: nobody has looked yet. */
  search: DuplicateSearch.nullable(),
  /** What the best is chosen by; pixels, where an image has no score. */
  target: z.string(),
  groups: z.array(DuplicateGroup),
  /** Images whose one content lies under several paths. */
  copied: z.int().nonnegative(),
});
export type Duplicates = z.infer<typeof Duplicates>;
