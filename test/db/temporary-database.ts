/** A database in a temporary folder, for tests of the SQL alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Db, openDatabase } from '../../db/database.ts';

/** A folder that is gone after the test. */
export function makeTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'studio-db-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An empty library database; closed and removed after the test. */
export function openTemporaryDatabase(): Db {
  const db = openDatabase(join(makeTemporaryFolder(), 'studio.sqlite'));
  onTestFinished(() => db.close());
  return db;
}
