/** How a study is run: method, order, sittings, and the items beside its main images; data with defaults that suit a first study. */
import { z } from 'zod';
import { Id } from './common.ts';
import { Target } from './targets.ts';

/**
 * `absolute`: each image by itself (ACR of ITU-T P.910); `hiddenReference`: the same with references among the images, and DMOS beside
 * MOS (ACR-HR); `pairs`: two images side by side (PC).
 */
export const Method = z.enum(['absolute', 'hiddenReference', 'pairs']);
export type Method = z.infer<typeof Method>;

export const OrderPlan = z.object({
  /** At least this many other images between two of one group (prompt), wherever the images allow it. */
  spacing: z.int().min(0).max(50).default(2),
  /** Every stretch of the order has as many images of each generator as the whole. */
  balancesGenerators: z.boolean().default(true),
  /** How many of a rater's images are shown again, and how often each is shown in all. */
  repeatedImages: z.int().min(0).max(1000).default(0),
  showings: z.int().min(2).max(4).default(2),
});
export type OrderPlan = z.infer<typeof OrderPlan>;

export const SittingPlan = z.object({
  /** A sitting ends after this time, training included (BT.500: half an hour at most). */
  capMinutes: z.int().min(5).max(240).default(30),
  /** The page offers a break this often; null for never. */
  breakEveryMinutes: z.int().min(2).max(120).nullable().default(null),
  /** A rater's next sitting begins this long after the last one at the earliest. */
  restMinutes: z.int().min(0).max(1440).default(0),
  /** Main images (or pairs) that are laid out for a rater at a time; null for all at once. */
  itemsPerSitting: z.int().min(1).max(100_000).nullable().default(null),
  /** Images with this many votes are not given to further raters; null for no limit. Those with the fewest votes come first. */
  targetVotes: z.int().min(1).max(10_000).nullable().default(null),
});
export type SittingPlan = z.infer<typeof SittingPlan>;

export const PairPlan = z.object({
  /** Pairs of images of one group (prompt), or of all images. */
  within: z.enum(['group', 'all']).default('group'),
  /**
   * Which pairs a rater gets where a sitting has a fixed number: those whose answers are expected to tell most about the scores, or those
   * with the fewest votes.
   */
  choice: z.enum(['information', 'fewestVotes']).default('information'),
  allowsTies: z.boolean().default(true),
  allowsSkips: z.boolean().default(true),
});

export const ViewingPlan = z.object({
  /** Pixel by pixel, or made smaller to fit the window where it has to be (never enlarged); or as each rater chooses, which is recorded. */
  size: z.enum(['chosen', 'pixels', 'fit']).default('chosen'),
  /** Whether a rater may look at an image in the other size meanwhile. */
  allowsZoom: z.boolean().default(true),
});
export type ViewingPlan = z.infer<typeof ViewingPlan>;

/** The plan of a study; every field has a default. */
export const StudyPlan = z.object({
  method: Method.default('absolute'),
  order: OrderPlan.prefault({}),
  sittings: SittingPlan.prefault({}),
  pairs: PairPlan.prefault({}),
  /** All dimensions of an image before the next one, or one dimension over all images before the next dimension. */
  passes: z.enum(['together', 'separate']).default('together'),
  viewing: ViewingPlan.prefault({}),
});
export type StudyPlan = z.infer<typeof StudyPlan>;

/** An item with a known answer: a careful rater votes within `tolerance` of `expected`. */
export const CheckItem = z.object({
  imageId: Id,
  dimension: Target,
  expected: z.number(),
  tolerance: z.number().nonnegative(),
});
export type CheckItem = z.infer<typeof CheckItem>;

/** Items beside the main images. Training is never stored as votes; the others are stored and never counted in a MOS. */
export const StudyItems = z.object({
  /** Shown before a rater's first sitting, with what a vote would mean; answers are not stored. */
  training: z.array(Id).max(100).default([]),
  /** Shown first in every sitting, so that raters have found their scale before votes count (ITU-R BT.500). */
  stabilising: z.array(Id).max(50).default([]),
  gold: z.array(CheckItem).max(1000).default([]),
  traps: z.array(CheckItem).max(1000).default([]),
});
export type StudyItems = z.infer<typeof StudyItems>;

/** What a person says of a main image; what is absent is as the library knows it. */
export const ImageLabel = z.object({
  imageId: Id,
  prompt: z.string().max(20_000).optional(),
  generator: z.string().trim().min(1).max(200).optional(),
  /** Images of one group are compared with each other and kept apart in the order; the prompt where absent. */
  group: z.string().trim().min(1).max(500).optional(),
  /** The hidden reference of this image, one of the study's images. */
  referenceId: Id.optional(),
});
export type ImageLabel = z.infer<typeof ImageLabel>;
