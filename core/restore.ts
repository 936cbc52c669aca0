/** Going back to a backup: the library's database is replaced while it is closed, and what it was is kept as a backup, too. */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StudioError, toStudioError } from '../contract/errors.ts';
import type { Backup } from '../contract/keep.ts';
import { copyDatabase, inspectBackup, removeDatabase, settleCopy } from '../db/backup.ts';
import { lockLibrary } from '../db/lock.ts';
import {
  backupFolderOf,
  listBackups,
  placeBackup,
  readStagedRestore,
  rotateBackups,
  writeStagedRestore,
} from './backup-folder.ts';
import type { Studio } from './studio.ts';

export interface Restored {
  /** The backup's path. */
  from: string;
  /** Where the database lies that was replaced; null where there was none. */
  replaced: string | null;
}

/**
 * Goes back to a backup of a library that nobody has open.
 *
 * @param which a name in the library's folder of backups, the path of a copy elsewhere, or undefined: the newest one that is whole
 * @throws StudioError `libraryLocked`, `notFound`, `libraryDamaged` where the backup itself is not whole; the library is as it was then
 */
export function restoreLibrary(folder: string, which: string | undefined, now: () => number): Restored {
  if (!existsSync(folder)) throw new StudioError('notFound', `There is no folder ${folder}.`, { folder });
  const lock = lockLibrary(folder, { door: 'cli', pid: process.pid, since: new Date(now()).toISOString() });
  try {
    const from = which === undefined ? findNewestWhole(folder) : findBackup(folder, which);
    writeStagedRestore(folder, null);
    return replaceDatabase(folder, from, now());
  } finally {
    lock.release();
  }
}

function findNewestWhole(folder: string): string {
  for (const { name, reason } of listBackups(folder)) {
    const path = join(backupFolderOf(folder), name);
    if (reason !== 'replaced' && inspectBackup({ path, copy: `${path}.part` }).problem === null) return path;
  }
  throw new StudioError('notFound', `There is no whole backup in ${backupFolderOf(folder)}.`, { folder });
}

function findBackup(folder: string, which: string): string {
  const own = join(backupFolderOf(folder), basename(which));
  const path = existsSync(own) && basename(which) === which ? own : which;
  if (existsSync(path)) return path;
  const names = listBackups(folder).map(({ name }) => name);
  const known = names.length === 0 ? 'There are none.' : `There are: ${names.join(', ')}.`;
  throw new StudioError('notFound', `There is no backup ${which}. ${known}`, { backup: which });
}

function replaceDatabase(folder: string, from: string, now: number): Restored {
  const path = join(folder, 'studio.sqlite');
  const copy = `${path}.restoring`;
  copyDatabase(from, copy);
  const { problem } = settleCopy(copy);
  if (problem !== null) {
    removeDatabase(copy);
    throw new StudioError(
      'libraryDamaged',
      `The backup ${from} cannot be gone back to: ${asSentence(problem)} Choose another one; the library is as it was.`,
      { path: from },
    );
  }
  const replaced = existsSync(path) ? placeBackup(folder, now, 'replaced') : null;
  // The log holds what was written last: it moves with its database.
  for (const end of ['-wal', '', '-shm']) {
    if (existsSync(path + end) && replaced !== null) renameSync(path + end, replaced + end);
    else rmSync(path + end, { force: true });
  }
  renameSync(copy, path);
  rotateBackups(folder, now);
  return { from, replaced };
}

/**
 * Goes back to a backup when the library is next opened; null takes that back.
 *
 * @throws StudioError `notFound`, `libraryDamaged` where the backup is not whole
 */
export async function stageRestore(studio: Studio, name: string | null): Promise<void> {
  if (name !== null) {
    const path = join(backupFolderOf(studio.folder), assertListed(studio, name).name);
    const problem = await studio.backups.inspect(path);
    if (problem !== null)
      throw new StudioError(
        'libraryDamaged',
        `The backup ${name} cannot be gone back to: ${asSentence(problem)}`,
        {
          path,
        },
      );
  }
  writeStagedRestore(studio.folder, name);
  studio.bus.changed('settings');
}

function assertListed(studio: Studio, name: string): Backup {
  const backup = listBackups(studio.folder).find((one) => one.name === name);
  if (backup === undefined)
    throw new StudioError('notFound', `There is no backup ${name}.`, { backup: name });
  return backup;
}

/**
 * What was staged is done, before the library is opened.
 *
 * @throws StudioError `unreadable` where the backup has gone, or gone bad, since: the library is as it was, and opens so the next time
 */
export function applyStagedRestore(folder: string, now: number): Restored | null {
  const name = readStagedRestore(folder);
  if (name === null) return null;
  writeStagedRestore(folder, null);
  try {
    return replaceDatabase(folder, findBackup(folder, name), now);
  } catch (error) {
    const { message, details } = toStudioError(error);
    const words = `${message} Open it again to go on with what is there.`;
    throw new StudioError('unreadable', words, details, { cause: error });
  }
}

/** SQLite's words have no end. */
function asSentence(problem: string): string {
  return problem.endsWith('.') ? problem : `${problem}.`;
}

/**
 * Says no to a new, empty database where there was one: a library with backups whose database is gone, or empty, was not meant to begin anew.
 *
 * @throws StudioError `libraryDamaged`
 */
export function assertNotLost(folder: string): void {
  const path = join(folder, 'studio.sqlite');
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0 || listBackups(folder).length === 0) return;
  const words = `${path} is not there, or empty, and backups of it are. To begin anew, choose another library folder.`;
  throw new StudioError('libraryDamaged', words, { path });
}

/** What to do about a library that cannot be opened: the sentence that its message ends with. */
export function adviseRestore(folder: string): string {
  const all = listBackups(folder);
  const made = all.find(({ reason }) => reason !== 'replaced');
  const newest = made ?? all[0];
  if (newest === undefined) return 'There is no backup of it in its folder.';
  const at = new Date(newest.madeAt).toISOString();
  // What was replaced is only gone back to by its name.
  const which = made === undefined ? `${newest.name} ` : '';
  return `The newest backup is of ${at}: “sfiqa restore ${which}--library ${folder}” goes back to it and keeps the damaged file.`;
}
