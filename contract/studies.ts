/** Studies: the design by which raters give votes, as data; and what the rating surface asks for and sends. */
import { z } from 'zod';
import { Id, Name, Seed, TimeMs } from './common.ts';
import { ImageLabel, StudyItems, StudyPlan, ViewingPlan } from './study-plan.ts';
import { Target } from './targets.ts';

/** ACR with words (ITU-T P.910, five levels), or a continuous scale in fixed steps (AGIQA-3K: 0–5 in 0.1). */
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

/** The scales that studies of images use, by the names they go under. */
export const scalePresets: Record<'acr5' | 'acr9' | 'continuous5' | 'continuous100', Scale> = {
  /** Absolute Category Rating, five levels (ITU-T P.910). */
  acr5: { kind: 'acr', words: ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'] },
  /** Nine levels; every second one has a word of its own (ITU-T P.910, nine-level ACR). */
  acr9: {
    kind: 'acr',
    words: ['Bad', '2', 'Poor', '4', 'Fair', '6', 'Good', '8', 'Excellent'],
  },
  /** 0 to 5 in steps of 0.1 (AGIQA-3K). */
  continuous5: { kind: 'continuous', min: 0, max: 5, step: 0.1 },
  /** 0 to 100 in whole steps (BT.500, continuous quality scale). */
  continuous100: { kind: 'continuous', min: 0, max: 100, step: 1 },
};

/** The name of a dimension's DMOS in a MOS set: `dmos_quality`. */
export function dmosKey(dimension: string): string {
  return `dmos_${dimension}`.slice(0, 40);
}

/** The design of a study, frozen at the first vote. The order of `dimensions` is the order in which they are asked. */
export const StudyDesign = z
  .object({
    dimensions: z.array(Dimension).min(1).max(8),
    seed: Seed,
    instructions: z.string().max(4000),
    plan: StudyPlan.prefault({}),
  })
  .refine((design) => new Set(design.dimensions.map((d) => d.key)).size === design.dimensions.length, {
    message: 'Two dimensions have the same name.',
  });
export type StudyDesign = z.infer<typeof StudyDesign>;

export const NewStudy = z.object({
  name: Name,
  design: StudyDesign,
  imageIds: z.array(Id).min(1, 'Select at least one image.').max(1_000_000),
  items: StudyItems.prefault({}),
  labels: z.array(ImageLabel).max(1_000_000).default([]),
});
/** As it is sent: what has a default may be left out. */
export type NewStudy = z.input<typeof NewStudy>;
export type CompleteNewStudy = z.output<typeof NewStudy>;

/** Changes to a study; what is absent stays. Before the first vote they change it, after that they make its next version. */
export const ReviseStudy = z.object({
  studyId: Id,
  name: Name.optional(),
  design: StudyDesign.optional(),
  imageIds: z.array(Id).min(1).max(1_000_000).optional(),
  items: StudyItems.optional(),
  labels: z.array(ImageLabel).max(1_000_000).optional(),
});
export type ReviseStudy = z.output<typeof ReviseStudy>;

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
  /** The same on every machine. */
  uid: z.string(),
  version: z.int().positive(),
  /** The study of which this is the next version. */
  parentId: Id.nullable(),
  /** Made here, rated here for another machine (study pack), or imported as a table of votes. */
  origin: z.enum(['own', 'pack', 'table']),
  /** When the first vote froze the design, and the SHA-256 of what was frozen. */
  frozenAt: TimeMs.nullable(),
  manifestHash: z.string().nullable(),
});
export type Study = z.infer<typeof Study>;

/** Equal for images of one prompt or group within a session, whether the prompt is shown or not; drawn anew for each session. */
const PromptGroup = z.int().nonnegative();

/** One showing of one stimulus, as the rating surface needs it: nothing that could bias. */
export const PresentationCard = z.object({
  id: Id,
  imageId: Id,
  width: z.int().nullable(),
  height: z.int().nullable(),
  prompt: z.string().nullable(),
  promptGroup: PromptGroup,
  /** This rater's own current votes by dimension. */
  votes: z.record(Target, z.number()),
});
export type PresentationCard = z.infer<typeof PresentationCard>;

/** One image of a pair or of the training, as it is shown. */
export const ShownImage = z.object({ imageId: Id, width: z.int().nullable(), height: z.int().nullable() });

export const PairChoice = z.enum(['left', 'right', 'tie', 'skip']);
export type PairChoice = z.infer<typeof PairChoice>;

/** One showing of two images side by side. */
export const PairCard = z.object({
  id: Id,
  left: ShownImage,
  right: ShownImage,
  prompt: z.string().nullable(),
  promptGroup: PromptGroup,
  /** This rater's own current choices by dimension. */
  choices: z.record(Target, PairChoice),
});
export type PairCard = z.infer<typeof PairCard>;

/** An image to find one's way with before the first sitting; answers are not sent. */
export const TrainingCard = z.object({
  ...ShownImage.shape,
  prompt: z.string().nullable(),
  promptGroup: PromptGroup,
});
export type TrainingCard = z.infer<typeof TrainingCard>;

/** What a rater needs of the plan. */
export const SittingRules = z.object({
  capMs: z.number(),
  breakEveryMs: z.number().nullable(),
  allowsTies: z.boolean(),
  allowsSkips: z.boolean(),
  passes: z.enum(['together', 'separate']),
  viewing: ViewingPlan,
});

export const OpenSession = z.object({
  studyId: Id,
  raterName: Name,
  /** What the session was rated on (BT.500: viewing conditions are recorded). */
  client: z.object({
    windowWidth: z.int().nonnegative(),
    windowHeight: z.int().nonnegative(),
    devicePixelRatio: z.number().positive(),
    userAgent: z.string().max(400),
    /** True pixels, or fitted into the window. */
    zoom: z.enum(['fit', 'pixels']).optional(),
    screenWidth: z.int().nonnegative().optional(),
    screenHeight: z.int().nonnegative().optional(),
  }),
});
export type OpenSession = z.infer<typeof OpenSession>;

/** The study's name is not told: it may say what is compared. */
export const RatingSession = z.object({
  sessionId: Id,
  studyId: Id,
  raterName: z.string(),
  /** Without what a rater must not know: which items are checks, and how the order is made. */
  design: z.object({ dimensions: z.array(Dimension), instructions: z.string() }),
  presentations: z.array(PresentationCard),
  /** Index of the first presentation with a dimension still open; the length where all are done. */
  next: z.int().nonnegative(),
  /** In a study of pairs, `presentations` is empty and `next` counts these. */
  pairs: z.array(PairCard).optional(),
  /** Empty after the first sitting. */
  training: z.array(TrainingCard).optional(),
  rules: SittingRules.optional(),
  startedAt: TimeMs.optional(),
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
  /** From the question's appearance to the key, and how much of `shownMs` was a pause (idle, another window). */
  keyMs: z.number().nonnegative().optional(),
  pausedMs: z.number().nonnegative().optional(),
});
export type NewVote = z.infer<typeof NewVote>;

export const NewPairVote = z.object({ ...NewVote.omit({ value: true }).shape, choice: PairChoice });
export type NewPairVote = z.infer<typeof NewPairVote>;

/** Given only once the vote is on disk. */
export const VoteReceipt = z.object({
  voteId: Id,
  castAt: TimeMs,
  supersedes: Id.nullable(),
  /** The sitting has reached its cap: this item may be finished, then the rater rests. */
  isSittingOver: z.boolean().optional(),
});
export type VoteReceipt = z.infer<typeof VoteReceipt>;

/** Something that happened during a sitting beside votes; kept with it. */
export const SessionNote = z.object({
  sessionId: Id,
  key: z.uuid(),
  /** `check`: a viewing check the page made (acuity, colour plates, brightness, distance), its result in `detail`. */
  kind: z.enum(['idle', 'focusLoss', 'break', 'resize', 'zoom', 'check']),
  at: TimeMs,
  durationMs: z.number().nonnegative().default(0),
  detail: z.record(z.string().max(60), z.union([z.string().max(400), z.number(), z.boolean()])).default({}),
});
export type SessionNote = z.output<typeof SessionNote>;

export const RaterProgress = z.object({
  id: Id,
  name: z.string(),
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
  votes: z.int().nonnegative(),
  lastVoteAt: TimeMs.nullable(),
});
export type RaterProgress = z.infer<typeof RaterProgress>;
