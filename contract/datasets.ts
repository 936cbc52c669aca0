/** Public data sets that the studio recognises by their files. */
import { z } from 'zod';
import { FolderPath, Name } from './common.ts';
import { ScaleEnds } from './mos.ts';
import { Target } from './targets.ts';

/** A file or a folder of the engine's machine. */
export const DatasetPath = z.object({ path: FolderPath });

export const ImportDataset = DatasetPath.extend({
  name: Name.optional(),
  /** The ends of the scale of all its dimensions, where its authors do not say them. */
  scale: ScaleEnds.optional(),
});
export type ImportDataset = z.infer<typeof ImportDataset>;

/** What would be taken in; nothing is stored by looking. */
export const DatasetPreview = z.object({
  title: z.string(),
  /** What its numbers are. */
  method: z.string(),
  folder: z.string(),
  files: z.array(z.string()),
  images: z.int().nonnegative(),
  /** Those that the library has already. */
  knownImages: z.int().nonnegative(),
  prompts: z.int().nonnegative(),
  generators: z.array(z.string()),
  /** The ends of the scale as its authors say them; null where they do not. */
  scale: ScaleEnds.nullable(),
  dimensions: z.array(
    z.object({
      dimension: Target,
      images: z.int().nonnegative(),
      low: z.number().nullable(),
      high: z.number().nullable(),
    }),
  ),
  header: z.array(z.string()),
  /** The first rows. */
  rows: z.array(z.array(z.string())),
});
export type DatasetPreview = z.infer<typeof DatasetPreview>;
