/** Backups of the library's database: made by the clock and on request. */
import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { StudioError } from '../contract/errors.ts';
import type { Backup, BackupReason, Backups } from '../contract/keep.ts';
import type { Db } from '../db/database.ts';
import {
  backupFolderOf,
  listBackups,
  placeBackup,
  readStagedRestore,
  removeParts,
  rotateBackups,
} from './backup-folder.ts';
import { nameBackup } from './backup-names.ts';
import { unpack } from './compute/carry-error.ts';
import type { ComputePool } from './compute/compute-pool.ts';
import type { Studio } from './studio.ts';

const hourMs = 60 * 60 * 1000;
const dueAfterMs = 24 * hourMs;
/** A library younger than this has nothing yet that a backup would be missed for. */
const youngMs = hourMs;

interface BackupKeeperOptions {
  db: Db;
  compute: ComputePool;
  libraryFolder: string;
  now: () => number;
}

/** Makes backups while the studio is open: an automatic one a day where something changed. */
export class BackupKeeper {
  readonly #db: Db;
  readonly #compute: ComputePool;
  readonly #libraryFolder: string;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #isStopped = false;
  #running: Promise<unknown> = Promise.resolve();
  /** Why the last automatic backup could not be made. */
  problem: string | null = null;

  constructor({ db, compute, libraryFolder, now }: BackupKeeperOptions) {
    this.#db = db;
    this.#compute = compute;
    this.#libraryFolder = libraryFolder;
    this.#now = now;
    removeParts(libraryFolder);
    this.#timer = setInterval(() => void this.backUpWhereDue(), hourMs).unref();
  }

  /**
   * Makes a backup; several calls follow each other.
   *
   * @throws StudioError `diskFull` before anything is written where the disk has no room for it
   */
  async backUp(reason: BackupReason): Promise<Backup> {
    return await this.#inTurn(() => this.#make(reason));
  }

  /** Why the library cannot go back to the backup at a path; null where it can. */
  async inspect(path: string): Promise<string | null> {
    const task = { path, copy: `${path}.part` };
    return (await this.#inTurn(() => this.#compute.run('inspectBackup', task))).problem;
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#running.then(work);
    this.#running = done.catch(() => undefined);
    return await done;
  }

  /** Makes the automatic backup where the last one is a day old; what keeps it from being made is told by `problem`. */
  async backUpWhereDue(): Promise<void> {
    if (this.#isStopped || !this.#isDue()) return;
    try {
      await this.backUp('automatic');
      this.problem = null;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Makes no automatic backups from now on, and says why. */
  stop(problem: string): void {
    this.problem = problem;
    this.#isStopped = true;
  }

  /** Waits for a backup that is being made, and makes the one that is due. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
    await this.backUpWhereDue();
  }

  #isDue(): boolean {
    const now = this.#now();
    // A backup of the future says nothing of when the last one was made: the clock was wrong.
    const newest = listBackups(this.#libraryFolder, now).find(
      ({ reason, madeAt }) => reason !== 'replaced' && madeAt <= now,
    );
    const { birthtimeMs, changedMs } = this.#times();
    if (newest === undefined) return Math.abs(now - birthtimeMs) > youngMs;
    return now - newest.madeAt > dueAfterMs && changedMs > newest.madeAt;
  }

  #times(): { birthtimeMs: number; changedMs: number } {
    const path = this.#db.sqlite.name;
    const main = statSync(path);
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
    return { birthtimeMs: main.birthtimeMs, changedMs: Math.max(main.mtimeMs, log?.mtimeMs ?? 0) };
  }

  async #make(reason: BackupReason): Promise<Backup> {
    const { size } = statSync(this.#db.sqlite.name);
    const { bavail, bsize } = await statfs(this.#libraryFolder);
    if (bavail * bsize < 1.2 * size) {
      throw new StudioError(
        'diskFull',
        `The disk of ${this.#libraryFolder} has no room for a backup of ${Math.ceil(size / 1e6)} MB. Free some space.`,
      );
    }
    const madeAt = this.#now();
    const path = placeBackup(this.#libraryFolder, madeAt, reason);
    unpack(await this.#compute.run('backUp', { database: this.#db.sqlite.name, to: path }));
    rotateBackups(this.#libraryFolder, madeAt);
    return { name: nameBackup(madeAt, reason), madeAt, reason, sizeBytes: statSync(path).size };
  }
}

/** The backups as the doors show them. */
export function describeBackups(studio: Studio): Backups {
  return {
    folder: backupFolderOf(studio.folder),
    backups: listBackups(studio.folder),
    restoresNext: readStagedRestore(studio.folder),
    problem: studio.backups.problem,
  };
}
