/** Agreement of a model's scores with MOS: what can be compared and what comes of it. */
import { z } from 'zod';
import { EstimateOrReason, Id } from './common.ts';
import { PackId, SignalName, Target } from './targets.ts';

/**
 * What is compared with the MOS: a head's scores, a pack's signal, the mean of a pack's Q and S (each standardised over the compared
 * images; the paper's Table 2), an imported column of another metric, or another MOS.
 */
export const Prediction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('head'), headId: Id }),
  z.object({ kind: z.literal('signal'), packId: PackId, signal: SignalName }),
  z.object({ kind: z.literal('mean'), packId: PackId }),
  z.object({ kind: z.literal('column'), name: z.string().min(1), lowerIsBetter: z.boolean().default(false) }),
  z.object({ kind: z.literal('mos'), mosSetId: Id, dimension: Target }),
]);
export type Prediction = z.infer<typeof Prediction>;

export const Comparison = z.object({ prediction: Prediction, mosSetId: Id, dimension: Target });
export type Comparison = z.infer<typeof Comparison>;

/** A MOS that scores are compared with. */
export const MosChoice = Comparison.omit({ prediction: true });
export type MosChoice = z.infer<typeof MosChoice>;

/** A thing that can be compared, with its label for menus. `higherIsBetter` turns the sign for NIQE and its like. */
export const PredictionChoice = z.object({
  prediction: Prediction,
  label: z.string(),
  target: Target.nullable(),
  isActive: z.boolean(),
  higherIsBetter: z.boolean(),
  images: z.int().nonnegative(),
});
export type PredictionChoice = z.infer<typeof PredictionChoice>;

/** Coefficients of one set of pairs; each with n and a 95 % interval, or the reason why it does not exist. */
export const Coefficients = z.object({
  n: z.int().nonnegative(),
  srcc: EstimateOrReason,
  plcc: EstimateOrReason,
  krcc: EstimateOrReason,
  rmse: EstimateOrReason,
  mae: EstimateOrReason,
  mainScore: EstimateOrReason,
  /** After the 4-parameter logistic mapping of predictions to the MOS scale. */
  plccMapped: EstimateOrReason,
  rmseMapped: EstimateOrReason,
  /** After the 5-parameter logistic mapping. */
  plccMapped5: EstimateOrReason,
  rmseMapped5: EstimateOrReason,
  /** Share of images whose prediction (4-parameter mapping) lies outside the 95 % interval of their MOS (ITU-T P.1401). */
  outlierRatio: EstimateOrReason,
});
export type Coefficients = z.infer<typeof Coefficients>;

export const Agreement = z.object({
  overall: Coefficients,
  byGenerator: z.array(z.object({ generator: z.string().nullable(), coefficients: Coefficients })),
  /** How well one half of the raters predicts the other, stepped up: the reliability of the MOS that a model is measured against. */
  humanCeiling: EstimateOrReason,
  /** Pairs left out, with the reason. */
  missingPrediction: z.int().nonnegative(),
  higherIsBetter: z.boolean(),
  /** Says so where the scores of these images were not all computed alike; null where they were. */
  mixed: z.string().nullable(),
});
export type Agreement = z.infer<typeof Agreement>;

/** The scatter in columns; one entry an image. `generator` indexes `generators`. */
export const AgreementPoints = z.object({
  imageIds: z.array(Id),
  predicted: z.array(z.number()),
  mos: z.array(z.number()),
  /** The prediction mapped to the MOS scale (4-parameter logistic; the line where that does not exist). */
  mapped: z.array(z.number()),
  generator: z.array(z.int()),
  generators: z.array(z.string().nullable()),
  /** The mapping itself for drawing: pairs of prediction and mapped value, in rising order. */
  curve: z.array(z.tuple([z.number(), z.number()])),
});
export type AgreementPoints = z.infer<typeof AgreementPoints>;

/** `gap` = mapped prediction − MOS, in MOS units: positive where the model over-rates. */
export const Disagreement = z.object({
  imageId: Id,
  name: z.string(),
  hasFile: z.boolean(),
  prompt: z.string().nullable(),
  generator: z.string().nullable(),
  predicted: z.number(),
  mapped: z.number(),
  mos: z.number(),
  gap: z.number(),
});
export type Disagreement = z.infer<typeof Disagreement>;
