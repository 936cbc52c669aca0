/** Studies: the design by which raters give votes, as data; and what the rating surface asks for and sends. */
import { z } from 'zod';
import { Id, Name, Seed, TimeMs } from './common.ts';
import { Target } from './targets.ts';

/** ACR with words (ITU-T P.910 §7.1, five levels), or a continuous scale in fixed steps (AGIQA-3K: 0–5 in 0.1). */
export const Scale = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('acr'),
    /** The words from worst to best; their number is the number of levels, and level 1 is the worst. */
    words: z.array(z.string().trim().min(1).max(60)).min(2).max(9),
  }),
  z.object({
    kind: z.literal('continuous'),
    min: z.number(),
    max: z.number(),
    step: z.number().positive(),
  }),
]);
export type Scale = z.infer<typeof Scale>;

export const Dimension = z.object({
  key: Target,
  label: z.string().trim().min(1).max(60),
  question: z.string().trim().max(300),
  showsPrompt: z.boolean(),
  scale: Scale,
});
export type Dimension = z.infer<typeof Dimension>;

/** The frozen design of a study. The order of `dimensions` is the order in which they are asked. */
export const StudyDesign = z
  .object({ dimensions: z.array(Dimension).min(1).max(8), seed: Seed, instructions: z.string().max(4000) })
  .refine((design) => new Set(design.dimensions.map((d) => d.key)).size === design.dimensions.length, {
    message: 'Two dimensions have the same name.',
  });
export type StudyDesign = z.infer<typeof StudyDesign>;

export const NewStudy = z.object({
  name: Name,
  design: StudyDesign,
  imageIds: z.array(Id).min(1, 'Select at least one image.').max(1_000_000),
});
export type NewStudy = z.infer<typeof NewStudy>;

export const Study = z.object({
  id: Id,
  name: z.string(),
  design: StudyDesign,
  createdAt: TimeMs,
  stimuli: z.int().nonnegative(),
  raters: z.int().nonnegative(),
  votes: z.int().nonnegative(),
  /** The MOS set that this study's votes fill. */
  mosSetId: Id,
});
export type Study = z.infer<typeof Study>;

/** One showing of one stimulus, as the rating surface needs it: nothing that could bias. */
export const PresentationCard = z.object({
  id: Id,
  imageId: Id,
  width: z.int().nullable(),
  height: z.int().nullable(),
  prompt: z.string().nullable(),
  /** This rater's own current votes by dimension. */
  votes: z.record(Target, z.number()),
});
export type PresentationCard = z.infer<typeof PresentationCard>;

export const OpenSession = z.object({
  studyId: Id,
  raterName: Name,
  /** What the session was rated on (BT.500: viewing conditions are recorded). */
  client: z.object({
    windowWidth: z.int().nonnegative(),
    windowHeight: z.int().nonnegative(),
    devicePixelRatio: z.number().positive(),
    userAgent: z.string().max(400),
  }),
});
export type OpenSession = z.infer<typeof OpenSession>;

export const RatingSession = z.object({
  sessionId: Id,
  studyId: Id,
  studyName: z.string(),
  raterName: z.string(),
  design: StudyDesign,
  presentations: z.array(PresentationCard),
  /** Index of the first presentation with a dimension still open; the length where all are done. */
  next: z.int().nonnegative(),
});
export type RatingSession = z.infer<typeof RatingSession>;

export const NewVote = z.object({
  sessionId: Id,
  presentationId: Id,
  dimension: Target,
  value: z.number(),
  /** Made by the page, one per key press: the same vote sent twice is stored once. */
  key: z.uuid(),
  /** How long the stimulus was on screen when the vote was given. */
  shownMs: z.number().nonnegative(),
});
export type NewVote = z.infer<typeof NewVote>;

/** Given only once the vote is on disk. */
export const VoteReceipt = z.object({ voteId: Id, castAt: TimeMs, supersedes: Id.nullable() });
export type VoteReceipt = z.infer<typeof VoteReceipt>;

export const RaterProgress = z.object({
  id: Id,
  name: z.string(),
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
  votes: z.int().nonnegative(),
  lastVoteAt: TimeMs.nullable(),
});
export type RaterProgress = z.infer<typeof RaterProgress>;
