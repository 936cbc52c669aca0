/** SQLite's own words on its version and on whether the database is intact. */
import Database from 'better-sqlite3';
import { findDamage } from './damage.ts';
import type { Db } from './database.ts';

/** The version of the SQLite library that runs. */
export function sqliteVersion(): string {
  const memory = new Database(':memory:');
  const version = String(memory.prepare('SELECT sqlite_version()').pluck().get());
  memory.close();
  return version;
}

/** Null when the database passes SQLite's quick check, else its first complaints. */
export function checkIntegrity(db: Db): string | null {
  return findDamage(db.sqlite);
}
