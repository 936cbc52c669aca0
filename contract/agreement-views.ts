/** Views of agreement that explain: distributions, residuals by a field, calibration, opposite pairs, the scatter's density, the report. */
import { z } from 'zod';
import { Agreement, Comparison, Disagreement, MosChoice } from './agreement.ts';
import { AblationTable, Ranking, Tier, TierTable } from './agreement-tables.ts';
import { EstimateOrReason, Id, Seed } from './common.ts';
import { TableSource, TwinRows } from './mos.ts';

/** A column of images to group by: `generator`, `promptLength`, `generation.sampler`, `attribute.style` … */
export const FieldName = z.string().min(1).max(200);

/** A field that images of a MOS set differ in. */
export const Field = z.object({
  name: FieldName,
  label: z.string(),
  isNumeric: z.boolean(),
  /** How many images have a value, and how many different values there are. */
  images: z.int(),
  values: z.int(),
});
export type Field = z.infer<typeof Field>;

/** Counts between `edges` (one more than counts; the last bin holds its upper edge). */
export const Histogram = z.object({ edges: z.array(z.number()), counts: z.array(z.int()) });
export type Histogram = z.infer<typeof Histogram>;

export const SplitOrder = z.object({
  ...MosChoice.shape,
  /** Images of one value are on one side; `prompt`, `object` (the prompt before its first comma) or a field. */
  groupBy: FieldName.default('prompt'),
  share: z.number().min(0.05).max(0.95).default(0.2),
  seed: Seed.default(1),
});
export type SplitOrder = z.infer<typeof SplitOrder>;

const SplitSide = z.object({
  images: z.int(),
  groups: z.int(),
  mean: z.number().nullable(),
  sd: z.number().nullable(),
  mos: Histogram,
  generators: z.array(z.int()),
});
/** Figures 3 and 4: MOS and generators of the two sides of a split; bins and generators are shared. */
export const Distributions = z.object({
  generators: z.array(z.string().nullable()),
  all: SplitSide,
  train: SplitSide,
  test: SplitSide,
  /** Why the set cannot be split; null where it is. */
  problem: z.string().nullable(),
});
export type Distributions = z.infer<typeof Distributions>;

export const ResidualOrder = Comparison.extend({ field: FieldName.default('generator') });
export type ResidualOrder = z.infer<typeof ResidualOrder>;

/** `mean` of mapped prediction − MOS (positive: over-rated) with its interval over groups, by value or range of a field. */
export const Residuals = z.object({
  field: Field,
  groups: z.array(
    z.object({
      label: z.string(),
      n: z.int(),
      mean: EstimateOrReason,
      sd: z.number().nullable(),
      mae: z.number(),
      quartiles: z.tuple([z.number(), z.number(), z.number()]),
      imageIds: z.array(Id),
    }),
  ),
  withoutValue: z.int(),
});
export type Residuals = z.infer<typeof Residuals>;

/** Equal numbers of images in the order of the mapped prediction: how high the model says, how high the raters say. */
export const Calibration = z.object({
  bins: z.array(z.object({ n: z.int(), predicted: z.number(), mos: EstimateOrReason })),
  /** Least-squares line mos = intercept + slope · mapped prediction, in cross-fitted halves; 1 and 0 where calibrated. */
  slope: EstimateOrReason,
  intercept: EstimateOrReason,
  /** Mean |predicted − mos| over the bins. */
  error: z.number().nullable(),
});
export type Calibration = z.infer<typeof Calibration>;

export const OppositeOrder = Comparison.extend({
  within: z.enum(['prompt', 'all']).default('all'),
  limit: z.int().min(1).max(200).default(40),
});
export type OppositeOrder = z.infer<typeof OppositeOrder>;

/** The model prefers `model`, the raters prefer `humans`; `strength` is the smaller of the two differences, in MOS units. */
export const OppositePair = z.object({
  model: Disagreement,
  humans: Disagreement,
  predictedGap: z.number(),
  mosGap: z.number(),
  strength: z.number(),
  /** The 95 % intervals of the two MOS do not overlap; null where one has none. */
  isBeyondVotes: z.boolean().nullable(),
});
export type OppositePair = z.infer<typeof OppositePair>;

/** For drawing many points: how dense each lies among the others (0 to 1), and both margins. Points as `agreement.points` has them. */
export const PointDensity = z.object({ density: z.array(z.number()), predicted: Histogram, mos: Histogram });
export type PointDensity = z.infer<typeof PointDensity>;

export const ReportOrder = Comparison.extend({
  tiers: z.array(Tier).max(12).default([]),
  field: FieldName.default('generator'),
});
export type ReportOrder = z.infer<typeof ReportOrder>;

/** Everything the page shows of a comparison. */
export const AgreementReport = z.object({
  format: z.literal('sfiqa-agreement-report/1'),
  title: z.string(),
  createdAt: z.string(),
  version: z.string(),
  mosSet: z.object({ name: z.string(), method: z.string(), dimension: z.string() }),
  prediction: z.string(),
  agreement: Agreement,
  tiers: TierTable.nullable(),
  ablation: AblationTable.nullable(),
  ranking: Ranking,
  distributions: Distributions,
  residuals: Residuals,
  calibration: Calibration,
  disagreements: z.array(Disagreement),
  opposite: z.array(OppositePair),
  methods: z.array(z.string()),
});
export type AgreementReport = z.infer<typeof AgreementReport>;

export const ReportFile = z.object({ report: AgreementReport, html: z.string(), fileName: z.string() });
export type ReportFile = z.infer<typeof ReportFile>;

/** Scores of another metric: a table of names and numbers. Absent fields are recognised: the column of names, all columns of numbers. */
export const ImportColumns = z.object({
  source: TableSource,
  name: z.string().min(1).optional(),
  columns: z.array(z.string().min(1)).optional(),
  /** Columns of prompts and generators, where the table has them. */
  prompt: z.string().min(1).optional(),
  generator: z.string().min(1).optional(),
  /** Names that no image has are counted and passed over, not refused. */
  skipsUnknown: z.boolean().default(false),
  twins: TwinRows.default('refuse'),
});
export type ImportColumns = z.infer<typeof ImportColumns>;

export const ImportedColumns = z.object({
  columns: z.array(z.string()),
  images: z.int(),
  /** Rows whose names no image of the library has. */
  unknown: z.int().nonnegative(),
  /** Rows left out because their pictures stand in earlier rows. */
  leftOut: z.int().nonnegative(),
});
export type ImportedColumns = z.infer<typeof ImportedColumns>;
