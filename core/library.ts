/** The library at a glance: counts, folders, and the files that could not be scored. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FailedFile, Root } from '../contract/images.ts';
import { listFailures, listRoots } from '../db/files.ts';
import { countLibrary } from '../db/images.ts';
import { newestMosSetId } from '../db/mos.ts';
import about from '../package.json' with { type: 'json' };
import type { Door, Studio } from './studio.ts';

export const studioVersion = about.version;

export interface LibraryInfo extends ReturnType<typeof countLibrary> {
  folder: string;
  version: string;
  door: Door;
  mosSetId: number | null;
  damage: string | null;
}

/** Where the library is and how much it holds. */
export function describeLibrary(studio: Studio): LibraryInfo {
  const { folder, door, db, check } = studio;
  const mosSetId = newestMosSetId(db) ?? null;
  return { folder, version: studioVersion, door, ...countLibrary(db), mosSetId, damage: check.damage };
}

/** The folders that were added; one that cannot be reached (a drive that is off) is said to be so, and nothing of it is lost. */
export function describeRoots(studio: Studio): Root[] {
  return listRoots(studio.db).map((root) => ({
    id: root.id,
    path: root.path,
    recursive: root.recursive === 1,
    addedAt: root.added_at,
    files: root.files,
    failed: root.failed,
    isReachable: existsSync(root.path),
  }));
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
