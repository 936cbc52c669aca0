/** Near-duplicates: what is taken for one, and the groups that were found. */
import { z } from 'zod';
import { Id, TimeMs } from './common.ts';

/**
 * What images are compared by. `embedding`: the image embeddings of a pack with a similarity branch, alike in what is seen; `fingerprint`:
 * low frequencies of brightness and colour, alike in pixels (resized, recompressed, slightly changed).
 */
export const DuplicateMeasure = z.enum(['embedding', 'fingerprint']);
export type DuplicateMeasure = z.infer<typeof DuplicateMeasure>;

/** From what likeness on two images are near-duplicates, where nothing else is said. */
export const usualThresholds: Record<DuplicateMeasure, number> = { embedding: 0.96, fingerprint: 0.95 };

export const FindDuplicates = z.object({
  /** Embeddings where nearly all images have one, else fingerprints. */
  by: DuplicateMeasure.optional(),
  /** The least likeness (cosine) of two images of a pair. */
  threshold: z.number().min(0.8).max(0.9999).optional(),
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

export const Duplicates = z.object({
  /** Null: nobody has looked yet. */
  search: DuplicateSearch.nullable(),
  /** What the best is chosen by; pixels, where an image has no score. */
  target: z.string(),
  /** The best of each group first; `isOpen`: more than one image of it is not rejected. */
  groups: z.array(z.object({ imageIds: z.array(Id), isOpen: z.boolean() })),
  /** Images whose one content lies under several paths. */
  copied: z.int().nonnegative(),
});
export type Duplicates = z.infer<typeof Duplicates>;
