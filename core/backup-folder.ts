/** The folder of a library's backups: what lies there, where the next one goes, what has had its time, which one is gone back to. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backup, BackupReason } from '../contract/keep.ts';
import { removeDatabase } from '../db/backup.ts';
import { chooseOutdated, nameBackup, parseBackupName } from './backup-names.ts';
import { makeFolder } from './make-folder.ts';

/** The folder of a library's backups. */
export function backupFolderOf(libraryFolder: string): string {
  return join(libraryFolder, 'backups');
}

/** The path of a new backup; its folder is made. @throws StudioError `unreadable` */
export function placeBackup(libraryFolder: string, madeAt: number, reason: BackupReason): string {
  const folder = backupFolderOf(libraryFolder);
  makeFolder(folder);
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

/** Takes away backups that have had their time, but not the one that somebody is about to go back to. */
export function rotateBackups(libraryFolder: string, now: number): void {
  const staged = readStagedRestore(libraryFolder);
  for (const { name } of chooseOutdated(listBackups(libraryFolder), now)) {
    if (name !== staged) removeDatabase(join(backupFolderOf(libraryFolder), name));
  }
}

/** The name of the backup that the library goes back to when it is next opened. */
export function readStagedRestore(libraryFolder: string): string | null {
  try {
    return readFileSync(stagePath(libraryFolder), 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** @param name null: it stays with what is there */
export function writeStagedRestore(libraryFolder: string, name: string | null): void {
  if (name === null) rmSync(stagePath(libraryFolder), { force: true });
  else writeFileSync(stagePath(libraryFolder), name);
}

function stagePath(libraryFolder: string): string {
  return join(libraryFolder, 'restore-next.txt');
}

/** What a killed studio left of a backup that was not yet whole. */
export function removeParts(libraryFolder: string): void {
  const folder = backupFolderOf(libraryFolder);
  for (const name of listNames(folder).filter((one) => /\.part(-\w+)?$/.test(one))) {
    rmSync(join(folder, name), { force: true });
  }
}
