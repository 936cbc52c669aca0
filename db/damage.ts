/** SQLite's own word on whether a database is whole. */
import Database from 'better-sqlite3';

/** Null when the database passes SQLite's quick check, else its first complaints. */
export function findDamage(sqlite: Database.Database): string | null {
  try {
    const lines = sqlite.prepare('PRAGMA quick_check(5)').pluck().all() as string[];
    return lines.length === 1 && lines[0] === 'ok' ? null : lines.join('; ');
  } catch (error) {
    // Too damaged to be checked.
    if (error instanceof Database.SqliteError && isDamage(error.code)) return error.message;
    throw error;
  }
}

/** Whether SQLite's code says that the file is damaged, or no database at all. */
export function isDamage(code: string): boolean {
  return code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT');
}
