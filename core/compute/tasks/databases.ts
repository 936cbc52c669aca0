/** What compute threads do with whole databases, which are read from end to end for it. */
import { toStudioError } from '../../../contract/errors.ts';
import { backUpDatabase, inspectBackup } from '../../../db/backup.ts';
import { openForReading } from '../../../db/database.ts';
import { checkIntegrity } from '../../../db/health.ts';
import { type Carried, carry } from '../carry-error.ts';

/** SQLite’s check; null where nothing is wrong. */
export function findDamage({ database }: { database: string }): string | null {
  const db = openForReading(database);
  try {
    return checkIntegrity(db);
  } finally {
    db.close();
  }
}

/** Copies. */
export { inspectBackup };
export async function backUp(task: Parameters<typeof backUpDatabase>[0]): Promise<Carried<void>> {
  return await carry(() =>
    backUpDatabase(task).catch((error: unknown) => {
      throw toStudioError(error);
    }),
  );
}
