/** What the votes of a study say: about images, about raters, and about how far they can be trusted. */
import { z } from 'zod';
import { EstimateOrReason, Id, TimeMs } from './common.ts';
import { Target } from './targets.ts';

export const AskStatistics = z.object({
  studyId: Id,
  /** The study's first one where absent. */
  dimension: Target.optional(),
  /** Without it the answer comes at once, as a study that is running is watched. */
  withReliability: z.boolean().default(true),
});
export type AskStatistics = z.output<typeof AskStatistics>;

/** One image. Null where there is no such number. */
export const ImageStatistics = z.object({
  imageId: Id,
  n: z.int(),
  mos: z.number().nullable(),
  sd: z.number().nullable(),
  /** Half of the 95 % interval of the MOS (Student's t). */
  half: z.number().nullable(),
  /** Mean of the raters' z-scores, in SDs and rescaled to 0–100. */
  zMos: z.number().nullable(),
  rescaled: z.number().nullable(),
  /** Of `recovery`, with half of its interval. */
  recovered: z.number().nullable(),
  recoveredHalf: z.number().nullable(),
});

export const RaterDecision = z.object({ isExcluded: z.boolean(), reason: z.string(), decidedAt: TimeMs });

export const RaterStatistics = z.object({
  raterId: Id,
  name: z.string(),
  votes: z.int(),
  bias: z.number().nullable(),
  inconsistency: z.number().nullable(),
  /** Doubts, each with its evidence in a sentence. Nothing follows from them by itself. */
  flags: z.array(z.object({ method: z.string(), evidence: z.string() })),
  /** Why this rater cannot be judged. */
  unjudged: z.string().nullable(),
  /** What the owner decided, the first one first; the last one counts. */
  decisions: z.array(RaterDecision),
});

/** How far raters agree. */
export const Reliability = z.object({
  alphaOrdinal: EstimateOrReason,
  alphaInterval: EstimateOrReason,
  /** By form: `ICC(1,1)`, `ICC(2,1)`, … */
  icc: z.record(z.string(), EstimateOrReason),
  concordance: EstimateOrReason,
  /** The human ceiling of any metric. */
  splitHalf: EstimateOrReason,
});
export type Reliability = z.infer<typeof Reliability>;

export const StudyStatistics = z.object({
  dimension: Target,
  images: z.array(ImageStatistics),
  raters: z.array(RaterStatistics),
  recovery: z.object({ method: z.enum(['projection', 'biasRemoval', 'mean']), why: z.string() }),
  /** Parameter a of the SOS hypothesis. */
  sos: EstimateOrReason,
  /** Slower than all the rest together: seconds for a hundred thousand votes. Reasons only where it was not asked for. */
  reliability: Reliability,
  /** The MOS under each method beside the plain one; changes in units of the scale. */
  estimates: z.array(
    z.object({
      name: z.enum(['mos', 'withoutFlagged', 'withoutBt500', 'biasRemoval', 'recovered']),
      raters: z.int(),
      rmsChange: z.number().nullable(),
      largest: z.object({ imageId: Id, change: z.number() }).nullable(),
      srcc: z.number().nullable(),
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

/** Scores of a study of pairs; null entries where an image was never compared. */
export const PairStatistics = z.object({
  dimension: Target,
  /** What has to be known to read the scores; null where nothing has. */
  note: z.string().nullable(),
  comparisons: z.int(),
  images: z.array(
    z.object({ imageId: Id, score: z.number(), low: z.number().nullable(), high: z.number().nullable() }),
  ),
});
export type PairStatistics = z.infer<typeof PairStatistics>;
