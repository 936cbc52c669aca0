/** Curating: flags, colour labels, tags and collections, a person's choices apart from votes; every step can be undone. */
import { z } from 'zod';
import { Id, Name, TimeMs } from './common.ts';

export const Flag = z.enum(['pick', 'reject']);
export type Flag = z.infer<typeof Flag>;

export const ColourLabel = z.enum(['red', 'yellow', 'green', 'blue', 'purple']);
export type ColourLabel = z.infer<typeof ColourLabel>;

/** A tag: no commas, which part tags where they are listed. */
export const Tag = Name.regex(/^[^,]+$/, 'A tag has no comma.');

/** One step: what is given is done to all the images, together or not at all; null clears. */
export const Curation = z.object({
  imageIds: z.array(Id).min(1, 'Select images first.').max(1_000_000),
  flag: Flag.nullable().optional(),
  label: ColourLabel.nullable().optional(),
  addTags: z.array(Tag).max(50).optional(),
  removeTags: z.array(Tag).max(50).optional(),
  /** Made where there is none of that name. */
  addTo: Name.optional(),
  removeFrom: Name.optional(),
});
export type Curation = z.infer<typeof Curation>;

/** What can be undone and done again, in words; null where there is nothing. */
export const CurationState = z.object({ undo: z.string().nullable(), redo: z.string().nullable() });
export type CurationState = z.infer<typeof CurationState>;

export const Collection = z.object({
  id: Id,
  name: z.string(),
  images: z.int().nonnegative(),
  createdAt: TimeMs,
});
export type Collection = z.infer<typeof Collection>;
