/** The library at a glance: counts, folders, and the files that could not be scored. */
import { join } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import type { FailedFile, Root } from '../contract/images.ts';
import { listFailures, rootById, setRootWatched } from '../db/files.ts';
import { countLibrary } from '../db/images.ts';
import { shownMosSetId } from './mos-sets.ts';
import type { Door, Studio } from './studio.ts';
import { studioVersion } from './version.ts';

export interface LibraryInfo extends ReturnType<typeof countLibrary> {
  folder: string;
  version: string;
  door: Door;
  mosSetId: number | null;
  damage: string | null;
  unstorable: string | null;
}

/** Where the library is and how much it holds: what a page has to know before it can show anything. */
export function describeLibrary(studio: Studio): LibraryInfo {
  const { folder, door, db, check, disk } = studio;
  const counts = countLibrary(db);
  const mosSetId = shownMosSetId(studio);
  return {
    folder,
    version: studioVersion,
    door,
    ...counts,
    mosSetId,
    damage: check.damage,
    unstorable: disk.problem,
  };
}

/** The folders that were added; one that cannot be reached (a drive that is off) is said to be so, and nothing of it is lost. */
export async function describeRoots(studio: Studio): Promise<Root[]> {
  if (!studio.keeper.isRunning) await studio.keeper.refresh(studio);
  const roots = await studio.reading.read('listRoots');
  return roots.map((root) => ({
    id: root.id,
    path: root.path,
    recursive: root.recursive === 1,
    addedAt: root.added_at,
    files: root.files,
    failed: root.failed,
    missing: root.missing,
    isReachable: root.offline_since === null,
    offlineSince: root.offline_since,
    isWatched: root.is_watched === 1,
    watch: studio.keeper.stateOf(root),
  }));
}

/** Watches a root while the studio runs, or not. @throws StudioError `notFound` */
export async function watchRoot(
  studio: Studio,
  { id, isWatched }: { id: number; isWatched: boolean },
): Promise<Root[]> {
  if (rootById(studio.db, id) === undefined)
    throw new StudioError('notFound', `There is no folder ${id} in this library.`, { rootId: id });
  setRootWatched(studio.db, id, isWatched);
  await studio.keeper.refresh(studio);
  studio.bus.changed('images');
  return await describeRoots(studio);
}

/** Files that could not be scored, with the reason in words. */
export function describeFailures(studio: Studio): FailedFile[] {
  return listFailures(studio.db).map((row) => ({
    path: join(row.root, row.path),
    code: row.failure_code,
    message: row.failure_message,
    checkedAt: row.checked_at,
  }));
}
