/** Who may ask what: the owner everything, raters what they need to rate in their own study, anybody only to join. */
import { z } from 'zod';
import { Id, Name, TimeMs } from './common.ts';

/** Who an operation is for; it stands with every operation, and is `owner` where nothing else is said. */
export type OperationRole = 'owner' | 'rater' | 'anyone';

/** Who is asking, as the page needs to know it. */
export const Who = z.object({
  role: z.enum(['owner', 'rater', 'guest']),
  /** The rater's. */
  studyId: Id.nullable(),
  raterName: z.string().nullable(),
  /** For the owner: where raters can reach this studio, `http://192.168.1.5:7430/`; empty where it listens on this machine only. */
  addresses: z.array(z.string()),
  /** Of this answer; the event stream begins with one, too. */
  moment: z.string(),
});
export type Who = z.infer<typeof Who>;

export const Join = z.object({
  /** As it was given: case, spaces and dashes do not matter. Also the owner's key. */
  code: z.string().trim().min(1, 'A code is needed.').max(100),
  /** Where the code is the study's: how the rater wants to be called. */
  raterName: Name.optional(),
});
export type Join = z.infer<typeof Join>;

export const Joined = z.object({
  ...Who.omit({ addresses: true, moment: true }).shape,
  /** What lets this rater go on elsewhere or later; null for the owner. */
  ownCode: z.string().nullable(),
});
export type Joined = z.infer<typeof Joined>;

export const Invite = z.object({
  studyId: Id,
  /** Each gets a code of their own; none: one code for everybody who comes, who then say their names. */
  raterNames: z.array(Name).max(1000).default([]),
  validDays: z.int().min(1).max(365).default(14),
});
export type Invite = z.output<typeof Invite>;

export const Invitation = z.object({
  id: Id,
  studyId: Id,
  raterName: z.string().nullable(),
  code: z.string(),
  /** Of the page that joins with this code, below any of the studio's addresses. */
  path: z.string(),
  createdAt: TimeMs,
  expiresAt: TimeMs,
  isRevoked: z.boolean(),
  /** How many browsers have joined with it. */
  joined: z.int().nonnegative(),
});
export type Invitation = z.infer<typeof Invitation>;
