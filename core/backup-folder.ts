/** The folder of a library's backups: what lies there, where the next one goes, what has had its time. */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Backup, BackupReason } from '../contract/keep.ts';
import { removeDatabase } from '../db/backup.ts';
import { chooseOutdated, nameBackup, parseBackupName } from './backup-names.ts';

/** The folder of a library's backups. */
export function backupFolderOf(libraryFolder: string): string {
  return join(libraryFolder, 'backups');
}

/** The path of a new backup; its folder is made. */
export function placeBackup(libraryFolder: string, madeAt: number, reason: BackupReason): string {
  const folder = backupFolderOf(libraryFolder);
  mkdirSync(folder, { recursive: true });
  return join(folder, nameBackup(madeAt, reason));
}

/**
 * The backups of a library, the newest first; what else lies in the folder is not looked at. Those that say they are of the future are of a
 * time when the clock was wrong: they come last.
 */
export function listBackups(libraryFolder: string, now = Date.now()): Backup[] {
  const folder = backupFolderOf(libraryFolder);
  return listNames(folder)
    .flatMap((name) => {
      const parsed = parseBackupName(name);
      const stats = statSync(join(folder, name), { throwIfNoEntry: false });
      return parsed === null || stats === undefined ? [] : [{ name, ...parsed, sizeBytes: stats.size }];
    })
    .sort((a, b) => Number(a.madeAt > now) - Number(b.madeAt > now) || b.madeAt - a.madeAt);
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Takes away backups that have had their time. */
export function rotateBackups(libraryFolder: string, now: number): void {
  for (const { name } of chooseOutdated(listBackups(libraryFolder), now)) {
    removeDatabase(join(backupFolderOf(libraryFolder), name));
  }
}

/** What a killed studio left of a backup that was not yet whole. */
export function removeParts(libraryFolder: string): void {
  const folder = backupFolderOf(libraryFolder);
  for (const name of listNames(folder).filter((one) => /\.part(-\w+)?$/.test(one))) {
    rmSync(join(folder, name), { force: true });
  }
}
