/** One studio per library folder: a lock that the operating system releases when its holder dies, however it dies. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';

const Holder = z.object({
  door: z.string(),
  pid: z.int(),
  since: z.string(),
  address: z.string().nullable(),
});
export type LockHolder = z.infer<typeof Holder>;

/** Releases the lock. */
export type Release = () => void;

/**
 * Takes the lock of a library folder.
 *
 * The lock is SQLite's own exclusive file lock on `studio.lock`, so a killed holder leaves nothing to clean up.
 * `studio.lock.json` beside it tells others who holds it.
 *
 * @throws StudioError `libraryLocked` when another studio has the folder open, with who it is
 */
export function lockLibrary(folder: string, holder: LockHolder): Release {
  const infoPath = join(folder, 'studio.lock.json');
  const lock = new Database(join(folder, 'studio.lock'), { timeout: 0 });
  try {
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    const other = readHolder(infoPath);
    const who =
      other === null
        ? 'Another studio'
        : `The ${other.door} door (process ${other.pid}, since ${other.since})`;
    const where = other?.address == null ? '' : ` It answers at ${other.address}.`;
    throw new StudioError(
      'libraryLocked',
      `${who} has the library ${folder} open.${where} Close it first, or choose another library folder.`,
      { folder, pid: other?.pid ?? null, address: other?.address ?? null },
    );
  }
  writeFileSync(infoPath, JSON.stringify(holder));
  return () => lock.close();
}

function readHolder(infoPath: string): LockHolder | null {
  try {
    return Holder.parse(JSON.parse(readFileSync(infoPath, 'utf8')));
  } catch {
    return null;
  }
}
