/** Heads: small trained functions from stored features or signals to one target, kept with their lineage. */
import { z } from 'zod';
import { EstimateOrReason, Id, Name, Seed, TimeMs } from './common.ts';
import { PackId, Target } from './targets.ts';

export const HeadKind = z.enum(['ridge', 'network']);
export type HeadKind = z.infer<typeof HeadKind>;

/** What a head reads: the pack's stored features, or the signals [Q, S] of SF-IQA's fusion (equation 3). */
export const HeadInputs = z.enum(['features', 'signals']);
export type HeadInputs = z.infer<typeof HeadInputs>;

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
});
export type HeldOutMetrics = z.infer<typeof HeldOutMetrics>;

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
  /** Why this kind was chosen, in one sentence. */
  note: z.string(),
});
export type Head = z.infer<typeof Head>;

export const TrainHead = z.object({
  packId: PackId,
  mosSetId: Id,
  dimension: Target,
  /** The target of the new head; the dimension where absent. */
  target: Target.optional(),
  inputs: HeadInputs.default('features'),
  kind: z.union([HeadKind, z.literal('auto')]).default('auto'),
  name: Name.optional(),
  seed: Seed.default(1),
});
export type TrainHead = z.infer<typeof TrainHead>;
