/** What the votes of a study say: about images, about raters, and about how far they can be trusted. */
import { z } from 'zod';
import { EstimateOrReason, Id, TimeMs, Undefined } from './common.ts';
import { Target } from './targets.ts';

export const AskStatistics = z.object({
  studyId: Id,
  /** The study's first one where absent. */
  dimension: Target.optional(),
  /** Without it the answer comes at once, as a study that is running is watched. */
  withReliability: z.boolean().default(true),
  /** Without it the columns of images are empty, and the answer stays small: pages of them come by `imageStatistics`. */
  withImages: z.boolean().default(true),
  /** How BT.500's rejection is worked out: by the recommendation, or as Netflix's sureal does. */
  bt500Variant: z.enum(['recommendation', 'reference']).default('recommendation'),
  /** What its counts are a share of: the rater's own images, or all images as in sureal. */
  bt500Share: z.enum(['own', 'all']).default('own'),
});
export type AskStatistics = z.output<typeof AskStatistics>;

/** One entry an image; null where there is no such number. */
const Column = z.array(z.number().nullable());

/** Columns of the same length, of the raters that count. */
export const ImageColumns = z.object({
  imageId: z.array(Id),
  n: z.array(z.int()),
  mos: Column,
  sd: Column,
  /** Half of the 95 % interval of the MOS (Student's t). */
  half: Column,
  /** Mean of the raters' z-scores, in SDs and rescaled to 0–100. */
  zMos: Column,
  rescaled: Column,
  /** Of `recovery`, with half of its interval. */
  recovered: Column,
  recoveredHalf: Column,
  /** With hidden references, each with half of its interval; empty without. */
  dmos: Column,
  dmosHalf: Column,
});
export type ImageColumns = z.infer<typeof ImageColumns>;

/** A page of images in the order of a column. */
export const AskImageStatistics = AskStatistics.omit({ withReliability: true, withImages: true }).extend({
  /** Opinion scores of the raters that count, or the MOS under each method, as `images` and `estimates` of the statistics have them. */
  view: z.enum(['scores', 'methods']),
  /** A column of the view. */
  order: z.string().max(40).default('mos'),
  isDescending: z.boolean().default(true),
  from: z.int().nonnegative().default(0),
  count: z.int().min(1).max(1000).default(100),
});
export type AskImageStatistics = z.output<typeof AskImageStatistics>;

export const ImageStatistics = z.object({
  /** How many images there are in all. */
  total: z.int().nonnegative(),
  rows: z.array(
    z.object({
      imageId: Id,
      name: z.string(),
      /** By column of the view; those without a value come last, whatever the order. */
      values: z.record(z.string(), z.number().nullable()),
    }),
  ),
});
export type ImageStatistics = z.infer<typeof ImageStatistics>;

export const RaterDecision = z.object({ isExcluded: z.boolean(), reason: z.string(), decidedAt: TimeMs });

export const RaterStatistics = z.object({
  raterId: Id,
  name: z.string(),
  votes: z.int(),
  bias: z.number().nullable(),
  inconsistency: z.number().nullable(),
  /** Its 95 % interval. */
  inconsistencyLow: z.number().nullable(),
  inconsistencyHigh: z.number().nullable(),
  /** Votes on images seen before, and the SD of a vote around the rater's own mean on such an image. */
  repeats: z.int(),
  repeatSd: z.number().nullable(),
  /** Doubts, each with its evidence in a sentence. Nothing follows from them by itself. */
  flags: z.array(z.object({ method: z.string(), evidence: z.string() })),
  /** Why the recommendations' own procedures would reject this rater; for comparison. */
  byTheBook: z.array(z.object({ method: z.string(), evidence: z.string() })),
  /** Why this rater cannot be judged. */
  unjudged: z.string().nullable(),
  /** What the owner decided, the first one first; the last one counts. */
  decisions: z.array(RaterDecision),
});

/** First and second votes of raters on the images that were shown to them again. */
export const Retest = z.object({
  n: z.int(),
  plcc: EstimateOrReason,
  srcc: EstimateOrReason,
  /** Cohen's κ with quadratic weights. */
  kappa: EstimateOrReason,
  /** Second minus first, and its 95 % limits of agreement. */
  meanDifference: z.number(),
  limits: z.object({ low: z.number(), high: z.number() }).nullable(),
  /** SD of one vote around the rater's own mean. */
  withinRaterSd: z.number(),
  /** Shares of the second votes. */
  exactAgreement: z.number(),
  withinOne: z.number(),
});
export type Retest = z.infer<typeof Retest>;

/** How far raters agree. */
export const Reliability = z.object({
  alphaOrdinal: EstimateOrReason,
  alphaInterval: EstimateOrReason,
  /** By form: `ICC(1,1)`, `ICC(2,1)`, … */
  icc: z.record(z.string(), EstimateOrReason),
  concordance: EstimateOrReason,
  /** Mean of the weighted κ of all pairs of raters. */
  kappaLinear: EstimateOrReason,
  kappaQuadratic: EstimateOrReason,
  /** How far raters agree with themselves. */
  retest: z.union([Retest, Undefined]),
  /** The human ceiling of any metric. */
  splitHalf: EstimateOrReason,
});
export type Reliability = z.infer<typeof Reliability>;

export const StudyStatistics = z.object({
  dimension: Target,
  images: ImageColumns,
  raters: z.array(RaterStatistics),
  recovery: z.object({ method: z.enum(['projection', 'biasRemoval', 'mean']), why: z.string() }),
  /** Parameter a of the SOS hypothesis. */
  sos: EstimateOrReason,
  /** Slower than all the rest together: seconds for a hundred thousand votes. Reasons only where it was not asked for. */
  reliability: Reliability,
  /** The MOS under each method beside the plain one; changes in units of the scale. */
  estimates: z.array(
    z.object({
      name: z.enum([
        'mos',
        'decided',
        'withoutFlagged',
        'withoutBt500',
        'withoutP913',
        'zScores',
        'biasRemoval',
        'biasRemovalBt500',
        'recovered',
      ]),
      raters: z.int(),
      rmsChange: z.number().nullable(),
      largest: z.object({ imageId: Id, change: z.number() }).nullable(),
      srcc: z.number().nullable(),
      /** Of every image, in the order of `images`, with half of its 95 % interval. */
      mos: Column,
      half: Column,
    }),
  ),
});
export type StudyStatistics = z.infer<typeof StudyStatistics>;

export const DecideRater = z.object({
  studyId: Id,
  raterId: Id,
  isExcluded: z.boolean(),
  reason: z.string().trim().min(1, 'Say why: it is kept with the decision.').max(1000),
});
export type DecideRater = z.output<typeof DecideRater>;

const PairScore = z.object({ score: z.number(), low: z.number().nullable(), high: z.number().nullable() });

/** Scores of a study of pairs, each with its 95 % interval. */
export const PairStatistics = z.object({
  dimension: Target,
  /** What has to be known to read the scores; null where nothing has. */
  note: z.string().nullable(),
  comparisons: z.int(),
  /** How `score` was made. */
  method: z.string(),
  /** Why there are no scores by Thurstone's case V beside it; null where there are. */
  whyNoThurstone: z.string().nullable(),
  /** Log-strengths; `thurstone` in SDs of a difference between two images. */
  images: z.array(z.object({ imageId: Id, ...PairScore.shape, thurstone: PairScore.nullable() })),
});
export type PairStatistics = z.infer<typeof PairStatistics>;
