/** Before and after a study: how narrow its intervals will be, and what the recommendations ask for. */
import { z } from 'zod';
import { EstimateOrReason, Id, Undefined } from './common.ts';
import { StudyDesign } from './studies.ts';
import { ImageLabel } from './study-plan.ts';
import { Target } from './targets.ts';

/** Where the spread of votes is taken from: said outright, or from a pilot's or another study's MOS set with SDs and counts. */
const Spread = z.union([
  z.object({ sd: z.number().positive() }),
  z.object({ mosSetId: Id, dimension: Target }),
]);

export const PlanStudy = z.object({
  images: z.int().min(1).max(1_000_000),
  raters: z.int().min(1).max(10_000),
  sessionsPerRater: z.int().min(1).max(1000),
  sessionMinutes: z.number().positive().max(240),
  /** For one dimension of one image, from the image's appearance to the next one's. */
  secondsPerVote: z.number().positive().max(600),
  dimensions: z.int().min(1).max(8),
  /** Showings in a session whose votes do not count: training, stabilising, gold, traps, repeats. */
  uncountedPerSession: z.int().min(0).default(0),
  spread: Spread,
});
export type PlanStudy = z.output<typeof PlanStudy>;

export const PlannedStudy = z.object({
  /** SD of the votes on a typical image, in units of the scale. */
  sd: EstimateOrReason,
  imagesPerRater: z.number(),
  votesPerImage: z.number(),
  /** Share of the images that a rater sees. */
  coverage: z.number(),
  /** Of all raters together. */
  ratingHours: z.number(),
  /** Expected median over the images of half the 95 % interval of a MOS, in units of the scale. */
  halfWidth: z.union([z.object({ value: z.number() }), Undefined]),
});
export type PlannedStudy = z.infer<typeof PlannedStudy>;

/** Whether raters sit in a room that was made for it (light, screens, distance), which only the owner knows. */
const Environment = z.enum(['controlled', 'any']);

/** A study that is being designed. */
export const CheckDraft = z.object({
  design: StudyDesign,
  images: z.int().nonnegative(),
  prompts: z.int().nonnegative(),
  references: z.int().nonnegative(),
  trainingItems: z.int().nonnegative(),
  stabilisingItems: z.int().nonnegative(),
  /** As planned. */
  raters: z.int().nonnegative(),
  votesPerImage: z.number().nonnegative(),
  environment: Environment.default('any'),
});
export type CheckDraft = z.output<typeof CheckDraft>;

/** What a study would be made of. */
export const AskVariety = z.object({
  imageIds: z.array(Id).max(1_000_000),
  labels: z.array(ImageLabel).max(1_000_000).default([]),
});
export type AskVariety = z.output<typeof AskVariety>;

export const Variety = z.object({ prompts: z.int().nonnegative(), generators: z.int().nonnegative() });
export type Variety = z.infer<typeof Variety>;

export const AskChecklist = z.object({
  studyId: Id,
  environment: Environment.default('any'),
});
export type AskChecklist = z.output<typeof AskChecklist>;

export const Checklist = z.object({
  /** `formal` from 15 raters, `informal` below, `preTest` with 3 to 5, `tooFew` below that. */
  standing: z.enum(['formal', 'informal', 'preTest', 'tooFew']),
  sentence: z.string(),
  items: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      clause: z.string(),
      state: z.enum(['met', 'notMet', 'notApplicable']),
      sentence: z.string(),
    }),
  ),
});
export type Checklist = z.infer<typeof Checklist>;
