/** Exports of images: which ones, which columns are told of each, and in what form they are written. */
import { z } from 'zod';
import { Id, Name } from './common.ts';
import { TableFormat } from './exports.ts';
import { ImageQuery } from './images.ts';
import { PackId } from './targets.ts';

/** Which images: some by id, in this order; all that a query finds, in its order; those of a study; those of a MOS set. */
export const ImageChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('images'), imageIds: z.array(Id).min(1).max(1_000_000) }),
  z.object({ kind: z.literal('query'), query: ImageQuery }),
  z.object({ kind: z.literal('study'), studyId: Id }),
  z.object({ kind: z.literal('mosSet'), mosSetId: Id }),
]);
export type ImageChoice = z.infer<typeof ImageChoice>;

/**
 * What a column holds: a field such as `prompt`, or a kind and what it is of: `signal:q`, `score:quality`, `head:quality`, `mos:quality`,
 * `sd:…`, `n:…`, `low:…`, `high:…` (95 % interval), `attribute:adj1`.
 */
export const ColumnKey = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[a-z0-9_]+(:.+)?$/u, 'A field such as “prompt”, or a kind and a name such as “mos:quality”.');

/** A column and what it is called in the file; its usual name where absent. */
export const ExportColumn = z.object({ key: ColumnKey, name: z.string().trim().min(1).max(100).optional() });
export type ExportColumn = z.infer<typeof ExportColumn>;

/** `folder`: a data set as the `datasets` library loads it: the images and a table of their metadata beside them. */
export const ExportFormat = z.enum([...TableFormat.options, 'folder']);
export type ExportFormat = z.infer<typeof ExportFormat>;

/** How a data set's folder gets its images. */
export const ImagePlacing = z.enum(['copy', 'hardlink', 'symlink']);
export type ImagePlacing = z.infer<typeof ImagePlacing>;

/** How the table of a data set's folder is written: `parquet` says the type of every column, of the others a loader guesses it. */
export const MetadataFormat = z.enum(['jsonl', 'csv', 'parquet']);
export type MetadataFormat = z.infer<typeof MetadataFormat>;

/** What an export tells, wherever it goes. */
export const ImageTable = z.object({
  choice: ImageChoice,
  columns: z.array(ExportColumn).min(1, 'Choose a column.').max(300),
  /** One row an image, or one a file that holds it. */
  rows: z.enum(['images', 'files']).default('images'),
  /** The pack whose signals, scores and heads are meant; the one that the library shows where absent. */
  packId: PackId.optional(),
  /** The MOS set whose values are meant; that of the chosen study, else the newest, where absent. */
  mosSetId: Id.optional(),
});
export type ImageTable = z.infer<typeof ImageTable>;
export type ImageTableInput = z.input<typeof ImageTable>;

export const ImageExport = ImageTable.extend({
  format: ExportFormat,
  /** Of a `folder`. */
  images: ImagePlacing.default('copy'),
  metadata: MetadataFormat.default('jsonl'),
  /**
   * The path of the file or folder on the studio's machine. Where absent, a file is made that can be downloaded from
   * `/exported/{summary.download}` until the next such export or the studio's end.
   */
  destination: z.string().min(1).max(4096).optional(),
  /** Whether a file that is there already is replaced; a folder never is. */
  overwrite: z.boolean().default(false),
});
export type ImageExport = z.infer<typeof ImageExport>;
export type ImageExportInput = z.input<typeof ImageExport>;

/** A column that can be chosen. */
export const ColumnInfo = z.object({
  key: ColumnKey,
  /** What it is called in a file. */
  name: z.string(),
  label: z.string(),
  group: z.string(),
  type: z.enum(['text', 'number', 'integer', 'truth', 'time', 'texts']),
});
export type ColumnInfo = z.infer<typeof ColumnInfo>;

/**
 * A set of columns under a name, as data. A `*` stands for every dimension, target, signal or further column that there is; neighbours
 * with one are repeated together.
 */
export const ExportPreset = z.object({
  id: z.string().min(1).max(80),
  title: Name,
  note: z.string(),
  format: ExportFormat,
  columns: z.array(ExportColumn).min(1).max(300),
});
export type ExportPreset = z.infer<typeof ExportPreset>;

/** What can be exported: every column of this library with a pack and a MOS set, and sets of them, those that the user saved last. */
export const ExportOptions = z.object({
  packId: z.string(),
  mosSetId: Id.nullable(),
  columns: z.array(ColumnInfo),
  /** With every `*` resolved. */
  presets: z.array(ExportPreset.extend({ isOwn: z.boolean() })),
});
export type ExportOptions = z.infer<typeof ExportOptions>;

/** The first rows as text, and how many there will be. */
export const ExportPreview = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  total: z.int().nonnegative(),
});
export type ExportPreview = z.infer<typeof ExportPreview>;
