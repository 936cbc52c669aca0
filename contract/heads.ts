/** Heads: small trained functions from stored features or signals to one target, kept with their lineage. */
import { z } from 'zod';
import { FieldName } from './agreement-views.ts';
import { EstimateOrReason, Id, Name, Seed, TimeMs } from './common.ts';
import { ScaleEnds, TableSource } from './mos.ts';
import { PackId, Target } from './targets.ts';

export const HeadKind = z.enum(['ridge', 'network']);
export type HeadKind = z.infer<typeof HeadKind>;

/**
 * How a head is fitted. On features: `ridge` and `network` learn a correction of the current head. On signals: `ridge` and `quadratic` are
 * closed forms, `network` is SF-IQA's score fusion from random weights, `tuned` the current head's network pulled back to its weights;
 * with `+layer` the last quality layer (features → Q) trains along.
 */
export const HeadMethod = z.enum(['ridge', 'quadratic', 'tuned', 'network', 'tuned+layer', 'network+layer']);
export type HeadMethod = z.infer<typeof HeadMethod>;

/** What a user chooses: a method, with or without the last quality layer by a switch of its own, or `auto`. */
export const HeadChoice = z.enum(['auto', ...HeadMethod.exclude(['tuned+layer', 'network+layer']).options]);
export type HeadChoice = z.infer<typeof HeadChoice>;

/** What a network on signals is trained for: the released variants base, plcc, rank and rplcc. */
export const HeadLoss = z.enum(['mse', 'plcc', 'rank', 'rank+plcc']);

/** MOS that a head learns from. */
export const LabelSource = z.object({
  mosSetId: Id,
  dimension: Target,
  /** Of its scale, where the studio does not know it. */
  scale: ScaleEnds.optional(),
});
export type LabelSource = z.infer<typeof LabelSource>;

/** What a head reads: the pack's stored features, or the signals [Q, S] of SF-IQA's fusion (equation 3). */
export const HeadInputs = z.enum(['features', 'signals']);
export type HeadInputs = z.infer<typeof HeadInputs>;

/** A new head beside another prediction of the same held-out rows; the difference is its own less the other's. */
export const HeadComparison = z.object({
  against: z.enum(['parent', 'meanOfSignals']),
  srcc: EstimateOrReason,
  plcc: EstimateOrReason,
  /** Williams 1959 and Steiger 1980 on the rank correlations; null where they do not exist. */
  williamsP: z.number().nullable(),
  steigerP: z.number().nullable(),
  /** Only where the paired interval of the SRCC excludes 0. */
  verdict: z.enum(['better', 'worse', 'undecided']),
  /** About how many labels it takes to tell this difference, one of 0.05, and one of 0.02. */
  labelsToTell: z.object({
    observed: z.number().nullable(),
    gain005: z.number().nullable(),
    gain002: z.number().nullable(),
  }),
  sentence: z.string(),
});
export type HeadComparison = z.infer<typeof HeadComparison>;

/** Held-out figures of the new head and of its parent on the same rows. */
export const HeldOutMetrics = z.object({
  rows: z.int().nonnegative(),
  groups: z.int().nonnegative(),
  srcc: EstimateOrReason,
  plcc: EstimateOrReason,
  rmse: EstimateOrReason,
  parentSrcc: EstimateOrReason,
  parentPlcc: EstimateOrReason,
  parentRmse: EstimateOrReason,
  /** SRCC(new) − SRCC(parent) with its paired interval by group bootstrap. */
  srccDifference: EstimateOrReason,
  /** RMSE(new) − RMSE(parent): below 0 the new head’s values lie nearer to the labels, whatever the ranks say. */
  rmseDifference: EstimateOrReason.default({ reason: 'Not measured when this head was trained.', n: 0 }),
  comparisons: z.array(HeadComparison).default([]),
  /** The parent learnt from these rows, or from other images of their prompts: where it leads, that tells nothing. */
  parentSaw: z.boolean().optional(),
});
export type HeldOutMetrics = z.infer<typeof HeldOutMetrics>;

/** A method that was tried, with its error on held-out groups inside the labels; or why it was not. */
export const Candidate = z.object({
  method: HeadMethod,
  label: z.string(),
  rmse: z.number().nullable(),
  srcc: z.number().nullable(),
  isChosen: z.boolean(),
  reason: z.string().nullable(),
});
export type Candidate = z.infer<typeof Candidate>;

/** Held-out SRCC by number of labels: mean, lowest and highest over folds. */
export const CurvePoint = z.object({ labels: z.int(), srcc: z.number(), low: z.number(), high: z.number() });
export type CurvePoint = z.infer<typeof CurvePoint>;

export const TrainingReport = z.object({
  method: HeadMethod,
  /** Empty where the user chose. */
  candidates: z.array(Candidate),
  loss: HeadLoss,
  form: z.enum(['released', 'paper']),
  epochs: z.int(),
  seed: Seed,
  folds: z.array(z.object({ rows: z.int(), srcc: z.number().nullable() })),
  curve: z.array(CurvePoint),
  /** An interval of ± halfWidth around a prediction holds the label with this coverage; null where there are too few rows. */
  conformal: z.object({ coverage: z.number(), halfWidth: z.number().nullable(), rows: z.int() }),
  groupBy: FieldName.optional(),
});
export type TrainingReport = z.infer<typeof TrainingReport>;

export const Head = z.object({
  id: Id,
  packId: PackId,
  name: z.string(),
  kind: HeadKind,
  inputs: HeadInputs,
  target: Target,
  parentId: Id.nullable(),
  isShipped: z.boolean(),
  isActive: z.boolean(),
  createdAt: TimeMs,
  /** SHA-256 over the rows it was trained on (image hashes and labels), null for shipped heads of a pack. */
  dataHash: z.string().nullable(),
  trainedOn: z.object({ mosSet: z.string(), images: z.int(), groups: z.int() }).nullable(),
  heldOut: HeldOutMetrics.nullable(),
  training: TrainingReport.nullable(),
  /** The heads that it is the mean of; empty for others. */
  ensembleOf: z.array(Id),
  /** Why this kind was chosen, in one sentence. */
  note: z.string(),
});
export type Head = z.infer<typeof Head>;

export const TrainHead = z.object({
  packId: PackId,
  mosSetId: Id,
  dimension: Target,
  /** The ends of its scale, where the studio does not know them and further sets are joined. */
  scale: ScaleEnds.optional(),
  /** Further MOS of the same, moved to the scale of the first; those of one image are averaged by their votes. */
  also: z.array(LabelSource).max(20).default([]),
  /** The target of the new head; the dimension where absent. */
  target: Target.optional(),
  inputs: HeadInputs.default('features'),
  /** The method; chosen by nested cross-validation where `auto`. */
  kind: HeadChoice.default('auto'),
  /** The last quality layer trains along with a network on signals; with `auto` it is one more choice. */
  withQualityLayer: z.boolean().default(false),
  loss: HeadLoss.default('mse'),
  form: z.enum(['released', 'paper']).default('released'),
  epochs: z.int().min(1).max(2000).default(100),
  /** Images of one value of this field are never on both sides: `prompt`, `object` or any field of `agreement.fields`. */
  groupBy: FieldName.default('prompt'),
  learningCurve: z.boolean().default(true),
  name: Name.optional(),
  seed: Seed.default(1),
});
export type TrainHead = z.input<typeof TrainHead>;
export type CompleteTrainHead = z.output<typeof TrainHead>;

export const EnsembleOrder = z.object({ headIds: z.array(Id).min(2).max(20), name: Name.optional() });
export type EnsembleOrder = z.infer<typeof EnsembleOrder>;

/** A head's value for an image and how sure it is; all in units of the target's scale. */
export const HeadPrediction = z.object({
  imageId: Id,
  value: z.number(),
  /** SD over the networks or heads that are averaged; null for a single one. */
  spread: z.number().nullable(),
  /** Conformal interval; null where the head has none. */
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type HeadPrediction = z.infer<typeof HeadPrediction>;

/** How sure a head is of a new image, in units of its target's scale. */
export const HeadInterval = z.object({
  /** Share of images whose label lies within ± `halfWidth` of the value. */
  coverage: z.number(),
  /** Null where there is none. */
  halfWidth: z.number().nullable(),
  /** Images that it was measured on. */
  rows: z.int(),
  /** How it was measured, or why there is none. */
  sentence: z.string(),
});
export type HeadInterval = z.infer<typeof HeadInterval>;

export const PredictOrder = z.object({ id: Id, imageIds: z.array(Id).max(10_000) });
export const HeadPredictions = z.object({ coverage: z.number().nullable(), rows: z.array(HeadPrediction) });
export type HeadPredictions = z.infer<typeof HeadPredictions>;

export const ExportHead = z.object({
  id: Id,
  format: z.enum(['json', 'onnx']),
  path: z.string().min(1).optional(),
});
export type ExportHead = z.infer<typeof ExportHead>;
/** The file's text for JSON; for ONNX it was written to `path`, or is given in base64. */
export const ExportedHead = z.object({
  fileName: z.string(),
  mediaType: z.string(),
  text: z.string().nullable(),
  base64: z.string().nullable(),
  path: z.string().nullable(),
});
export type ExportedHead = z.infer<typeof ExportedHead>;

/** A head that was taken in; `equalTo` says which one it equals where it was there already. */
export const ImportedHead = Head.extend({ equalTo: z.string().nullable() });
export type ImportedHead = z.infer<typeof ImportedHead>;

/** `packId` is where it goes; the file says for which one it was made. */
export const ImportHead = z.object({ source: TableSource, packId: PackId.optional(), name: Name.optional() });
export type ImportHead = z.infer<typeof ImportHead>;
