/** An open studio: one library folder with its database, models process, jobs and events. Doors open one and close it. */
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { refusedByDisk, StudioError } from '../contract/errors.ts';
import { type Db, openDatabase } from '../db/database.ts';
import { explainUnwritable } from '../db/explain-unwritable.ts';
import { lockLibrary } from '../db/lock.ts';
import type { LaunchModels } from '../native-models/messages.ts';
import { removeUnfinished } from './add-pack.ts';
import { placeBackup } from './backup-folder.ts';
import { BackupKeeper } from './backups.ts';
import { LibraryCheck } from './check-library.ts';
import { ComputePool } from './compute/compute-pool.ts';
import { ReadingThreads } from './compute/reading-threads.ts';
import { settleRoots } from './cover-folder.ts';
import { EmbeddingIndex } from './embedding-index.ts';
import { EventBus } from './events.ts';
import { removeUnfinishedExports } from './export/export-place.ts';
import { JobRunner } from './jobs.ts';
import { LibraryDisk } from './library-disk.ts';
import { makeFolder } from './make-folder.ts';
import { ModelsClient } from './models/models-client.ts';
import { loadPacks, type Pack } from './packs.ts';
import { takeRemainsAway } from './partial-studies.ts';
import { registerPack } from './register-pack.ts';
import { adviseRestore, applyStagedRestore, assertNotLost } from './restore.ts';
import { defineFunctions } from './sql-functions.ts';
import { type MoveToTrash, moveToSystemTrash } from './trash-rejected.ts';
import { FolderKeeper } from './watch/folder-keeper.ts';

export type Door = 'web' | 'cli' | 'electron';

export interface Studio {
  readonly folder: string;
  readonly door: Door;
  readonly db: Db;
  readonly backups: BackupKeeper;
  /** What the check of a large database found. */
  readonly check: LibraryCheck;
  /** Whether what is done can be stored. */
  readonly disk: LibraryDisk;
  readonly bus: EventBus;
  readonly jobs: JobRunner;
  readonly models: ModelsClient;
  /** Worker threads for long arithmetic. */
  readonly compute: ComputePool;
  /** The threads that read a large library. */
  readonly reading: ReadingThreads;
  /** Image embeddings in memory, for searching by looks. */
  readonly embeddings: EmbeddingIndex;
  /** By id; packs come and go while the studio is open. */
  readonly packs: Map<string, Pack>;
  /** How many files are looked at in parallel. */
  readonly workers: number;
  readonly moveToTrash: MoveToTrash;
  /** Keeps the library in step with its folders, once `watchFolders` was called. */
  readonly keeper: FolderKeeper;
  readonly now: () => number;
  /** An unsigned 32-bit integer that nobody can guess. */
  readonly randomSeed: () => number;
}

export interface OpenOptions {
  folder: string;
  door: Door;
  launchModels: LaunchModels;
  /** The door's own way to the trash; the system's where it has none. */
  moveToTrash?: MoveToTrash;
  /** Another way of watching folders than the system's. */
  keeper?: FolderKeeper;
  now?: () => number;
  randomSeed?: () => number;
}

export interface OpenedStudio {
  studio: Studio;
  /** Tells others who find the library locked where this studio answers. */
  tellAddress: (address: string) => void;
  /** From now on changes in the folders are noticed: for doors that stay open. */
  watchFolders: () => void;
  /** Cancels jobs, ends the models process, releases the lock. */
  close: () => Promise<void>;
}

/**
 * Opens the library in `folder`, making it where it does not exist yet.
 *
 * @throws StudioError `libraryLocked`, `libraryNewer`, `libraryDamaged`, `unreadable`, `diskFull`
 */
export function openStudio(options: OpenOptions): OpenedStudio {
  const folder = resolve(options.folder);
  const now = options.now ?? Date.now;
  makeFolder(folder);
  const since = new Date(now()).toISOString();
  const lock = lockLibrary(folder, { door: options.door, pid: process.pid, since });
  const db = openOrRelease(folder, now(), lock.release);
  const bus = new EventBus();
  const compute = new ComputePool();
  const studio: Studio = {
    folder,
    door: options.door,
    db,
    backups: new BackupKeeper({ db, compute, libraryFolder: folder, now }),
    check: new LibraryCheck(),
    disk: new LibraryDisk({ folder, db, bus }),
    bus,
    jobs: new JobRunner(db, bus, now),
    models: new ModelsClient(options.launchModels),
    compute,
    reading: new ReadingThreads(db),
    embeddings: new EmbeddingIndex(),
    packs: loadPacks(folder),
    workers: availableParallelism(),
    moveToTrash: options.moveToTrash ?? moveToSystemTrash,
    keeper: options.keeper ?? new FolderKeeper(),
    now,
    randomSeed: options.randomSeed ?? (() => crypto.getRandomValues(new Uint32Array(1))[0]!),
  };
  for (const pack of [...studio.packs.values()]) registerPack(studio, pack);
  studio.check.plan(studio);
  async function close(): Promise<void> {
    const unwatched = studio.keeper.close();
    await studio.jobs.close();
    await unwatched;
    studio.models.close();
    studio.embeddings.close();
    studio.check.close();
    studio.disk.close();
    await studio.backups.close();
    await studio.compute.close();
    await studio.reading.close();
    bus.close();
    db.close();
    lock.release();
  }
  return { studio, tellAddress: lock.tellAddress, watchFolders: () => studio.keeper.start(studio), close };
}

function openOrRelease(folder: string, now: number, release: () => void): Db {
  const path = join(folder, 'studio.sqlite');
  let db: Db | null = null;
  try {
    applyStagedRestore(folder, now);
    assertNotLost(folder);
    db = openDatabase(path, () => placeBackup(folder, now, 'migration'));
    defineFunctions(db);
    takeUnfinishedAway(db, folder);
    return db;
  } catch (error) {
    db?.close();
    release();
    if (refusedByDisk(error) !== null) throw explainUnwritable(folder, error, [path]);
    if (!(error instanceof StudioError) || error.code !== 'libraryDamaged') throw error;
    const { code, message, details } = error;
    throw new StudioError(code, `${message} ${adviseRestore(folder)}`, details, { cause: error });
  }
}

/** What a studio that was killed left half done. */
function takeUnfinishedAway(db: Db, folder: string): void {
  removeUnfinished(folder);
  removeUnfinishedExports(db, folder);
  takeRemainsAway(db);
  settleRoots(db);
}
