/** SQLite's own word on whether a database is whole. */
import type Database from 'better-sqlite3';

/** Null when the database passes SQLite's quick check, else its first complaints. */
export function findDamage(sqlite: Database.Database): string | null {
  const lines = sqlite.prepare('PRAGMA quick_check(5)').pluck().all() as string[];
  return lines.length === 1 && lines[0] === 'ok' ? null : lines.join('; ');
}
