/** Whether the folders of the library can be reached: a drive that is off is offline, and nothing of it is missing. */
import { opendir, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { systemCodeOf } from '../contract/errors.ts';
import type { Db } from '../db/database.ts';
import { allRoots, hasFiles, setRootOffline } from '../db/files.ts';
import type { RootRow } from '../db/schema.ts';
import type { Studio } from './studio.ts';

/**
 * `gone`: the folder is not there. `empty`: it is there and nothing is in it although files were; an empty mount point is what a drive
 * leaves behind that is off. `slow`: it does not answer, as a network drive whose server is off.
 */
export type WhyOffline = 'gone' | 'empty' | 'slow';

/** After the folder's path, or after “The folder”. */
export const offlineWords: Record<WhyOffline, string> = {
  gone: 'cannot be reached',
  empty: 'is empty, as a drive that is not connected leaves it',
  slow: 'does not answer',
};

/** A folder that takes longer to answer is offline for now. */
const patienceMs = 5_000;

/** Why a root cannot be reached now; null where it can. `hasFound`: something was in it a moment ago that need not be stored yet. */
export async function findWhyOffline(
  db: Db,
  root: Pick<RootRow, 'id' | 'path'>,
  hasFound = false,
): Promise<WhyOffline | null> {
  const answered = look(root.path);
  const found = await Promise.race([answered, wait(patienceMs, 'slow' as const, { ref: false })]);
  return found === 'empty' && !hasFound && !hasFiles(db, root.id) ? null : found;
}

async function look(path: string): Promise<'gone' | 'empty' | null> {
  try {
    if (!(await stat(path)).isDirectory()) return 'gone';
    const folder = await opendir(path);
    try {
      return (await folder.read()) === null ? 'empty' : null;
    } finally {
      await folder.close();
    }
  } catch (error) {
    // A folder that may not be read is there: what is wrong with it is told by the next run over it.
    return ['EACCES', 'EPERM'].includes(systemCodeOf(error)) ? null : 'gone';
  }
}

/** Looks at all roots and remembers which cannot be reached, and since when; says why not, by root. */
export async function noteReach(
  studio: Pick<Studio, 'db' | 'bus' | 'now'>,
): Promise<Map<number, WhyOffline>> {
  const { db, bus, now } = studio;
  const roots = allRoots(db);
  const found = await Promise.all(roots.map(async (root) => ({ root, why: await findWhyOffline(db, root) })));
  const changed = found.filter(({ root, why }) => (why === null) !== (root.offline_since === null));
  db.transaction(() => {
    for (const { root, why } of changed) setRootOffline(db, root.id, why === null ? null : now());
  });
  if (changed.length > 0) bus.changed('images');
  return new Map(found.flatMap(({ root, why }) => (why === null ? [] : [[root.id, why]])));
}
