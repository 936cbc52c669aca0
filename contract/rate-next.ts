/** What to rate next: images whose votes would teach a head most, and a replay that shows whether this order is better than chance. */
import { z } from 'zod';
import { Id, Seed } from './common.ts';
import { PackId, Target } from './targets.ts';

export const RateNextOrder = z.object({
  packId: PackId,
  dimension: Target,
  /** The MOS that there are already; none where absent. */
  mosSetId: Id.optional(),
  limit: z.int().min(1).max(2000).default(100),
  /** How much each reason counts beside how many images one stands for; 0 leaves it out. */
  reasons: z
    .object({
      /** Heads, or the networks of a head, that differ. */
      disagreement: z.number().min(0).max(4),
      /** Generators with few rated images. */
      balance: z.number().min(0).max(2),
      /** Images with few votes or a wide interval may come again. */
      votes: z.number().min(0).max(1),
    })
    .default({ disagreement: 0.5, balance: 0.5, votes: 1 }),
  seed: Seed.default(1),
});
export type RateNextOrder = z.output<typeof RateNextOrder>;

export const RateNextItem = z.object({
  imageId: Id,
  name: z.string(),
  prompt: z.string().nullable(),
  generator: z.string().nullable(),
  /** Share of all that is not known yet which votes on this image take away. */
  gain: z.number(),
  /** SD between heads or networks, in MOS units; null where there is only one. */
  disagreement: z.number().nullable(),
  votes: z.int().nullable(),
  /** Half the 95 % interval of its MOS; null where it has none. */
  halfWidth: z.number().nullable(),
  /** Why it stands here, in a few words. */
  why: z.string(),
});
export type RateNextItem = z.infer<typeof RateNextItem>;

export const RateNext = z.object({
  /** In order; what a blind study is made of. */
  items: z.array(RateNextItem),
  /** Images that may be asked for: with features and a file. */
  candidates: z.int(),
  rated: z.int(),
  /** What is known of this order, and whether it may be called better than chance. */
  evidence: z.object({ isShown: z.boolean(), sentence: z.string() }),
});
export type RateNext = z.infer<typeof RateNext>;

export const ReplayOrder = z.object({
  packId: PackId,
  mosSetId: Id,
  dimension: Target,
  repeats: z.int().min(2).max(50).default(10),
  seed: Seed.default(1),
});
export type ReplayOrder = z.output<typeof ReplayOrder>;

/** Held-out SRCC by number of labels, in the order of the queue and in random order. */
export const QueueReplay = z.object({
  points: z.array(z.object({ labels: z.int(), queue: z.number(), random: z.number() })),
  /** Share of labels saved for the same held-out SRCC, and its 95 % interval; null where it cannot be told. */
  saved: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  repeats: z.int(),
  /** 20 % or more are saved, and the interval excludes none. */
  isShown: z.boolean(),
  sentence: z.string(),
});
export type QueueReplay = z.infer<typeof QueueReplay>;
