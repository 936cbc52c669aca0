/** Images of the library as the doors see them: what the grid asks for and what it gets. */
import { z } from 'zod';
import { Id, Name, TimeMs } from './common.ts';
import { ColourLabel, Flag } from './curate.ts';
import { WatchState } from './keep.ts';
import { SignalName, Target } from './targets.ts';

/**
 * Columns an image list can be ordered by; `score:`, `mos:`, `gap:` and `ci:` (width of the 95 % interval) take a target, `signal:` a signal.
 * `pictures`: those with a file first, then as they were added; `duplicates`: near-duplicates beside each other;
 * `votesMissing`: votes that an image still lacks in its studies, or in the study that the list is narrowed to.
 */
export const ImageOrder = z.union([
  z.enum(['pictures', 'added', 'name', 'prompt', 'generator', 'votes', 'votesMissing', 'duplicates']),
  z.templateLiteral(['score:', Target]),
  z.templateLiteral(['mos:', Target]),
  z.templateLiteral(['gap:', Target]),
  z.templateLiteral(['ci:', Target]),
  z.templateLiteral(['signal:', SignalName]),
]);
export type ImageOrder = z.infer<typeof ImageOrder>;

/** What an image list is narrowed to; absent fields do not narrow. */
export const ImageFilter = z.object({
  /** In the query language of `contract/query.ts`; `looks:` and `like:` order by similarity. */
  query: z.string().max(100_000).optional(),
  text: z.string().max(500).optional(),
  generator: z.string().max(200).optional(),
  rootId: Id.optional(),
  studyId: Id.optional(),
  /** By the pack whose scores are shown. */
  scored: z.boolean().optional(),
  hasFile: z.boolean().optional(),
});
export type ImageFilter = z.infer<typeof ImageFilter>;

export const GroupBy = z.enum(['prompt', 'generator', 'folder']);
export type GroupBy = z.infer<typeof GroupBy>;

export const ImageQuery = z.object({
  filter: ImageFilter.default({}),
  order: ImageOrder.default('added'),
  descending: z.boolean().default(false),
  /** The MOS set whose values `mos:` and `gap:` mean; the one that the library shows where absent. */
  mosSetId: Id.optional(),
  /** Images of one group come together; groups in the order of their first images. */
  groupBy: GroupBy.optional(),
});
export type ImageQuery = z.infer<typeof ImageQuery>;

/** Images that lie together in a list; `label` is cut where it is very long, null for images without one. */
export const ImageGroup = z.object({
  /** The same for the same group in every list. */
  key: z.string(),
  label: z.string().nullable(),
  images: z.int().positive(),
});
export type ImageGroup = z.infer<typeof ImageGroup>;

/** The matching images in order; with `groupBy`, the groups in which they lie, one after the other. */
export const ImageList = z.object({ ids: z.array(Id), groups: z.array(ImageGroup).optional() });
export type ImageList = z.infer<typeof ImageList>;

/** What the matching images have of one word of the query language, the most frequent first. */
export const Facet = z.object({
  word: z.string(),
  values: z.array(z.object({ value: z.string(), images: z.int().nonnegative() })),
});
export type Facet = z.infer<typeof Facet>;

/** How the matching images spread over a word that takes numbers, from the smallest to the largest of them in equal steps. */
export const RangeFacet = z.object({
  word: z.enum(['mos', 'score', 'gap', 'ci', 'votes', 'q', 's']),
  target: Target.nullable(),
  /** The word means this target where it names none. */
  isImplied: z.boolean(),
  low: z.number(),
  high: z.number(),
  counts: z.array(z.int().nonnegative()),
});
export type RangeFacet = z.infer<typeof RangeFacet>;

/** A list that somebody wants to see again. */
export const SavedQuery = z.object({ id: Id, name: Name, query: ImageQuery, createdAt: TimeMs });
export type SavedQuery = z.infer<typeof SavedQuery>;

/** MOS of one image on one dimension of one MOS set. `sd` and `ci95` are null where they do not exist. */
export const ImageMos = z.object({
  dimension: Target,
  mean: z.number(),
  sd: z.number().nullable(),
  n: z.int().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type ImageMos = z.infer<typeof ImageMos>;

/**
 * Where the file of an image is. `here`: where it was; `offline`: its drive is not connected; `missing`: it was deleted or moved away;
 * `takenOut`: its folder was taken out of the library; `none`: none ever came.
 */
export const FileState = z.enum(['here', 'offline', 'missing', 'takenOut', 'none']);
export type FileState = z.infer<typeof FileState>;

/** One card of the grid. */
export const ImageCard = z.object({
  id: Id,
  name: z.string(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  hasFile: z.boolean(),
  fileState: FileState,
  /** Under how many paths its content lies. */
  files: z.int().nonnegative(),
  prompt: z.string().nullable(),
  generator: z.string().nullable(),
  /** Scores of the active heads by target. */
  scores: z.record(Target, z.number()),
  /** Score − MOS where an image has both, the score moved to the scale of the MOS where both scales are known. */
  gaps: z.record(Target, z.number()),
  /** Q and S of the pack whose scores are shown, where it has them for the image and its prompt. */
  branches: z.object({ q: z.number().nullable(), s: z.number().nullable() }),
  mos: z.array(ImageMos),
  votes: z.int().nonnegative(),
  flag: Flag.nullable(),
  label: ColourLabel.nullable(),
});
export type ImageCard = z.infer<typeof ImageCard>;

/** What the file itself says of how it was generated. Seeds are text: they exceed 2^53. */
export const Generation = z.object({
  tool: z.string().nullable(),
  negativePrompt: z.string().nullable(),
  model: z.string().nullable(),
  seed: z.string().nullable(),
  steps: z.number().nullable(),
  cfg: z.number().nullable(),
  sampler: z.string().nullable(),
  /** Pixels that the settings state: before upscaling, so not always the picture's. */
  width: z.int().nullable(),
  height: z.int().nullable(),
  /** The weight is null where the file does not tell it. */
  loras: z.array(z.object({ name: z.string(), weight: z.number().nullable() })),
  /** What of the metadata could not be read, in a sentence. */
  problem: z.string().nullable(),
});
export type Generation = z.infer<typeof Generation>;

export const PromptSource = z.enum(['list', 'sidecar', 'metadata', 'mosTable']);
export type PromptSource = z.infer<typeof PromptSource>;

/** The texts that a file carries, by their names in the file; `isCut` where it has more than the library keeps. */
export const RawMetadata = z.object({
  blocks: z.array(z.object({ name: z.string(), text: z.string() })),
  isCut: z.boolean(),
});
export type RawMetadata = z.infer<typeof RawMetadata>;

/** Everything known of one image. */
export const ImageDetail = ImageCard.extend({
  hash: z.string().nullable(),
  format: z.string().nullable(),
  sizeBytes: z.int().nullable(),
  addedAt: TimeMs,
  paths: z.array(z.string()),
  tags: z.array(z.string()),
  collections: z.array(z.string()),
  promptSource: PromptSource.nullable(),
  generation: Generation.nullable(),
  hasRawMetadata: z.boolean(),
  /** Signals by pack, then by name; absent where the pack does not give them. */
  signals: z.array(z.object({ packId: z.string(), name: SignalName, value: z.number() })),
  /** Signals a pack has no value for on this image, with its reason. */
  missingSignals: z.array(z.object({ packId: z.string(), name: SignalName, reason: z.string() })),
});
export type ImageDetail = z.infer<typeof ImageDetail>;

/** A file that could not be scored, with the reason in words. */
export const FailedFile = z.object({
  path: z.string(),
  code: z.string(),
  message: z.string(),
  checkedAt: TimeMs,
});
export type FailedFile = z.infer<typeof FailedFile>;

/** A folder the user added. */
export const Root = z.object({
  id: Id,
  path: z.string(),
  recursive: z.boolean(),
  addedAt: TimeMs,
  files: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  /** Files that were there once and are not now. */
  missing: z.int().nonnegative(),
  isReachable: z.boolean(),
  /** Since when it cannot be reached. */
  offlineSince: TimeMs.nullable(),
  isWatched: z.boolean(),
  watch: WatchState,
});
export type Root = z.infer<typeof Root>;
