/** Copies of a library's database by SQLite's own online backup, and whether a copy is whole. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { findDamage } from './damage.ts';
import { openForReading } from './database.ts';
import { migrations } from './migrations/all.ts';

/** What is known of a file that should be a library's database. */
export interface Inspected {
  /** Of its schema; null where it cannot be read. */
  version: number | null;
  /** Why it cannot be gone back to. */
  problem: string | null;
}

/** More than a database has. */
const allPages = 0x7fffffff;

/**
 * Copies a database, as it is at one moment, while others read and write it; the file appears whole and checked, or not at all. All of it is
 * read: for a thread.
 *
 * @throws Error of SQLite where the disk is full or the copy is not whole
 */
export async function backUpDatabase({ database, to }: { database: string; to: string }): Promise<void> {
  const part = `${to}.part`;
  const source = openForReading(database);
  try {
    // In one step: where others write between two, SQLite begins anew.
    await source.sqlite.backup(part, { progress: () => allPages });
    const { problem } = settleCopy(part);
    if (problem !== null) throw new Error(problem);
    await rename(part, to);
  } finally {
    source.close();
    removeDatabase(part);
  }
}

/** Copies a database that nobody has open, with what only its log holds: a studio that was killed left that. */
export function copyDatabase(from: string, to: string): void {
  removeDatabase(to);
  copyFileSync(from, to);
  if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`);
}

/** Looks at a copy of the copy, made for the moment, so that a backup is never written to. */
export function inspectBackup({ path, copy }: { path: string; copy: string }): Inspected {
  try {
    copyDatabase(path, copy);
    return settleCopy(copy);
  } finally {
    removeDatabase(copy);
  }
}

/** Makes a copied file one that needs no log beside it, and looks whether it is whole and of a schema that this studio knows. */
export function settleCopy(path: string): Inspected {
  try {
    const copy = new Database(path, { fileMustExist: true });
    try {
      copy.pragma('journal_mode = DELETE');
      return { version: versionOf(copy), problem: findDamage(copy) ?? findForeign(copy) };
    } finally {
      copy.close();
    }
  } catch (error) {
    return { version: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** A database file with the logs beside it. */
export function removeDatabase(path: string): void {
  for (const end of ['', '-journal', '-wal', '-shm']) rmSync(path + end, { force: true });
}

function versionOf(sqlite: Database.Database): number {
  return Number(sqlite.pragma('user_version', { simple: true }));
}

function findForeign(sqlite: Database.Database): string | null {
  const version = versionOf(sqlite);
  if (version > migrations.length)
    return `It was written by a newer SF-IQA Studio (schema ${version}; this one knows ${migrations.length}).`;
  const hasImages = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'image'").get() !== undefined;
  return version > 0 && hasImages ? null : 'It is not a library of SF-IQA Studio.';
}
