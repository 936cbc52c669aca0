/** Evaluation on a public data set by its published protocol, beside the published figures. */
import { z } from 'zod';
import { Tier } from './agreement-tables.ts';
import { FieldName } from './agreement-views.ts';
import { Id, Seed } from './common.ts';
import { HeadChoice, HeadInputs } from './heads.ts';
import { TableSource } from './mos.ts';
import { PackId } from './targets.ts';

export const Protocol = z.enum(['agiqa-3k', 'agiqa-20k', 'aigciqa2023', 'generic']);
export type Protocol = z.infer<typeof Protocol>;

/** Takes a data set's table of MOS in as a MOS set, checked by the protocol; the same table twice is one set. */
export const PrepareEvaluation = z.object({ protocol: Protocol, source: TableSource });

/** The same before anything is taken in or scored; `folder` is where the images should lie. */
export const CheckEvaluation = PrepareEvaluation.extend({ folder: z.string().min(1).optional() });
export type CheckEvaluation = z.infer<typeof CheckEvaluation>;

export const EvaluationCheck = z.object({
  fileName: z.string(),
  rows: z.int(),
  dimensions: z.array(z.string()),
  /** Names that no file of the folder has, with their lines: those rows have MOS alone. */
  unmatched: z.array(z.object({ line: z.int(), name: z.string() })),
});
export type EvaluationCheck = z.infer<typeof EvaluationCheck>;

export const EvaluateOrder = z.object({
  protocol: Protocol,
  mosSetId: Id,
  /** Whose features or signals heads are trained on for each split. */
  packId: PackId.default('classic'),
  inputs: HeadInputs.default('features'),
  kind: HeadChoice.default('auto'),
  repeats: z.int().min(1).max(100).default(10),
  seed: Seed.default(1),
  /** The protocol's own where absent. */
  groupBy: FieldName.optional(),
  tiers: z.array(Tier).max(12).optional(),
});
export type EvaluateOrder = z.output<typeof EvaluateOrder>;

/** Over the repeats; a published figure has the median alone. */
export const Spread = z.object({ median: z.number(), low: z.number(), high: z.number(), repeats: z.int() });
export type Spread = z.infer<typeof Spread>;

export const EvaluationCell = z.object({
  srcc: Spread.nullable(),
  plcc: Spread.nullable(),
  /** After the 4-parameter logistic mapping. */
  plccMapped: Spread.nullable(),
});
export type EvaluationCell = z.infer<typeof EvaluationCell>;

export const EvaluationRow = z.object({
  label: z.string(),
  /** `trained`: a head trained anew on each training side; `fixed`: a score as it is; `published`: out of a paper. */
  kind: z.enum(['trained', 'fixed', 'published']),
  /** What keeps a figure from being fair, or where it is from. */
  note: z.string(),
  /** All images of the test side, then each tier. */
  cells: z.array(EvaluationCell),
});
export type EvaluationRow = z.infer<typeof EvaluationRow>;

export const Evaluation = z.object({
  format: z.literal('sfiqa-evaluation/1'),
  protocol: Protocol,
  title: z.string(),
  /** What was done, in sentences. */
  method: z.array(z.string()),
  columns: z.array(z.string()),
  dimensions: z.array(
    z.object({
      dimension: z.string(),
      images: z.int(),
      groups: z.int(),
      /** The human side: images, mean and SD of the MOS in each column. */
      mos: z.array(z.object({ n: z.int(), mean: z.number().nullable(), sd: z.number().nullable() })),
      rows: z.array(EvaluationRow),
    }),
  ),
  /** How far the dimensions agree with each other, in each column. */
  between: z.array(
    z.object({
      a: z.string(),
      b: z.string(),
      cells: z.array(z.object({ n: z.int(), srcc: z.number().nullable(), plcc: z.number().nullable() })),
    }),
  ),
  /** What could not be done and why. */
  problems: z.array(z.string()),
});
export type Evaluation = z.infer<typeof Evaluation>;
