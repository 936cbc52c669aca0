/** Which root holds a folder's files: roots do not hold each other's, so that each file is there once, wherever folders are added. */

import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isCovered, restBelow } from '../contract/folder-paths.ts';
import type { Db } from '../db/database.ts';
import { allRoots, saveRoot } from '../db/files.ts';
import { deleteRoot, giveFiles } from '../db/nested-roots.ts';
import type { RootRow } from '../db/schema.ts';

/** A part of a root that is looked through: a folder in it (`.`: its own), with or without those inside. */
export interface RootPart {
  path: string;
  recursive: boolean;
}

export interface Covered {
  root: RootRow;
  /** Null: the folder is the whole of the root. */
  part: RootPart | null;
  /** What became of it, where that is not just a root of its own. */
  notes: string[];
}

interface Folder {
  path: string;
  recursive: boolean;
}

/** A folder that takes longer to say where it really is, is taken by the name it was given. */
const patienceMs = 2_000;

/**
 * The root that holds the files of a folder from now on. A folder inside a root is part of it; one around roots takes them in, with all that
 * is known of their files, but for those on a drive of their own, which can be off by itself. A root never becomes less deep.
 */
export function coverFolder(db: Db, folder: Folder, now: number): Covered {
  const outer = allRoots(db).find((root) => isCovered(folder, asFolder(root)));
  if (outer !== undefined) {
    const rest = restBelow(folder.path, outer.path)!;
    if (rest.length > 0) {
      const note = `It is part of ${outer.path}, a folder of the library: its files are kept with that.`;
      return { root: outer, part: { path: rest.join('/'), recursive: folder.recursive }, notes: [note] };
    }
    const isLessDeep = !folder.recursive && outer.recursive === 1;
    return { root: outer, part: isLessDeep ? { path: '.', recursive: false } : null, notes: [] };
  }
  const root = saveRoot(db, folder.path, folder.recursive, now);
  const { taken, apart } = settleRoots(db);
  const notes = [
    ...taken.map((path) => `${path} was a folder of the library by itself and is part of this one now.`),
    ...apart
      .filter((path) => restBelow(path, root.path) !== null)
      .map(
        (path) =>
          `${path} lies on a drive of its own, or is not there now: it stays a folder by itself, and is not looked through with this one.`,
      ),
  ];
  return { root, part: null, notes };
}

/** Makes roots that lie inside others part of them; those on drives of their own stay apart, and the others' rows of their files go to them. */
export function settleRoots(db: Db): { taken: string[]; apart: string[] } {
  const nested = findNested(db);
  const taken = nested.flatMap(({ home }) => home ?? []);
  const apart = nested.filter(({ home }) => home === undefined);
  if (nested.length === 0) return { taken: [], apart: [] };
  db.transaction(() => {
    for (const { inner, around } of apart) {
      for (const outer of around)
        giveFiles(db, { from: placeIn(outer, inner), to: { rootId: inner.id, prefix: '' } });
    }
    for (const { inner, outer } of taken) {
      giveFiles(db, { from: { rootId: inner.id, prefix: '' }, to: placeIn(outer, inner) });
      deleteRoot(db, inner.id);
    }
  });
  return { taken: taken.map(({ inner }) => inner.path), apart: apart.map(({ inner }) => inner.path) };
}

interface Nested {
  inner: RootRow;
  around: RootRow[];
  /** The outermost root on its drive, which in turn lies in none; absent where it stays apart. */
  home: { inner: RootRow; outer: RootRow } | undefined;
}

function findNested(db: Db): Nested[] {
  const roots = allRoots(db);
  return roots.flatMap((inner) => {
    const around = roots
      .filter((outer) => outer.id !== inner.id && isCovered(asFolder(inner), asFolder(outer)))
      .sort((a, b) => a.path.length - b.path.length);
    const outer = around.find(({ path }) => isOnSameDrive(inner.path, path));
    const home = outer === undefined ? undefined : { inner, outer };
    return around.length === 0 ? [] : [{ inner, around, home }];
  });
}

/** Where the files of one root are in another that lies around it. */
function placeIn(outer: RootRow, inner: RootRow): { rootId: number; prefix: string } {
  return { rootId: outer.id, prefix: `${restBelow(inner.path, outer.path)!.join('/')}/` };
}

/** The roots inside another one, which are not looked through with it. */
export function rootsInside(db: Db, path: string): string[] {
  return allRoots(db)
    .map((root) => root.path)
    .filter((other) => (restBelow(other, path)?.length ?? 0) > 0);
}

/** A folder that is reached through a link is the one it leads to where the library has that: its files would be there twice. */
export async function findKnownPath(db: Db, folder: string): Promise<string> {
  const roots = allRoots(db);
  if (roots.some(({ path }) => restBelow(folder, path) !== null)) return folder;
  const real = await whereItIs(folder);
  for (const { path, offline_since } of roots) {
    const rest = offline_since === null ? restBelow(real, await whereItIs(path)) : null;
    if (rest !== null) return join(path, ...rest);
  }
  return folder;
}

async function whereItIs(path: string): Promise<string> {
  const found = realpath(path).catch(() => path);
  return await Promise.race([found, wait(patienceMs, path, { ref: false })]);
}

function isOnSameDrive(inner: string, outer: string): boolean {
  try {
    return statSync(inner, { bigint: true }).dev === statSync(outer, { bigint: true }).dev;
  } catch {
    return false;
  }
}

function asFolder({ path, recursive }: RootRow): Folder {
  return { path, recursive: recursive === 1 };
}
