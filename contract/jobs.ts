/** Jobs: long work that shows progress, can be cancelled, and continues where it stopped when started again. */
import { z } from 'zod';
import { Id, TimeMs } from './common.ts';
import { PackId } from './targets.ts';

export const JobKind = z.enum([
  'score',
  'scan',
  'duplicates',
  'train',
  'rescore',
  'importMos',
  'similarity',
  'addPack',
  'remakePack',
  'fetchPack',
  'verifyPack',
  'exportPack',
  'exportStudy',
  'importStudy',
  'export',
  'exportSidecars',
  'importVotes',
  'trash',
  'takeOut',
]);
export type JobKind = z.infer<typeof JobKind>;

/** `interrupted`: the engine ended while it ran; starting the same work again continues it. */
export const JobState = z.enum(['running', 'done', 'cancelled', 'failed', 'interrupted']);
export type JobState = z.infer<typeof JobState>;

export const JobProgress = z.object({
  /** What is being done now, in a few words. */
  phase: z.string(),
  done: z.int().nonnegative(),
  /** Null while it is not known yet. */
  total: z.int().nonnegative().nullable(),
  failed: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
  /** Items a second over the last seconds. */
  perSecond: z.number().nonnegative().nullable(),
  etaMs: z.number().nonnegative().nullable(),
});
export type JobProgress = z.infer<typeof JobProgress>;

/** A reason and how many files had it. */
export const ReasonCount = z.object({ code: z.string(), message: z.string(), count: z.int().positive() });
export type ReasonCount = z.infer<typeof ReasonCount>;

/** What came of it: counts, a reason for each failure kind, ids of what was made. */
export const JobSummary = z.object({
  scored: z.int().nonnegative().optional(),
  /** Files that became known or changed, without being scored. */
  identified: z.int().nonnegative().optional(),
  skipped: z.int().nonnegative().optional(),
  failed: z.int().nonnegative().optional(),
  /** Files that are not there any more. */
  missing: z.int().nonnegative().optional(),
  /** Files that lie in the trash now. */
  trashed: z.int().nonnegative().optional(),
  reasons: z.array(ReasonCount).optional(),
  headId: Id.optional(),
  mosSetId: Id.optional(),
  studyId: Id.optional(),
  packId: PackId.optional(),
  rows: z.int().nonnegative().optional(),
  matched: z.int().nonnegative().optional(),
  /** Where it was written. */
  path: z.string().optional(),
  /** What `/exported/` gives it under, for download. */
  download: z.string().optional(),
  notes: z.array(z.string()).optional(),
});
export type JobSummary = z.infer<typeof JobSummary>;

export const Job = z.object({
  id: Id,
  kind: JobKind,
  title: z.string(),
  state: JobState,
  /** Nobody asked for it: it is told of only while it takes long, and when it fails. */
  isQuiet: z.boolean(),
  progress: JobProgress,
  summary: JobSummary.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  startedAt: TimeMs,
  endedAt: TimeMs.nullable(),
});
export type Job = z.infer<typeof Job>;
