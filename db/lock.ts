/** One studio per library folder: a lock that the operating system releases when its holder dies, however it dies. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { explainUnwritable } from './explain-unwritable.ts';

const Holder = z.object({
  door: z.string(),
  pid: z.int(),
  since: z.string(),
  /** Where the holder answers, once it does: a URL. */
  address: z.string().nullable(),
});
export type LockHolder = z.infer<typeof Holder>;

/** A lock that is held. */
export interface LibraryLock {
  /** Lets others know where the holder answers. */
  tellAddress(address: string): void;
  release(): void;
}

/**
 * Takes the lock of a library folder.
 *
 * The lock is SQLite's own exclusive file lock on `studio.lock`, so a killed holder leaves nothing to clean up.
 * `studio.lock.json` beside it tells others who holds it.
 *
 * @throws StudioError `libraryLocked` when another studio has the folder open, with who it is and where it answers;
 * `diskFull`, or `unreadable` where the folder cannot be written to
 */
export function lockLibrary(folder: string, holder: Omit<LockHolder, 'address'>): LibraryLock {
  const infoPath = join(folder, 'studio.lock.json');
  const lock = takeLock(folder, infoPath);
  function tell(address: string | null): void {
    const temporary = `${infoPath}.${holder.pid}`;
    writeFileSync(temporary, JSON.stringify({ ...holder, address }));
    renameSync(temporary, infoPath);
  }
  try {
    tell(null);
  } catch (error) {
    lock.close();
    throw explainUnwritable(folder, error);
  }
  return { tellAddress: tell, release: () => lock.close() };
}

function takeLock(folder: string, infoPath: string): Database.Database {
  let lock: Database.Database | null = null;
  try {
    lock = new Database(join(folder, 'studio.lock'), { timeout: 0 });
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if (!(error instanceof Database.SqliteError)) throw error;
    if (error.code.startsWith('SQLITE_BUSY')) throw describeHolder(folder, readHolder(infoPath));
    throw explainUnwritable(folder, error, [join(folder, 'studio.lock')]);
  }
}

function describeHolder(folder: string, other: LockHolder | null): StudioError {
  const who =
    other === null ? 'Another studio' : `The ${other.door} door (process ${other.pid}, since ${other.since})`;
  const where = other?.address == null ? '' : ` It answers at ${other.address}.`;
  return new StudioError(
    'libraryLocked',
    `${who} has the library ${folder} open.${where} Close it first, or choose another library folder.`,
    { folder, pid: other?.pid ?? null, address: other?.address ?? null },
  );
}

function readHolder(infoPath: string): LockHolder | null {
  try {
    return Holder.parse(JSON.parse(readFileSync(infoPath, 'utf8')));
  } catch {
    return null;
  }
}
