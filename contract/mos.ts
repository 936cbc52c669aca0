/** MOS sets: tables of Mean Opinion Scores, of our own studies or imported. */
import { z } from 'zod';
import { Id, Name, TimeMs } from './common.ts';
import { Target } from './targets.ts';

/** The lowest and highest value of a scale. */
export const ScaleEnds = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, { message: 'The lowest value of a scale lies below its highest.' })
  .readonly();
export type ScaleEnds = z.infer<typeof ScaleEnds>;

/**
 * On which scale a dimension was rated, null where nobody said and for scores of pairs, and whether the lowest value was the best: then the
 * means are stored turned round on it.
 */
export const RatedScale = z.object({
  dimension: Target,
  scale: ScaleEnds.nullable(),
  lowerIsBetter: z.boolean(),
});
export type RatedScale = z.infer<typeof RatedScale>;

export const MosSet = z.object({
  id: Id,
  name: z.string(),
  /** A study's own, or imported from a table. */
  kind: z.enum(['study', 'imported']),
  studyId: Id.nullable(),
  /** How the means were made: `mean of counted votes`, or what the table's source says. */
  method: z.string(),
  dimensions: z.array(Target),
  /** Of each dimension. */
  scales: z.array(RatedScale),
  images: z.int().nonnegative(),
  withFiles: z.int().nonnegative(),
  /** Rows of the table that are not in the set: their pictures stand in earlier rows. */
  leftOutRows: z.int().nonnegative(),
  createdAt: TimeMs,
});
export type MosSet = z.infer<typeof MosSet>;

/** The ends of a set's scale of one dimension; null where nobody said. */
export const MosScale = z.object({ mosSetId: Id, scale: ScaleEnds.nullable() });
export type MosScale = z.infer<typeof MosScale>;

/** What is said anew of an imported set's scales, null that one is not known; dimensions that are not named stay as they are. */
export const ChangeMosScales = z.object({ mosSetId: Id, scales: z.array(RatedScale).min(1).max(100) });
export type ChangeMosScales = z.infer<typeof ChangeMosScales>;

export const MosRow = z.object({
  imageId: Id,
  name: z.string(),
  dimension: Target,
  mean: z.number(),
  sd: z.number().nullable(),
  n: z.int().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type MosRow = z.infer<typeof MosRow>;

/** Most dimensions of one table. */
export const mostDimensions = 100;

/** Which column is what. `mos` maps a dimension to its column of means and, where there is one, of SDs and counts, and says its scale. */
export const MosMapping = z.object({
  name: z.string().min(1),
  prompt: z.string().optional(),
  generator: z.string().optional(),
  /** Takes the generator from the name: a regular expression with one group, e.g. `^([^_]+)_`. */
  generatorPattern: z.string().max(200).optional(),
  mos: z
    .array(
      z.object({
        dimension: Target,
        mean: z.string().min(1),
        sd: z.string().optional(),
        n: z.string().optional(),
        /** The ends of the scale it was rated on; no mean lies outside. A public data set's where absent and the table is of one. */
        scale: ScaleEnds.optional(),
        /** The best value is the lowest one: means are turned round on their scale, so that higher is better as everywhere else. */
        lowerIsBetter: z.boolean().optional(),
      }),
    )
    // A table may have none: then it gives prompts, generators and scores of other metrics.
    .max(mostDimensions),
});
export type MosMapping = z.infer<typeof MosMapping>;

/** Encodings of text that tables come in. */
export const TextEncoding = z.enum([
  'utf-8',
  'utf-16le',
  'utf-16be',
  'gb18030',
  'windows-1252',
  'shift_jis',
  'big5',
  'euc-kr',
]);
export type TextEncoding = z.infer<typeof TextEncoding>;

/** How a table is read, where that is not to be found out: the encoding of text; of a workbook the sheet, which is else the first with rows below its first one. */
const reading = { encoding: TextEncoding.optional(), sheet: z.string().max(200).optional() };

/** A table that was sent or lies at a path of the engine's machine; exactly one of the two. Its encoding is found out where none is said. */
export const TableSource = z.union([
  z.object({ path: z.string().min(1), ...reading }),
  z.object({ fileName: z.string().min(1), file: z.instanceof(Blob), ...reading }),
]);
export type TableSource = z.infer<typeof TableSource>;

/** What a table looks like before it is imported, and the mapping the studio would use. */
export const TablePreview = z.object({
  fileName: z.string(),
  encoding: z.string(),
  /** Names of a workbook's sheets, and the one that was read; null for other tables. */
  sheets: z.object({ all: z.array(z.string()), read: z.string() }).nullable(),
  header: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  rowCount: z.int().nonnegative(),
  /** By column, its lowest and highest number; null where it has none. */
  ranges: z.array(z.tuple([z.number(), z.number()]).nullable()),
  suggested: MosMapping.nullable(),
  /** The known layout that the header matches, e.g. `AGIQA-3K`. */
  layout: z.string().nullable(),
  /** The scale of that layout's MOS, where it is known. */
  scale: ScaleEnds.nullable(),
  matchedFiles: z.int().nonnegative(),
});
export type TablePreview = z.infer<typeof TablePreview>;

/** What becomes of a row that names, by another name, the picture of an earlier row: it is wrong, or left out and remembered with the set. */
export const TwinRows = z.enum(['refuse', 'leaveOut']);
export type TwinRows = z.infer<typeof TwinRows>;

export const ImportMos = z.object({
  source: TableSource,
  name: Name.optional(),
  mapping: MosMapping.optional(),
  twins: TwinRows.default('refuse'),
});
export type ImportMos = z.input<typeof ImportMos>;
