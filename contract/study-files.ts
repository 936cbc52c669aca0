/** Studies as files: tables of images to design from, texts for a paper, packs to rate elsewhere, and votes in and out. */
import { z } from 'zod';
import { Id, Name } from './common.ts';
import { TableSource } from './mos.ts';
import { Scale } from './studies.ts';
import { ImageLabel, StudyItems } from './study-plan.ts';
import { Target } from './targets.ts';

/** Which column of a table of images is what. */
export const ManifestMapping = z.object({
  name: z.string().min(1),
  prompt: z.string().optional(),
  generator: z.string().optional(),
  group: z.string().optional(),
  /** Names the hidden reference of an image. */
  reference: z.string().optional(),
  /** `main` (where empty), `training`, `stabilising`, `gold` or `trap`; the last two need an expected value. */
  role: z.string().optional(),
  dimension: z.string().optional(),
  expected: z.string().optional(),
  tolerance: z.string().optional(),
});
export type ManifestMapping = z.infer<typeof ManifestMapping>;

export const ReadManifest = z.object({ source: TableSource, mapping: ManifestMapping.optional() });
export type ReadManifest = z.infer<typeof ReadManifest>;

/** A line of a table and what is wrong with it. In JSON the number of the entry, from 1. */
export const LineProblem = z.object({ line: z.int().positive(), reason: z.string() });
export type LineProblem = z.infer<typeof LineProblem>;

/** A table of images, ready for `studies.create` where `problems` is empty. Nothing is stored by reading it. */
export const Manifest = z.object({
  fileName: z.string(),
  header: z.array(z.string()),
  /** The first rows. */
  rows: z.array(z.array(z.string())),
  rowCount: z.int().nonnegative(),
  mapping: ManifestMapping.nullable(),
  imageIds: z.array(Id),
  labels: z.array(ImageLabel),
  items: StudyItems,
  problems: z.array(LineProblem),
});
export type Manifest = z.infer<typeof Manifest>;

/** What a paper says of a study: one paragraph, and a table in Markdown. */
export const Methods = z.object({ paragraph: z.string(), table: z.string() });
export type Methods = z.infer<typeof Methods>;

/** Says whether a name is that of a study pack in one file, a zip; of any other name a pack is a folder. */
export function isStudyPackFile(name: string): boolean {
  return /\.(sfiqa-study|zip)$/i.test(name);
}

/** Where a study pack is on the engine's machine. */
export const StudyPackPath = z.string().min(1, 'A file or a folder is needed.').max(4096);

export const ExportStudyPack = z.object({
  studyId: Id,
  /** A file must not be there yet; a folder is made, or is empty. */
  path: StudyPackPath,
  /** Who rates there: what is laid out for them goes along, and nobody else is let in. */
  raterNames: z.array(Name).min(1, 'Name at least one rater.').max(200),
});
export type ExportStudyPack = z.infer<typeof ExportStudyPack>;

/** What came of taking results in: how much was new, how much was there already. */
export const Merged = z.object({
  studyId: Id,
  sessions: z.int().nonnegative(),
  votes: z.int().nonnegative(),
  known: z.int().nonnegative(),
  /** Of all that the study holds now: equal in two libraries that took in the same results, in whatever order. */
  contentHash: z.string(),
});
export type Merged = z.infer<typeof Merged>;

/**
 * The shapes in which raw votes come: `long` one row a vote; `matrix` one row an image, one column a rater; `p910` a matrix of numbers
 * without names, as the toolkit of ITU-T P.910 reads it; `sureal` the JSON dataset of Netflix's sureal, also as `ratings-matrix/1`;
 * `pairs` one row a choice between two images.
 */
export const VoteShape = z.enum(['long', 'matrix', 'p910', 'sureal', 'pairs']);
export type VoteShape = z.infer<typeof VoteShape>;

/** Which column is what in a long table, and in a matrix which columns are not raters. */
export const VoteMapping = z.object({
  /** In pairs the left one; `value` is then the choice: left, right, tie or skip, A or B, 1 or 2, or the name of an image. */
  image: z.string().optional(),
  /** In pairs the right image. */
  other: z.string().optional(),
  rater: z.string().optional(),
  value: z.string().optional(),
  dimension: z.string().optional(),
  prompt: z.string().optional(),
  generator: z.string().optional(),
  role: z.string().optional(),
  /** Milliseconds; a column of seconds is `seconds`. */
  shownMs: z.string().optional(),
  seconds: z.string().optional(),
  /** Says whether a vote counts or was corrected later: rows with 0 are passed over. */
  isCurrent: z.string().optional(),
});
export type VoteMapping = z.infer<typeof VoteMapping>;

export const VoteTable = z.object({
  source: TableSource,
  shape: VoteShape.optional(),
  mapping: VoteMapping.optional(),
  /** What the votes are on, where the table does not say it. */
  dimension: Target.default('quality'),
});
export type VoteTable = z.output<typeof VoteTable>;

export const VotePreview = z.object({
  fileName: z.string(),
  shape: VoteShape.nullable(),
  header: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  mapping: VoteMapping.nullable(),
  /** As read by this shape and mapping; all zero where they are not clear. */
  images: z.int().nonnegative(),
  raters: z.int().nonnegative(),
  votes: z.int().nonnegative(),
  matchedImages: z.int().nonnegative(),
  /** Columns of a matrix that hold words alone, and so are of no rater. */
  passedOver: z.array(z.string()),
  dimensions: z.array(Target),
  /** The scale that holds all values; null for pairs. */
  scale: Scale.nullable(),
  /** The first lines that do not fit, and how many there are in all. */
  problems: z.array(LineProblem),
  wrongLines: z.int().nonnegative(),
});
export type VotePreview = z.infer<typeof VotePreview>;

export const ImportVotes = z.object({
  ...VoteTable.shape,
  name: Name.optional(),
  /** What the values mean; guessed from them where absent. */
  scale: Scale.optional(),
});
export type ImportVotes = z.output<typeof ImportVotes>;
