/** The paper's tables on the user's own data: tiers (Table 1), branches (Table 2), ranking (Table 5), and paired differences. */
import { z } from 'zod';
import { Coefficients, MosChoice, Prediction } from './agreement.ts';
import { EstimateOrReason, Id, Undefined } from './common.ts';
import { PackId } from './targets.ts';

const Test = z.object({
  /** Steiger 1980 (pooled correlation). */
  steiger: z.object({ z: z.number(), p: z.number() }),
  /** Williams 1959 (T2). */
  williams: z.object({ t: z.number(), df: z.int(), p: z.number() }),
  /** Meng, Rosenthal and Rubin 1992. */
  meng: z.object({ z: z.number(), p: z.number() }),
  /** Zou 2007: 95 % interval of the difference. */
  zou: z.object({ low: z.number(), high: z.number() }),
});

/** Two scores on the same images: a − b, each with its paired interval; tests of dependent correlations beside it. */
export const PairedDifference = z.object({
  n: z.int().nonnegative(),
  srcc: EstimateOrReason,
  plcc: EstimateOrReason,
  krcc: EstimateOrReason,
  mainScore: EstimateOrReason,
  plccMapped: EstimateOrReason,
  rmseMapped: EstimateOrReason,
  tests: z.object({ srcc: z.union([Test, Undefined]), plcc: z.union([Test, Undefined]) }),
  /** `better`, `worse` (a than b) only where the paired interval of the SRCC excludes 0. */
  verdict: z.enum(['better', 'worse', 'undecided']),
  /**
   * How many images it would take to tell (the interval narrows with √n): this difference, one of 0.05, one of 0.02. Null where there is
   * no interval or no difference.
   */
  imagesToTell: z.object({
    observed: z.number().nullable(),
    gain005: z.number().nullable(),
    gain002: z.number().nullable(),
  }),
  sentence: z.string(),
});
export type PairedDifference = z.infer<typeof PairedDifference>;

export const CompareScores = z.object({ ...MosChoice.shape, a: Prediction, b: Prediction });
export type CompareScores = z.infer<typeof CompareScores>;

/** A class of generators of about the same standing (paper, Table 1). */
export const Tier = z.object({
  name: z.string().trim().min(1).max(60),
  generators: z.array(z.string().max(200)).max(200),
});
export type Tier = z.infer<typeof Tier>;

/** Generators are recognised by letters and digits alone, whatever the case. */
export const tierPresets: Record<string, Tier[]> = {
  /** SF-IQA §4.3 and AGIQA-3K. */
  'AGIQA-3K': [
    { name: 'bad', generators: ['AttnGAN', 'GLIDE'] },
    { name: 'medium', generators: ['DALLE2', 'sd1.5', 'Stable Diffusion'] },
    { name: 'good', generators: ['midjourney', 'xl2.2', 'SDXL', 'Stable Diffusion XL'] },
  ],
};

export const TierOrder = z.object({
  ...MosChoice.shape,
  predictions: z.array(Prediction).min(1).max(30),
  tiers: z.array(Tier).min(1).max(12),
});
export type TierOrder = z.infer<typeof TierOrder>;

/** Table 1: a row a score, all images and each tier. */
export const TierTable = z.object({
  tiers: z.array(z.object({ name: z.string(), generators: z.array(z.string()), images: z.int() })),
  /** Generators of the set in no tier, and their images. */
  leftOver: z.array(z.object({ generator: z.string().nullable(), images: z.int() })),
  humanCeiling: EstimateOrReason,
  rows: z.array(
    z.object({
      prediction: Prediction,
      label: z.string(),
      missingPrediction: z.int(),
      all: Coefficients,
      byTier: z.array(Coefficients),
    }),
  ),
});
export type TierTable = z.infer<typeof TierTable>;

export const AblationOrder = z.object({
  ...MosChoice.shape,
  packId: PackId,
  /** The fusion; the active head on signals where absent. */
  headId: Id.optional(),
});
export type AblationOrder = z.infer<typeof AblationOrder>;

/** Table 2: quality alone, similarity alone, their mean, the fusion network, all on the same images. */
export const AblationTable = z.object({
  images: z.int(),
  humanCeiling: EstimateOrReason,
  rows: z.array(
    z.object({
      label: z.string(),
      prediction: Prediction,
      usesQuality: z.boolean(),
      usesSimilarity: z.boolean(),
      usesFusion: z.boolean(),
      coefficients: Coefficients,
      /** Fusion less this; null for the fusion itself. */
      difference: PairedDifference.nullable(),
    }),
  ),
});
export type AblationTable = z.infer<typeof AblationTable>;

export const RankingOrder = z.object({
  ...MosChoice.shape,
  /** All that can be compared where absent. */
  predictions: z.array(Prediction).max(60).optional(),
});
export type RankingOrder = z.infer<typeof RankingOrder>;

/** Table 5: by main score, the best first; scores without one last. */
export const Ranking = z.object({
  humanCeiling: EstimateOrReason,
  rows: z.array(
    z.object({
      rank: z.int(),
      prediction: Prediction,
      label: z.string(),
      missingPrediction: z.int(),
      coefficients: Coefficients,
      /** The best one less this, on the images that both scored; null for the best one. */
      difference: PairedDifference.nullable(),
    }),
  ),
});
export type Ranking = z.infer<typeof Ranking>;
