/** Keeping a library: backups of its database, going back to one, folders that lie elsewhere now, and folders that are watched. */
import { z } from 'zod';
import { FolderPath, Id, TimeMs } from './common.ts';

/** Why a backup was made: by the clock, because somebody asked, before the schema was brought forward, or because a restore replaced it. */
export const BackupReason = z.enum(['automatic', 'asked', 'migration', 'replaced']);
export type BackupReason = z.infer<typeof BackupReason>;

export const Backup = z.object({
  /** Its file name in the library's folder of backups. */
  name: z.string(),
  madeAt: TimeMs,
  reason: BackupReason,
  sizeBytes: z.int().nonnegative(),
});
export type Backup = z.infer<typeof Backup>;

export const Backups = z.object({
  folder: z.string(),
  /** The newest first. */
  backups: z.array(Backup),
  /** The backup that the library goes back to when it is next opened. */
  restoresNext: z.string().nullable(),
  /** Why the last automatic backup could not be made. */
  problem: z.string().nullable(),
});
export type Backups = z.infer<typeof Backups>;

/**
 * How a folder is kept in step. `watching`: changes are told within seconds; `polling`: it is looked through every minute; `offline`: it
 * cannot be reached; `off`: only when somebody asks. `reason` says why it polls or is offline.
 */
export const WatchState = z.object({
  state: z.enum(['off', 'starting', 'watching', 'polling', 'offline']),
  reason: z.string().nullable(),
});
export type WatchState = z.infer<typeof WatchState>;

/** What a folder that is taken out of the library takes along. */
export const TakeOutPlan = z.object({
  /** Images that are there in no other folder: they are not shown any more. */
  images: z.int().nonnegative(),
  /** Images that are there in another folder, too, and stay. */
  elsewhere: z.int().nonnegative(),
  /** Of `images` those that have votes or a MOS, or are in a study. */
  rated: z.int().nonnegative(),
});
export type TakeOutPlan = z.infer<typeof TakeOutPlan>;

/** Folders at or below `from` lie at or below `to` now; either may be written as Windows or others write paths. */
export const Relink = z.object({ from: FolderPath, to: FolderPath });
export type Relink = z.infer<typeof Relink>;

export const Relinked = z.object({
  roots: z.array(
    z.object({
      id: Id,
      from: z.string(),
      to: z.string(),
      /** Of `looked` of its files how many lie there. */
      found: z.int().nonnegative(),
      looked: z.int().nonnegative(),
    }),
  ),
});
export type Relinked = z.infer<typeof Relinked>;
