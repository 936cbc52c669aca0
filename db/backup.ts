/** Copies of a library's database by SQLite's own online backup, and whether a copy is whole. */
import { rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { findDamage } from './damage.ts';
import type { Db } from './database.ts';
import { migrations } from './migrations/all.ts';

/** What is known of a file that should be a library's database. */
export interface Inspected {
  /** Of its schema; null where it cannot be read. */
  version: number | null;
  /** Why it cannot be gone back to. */
  problem: string | null;
}

/**
 * Copies the open database to a file, page by page, while it is read and written; the file appears whole and checked, or not at all.
 *
 * @throws Error of SQLite where the disk is full or the copy is not whole
 */
export async function backUpDatabase(db: Db, to: string): Promise<void> {
  const part = `${to}.part`;
  try {
    await db.sqlite.backup(part);
    const { problem } = settleCopy(part);
    if (problem !== null) throw new Error(problem);
    await rename(part, to);
  } finally {
    removeDatabase(part);
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
