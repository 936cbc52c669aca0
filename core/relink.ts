/** Folders that lie elsewhere now: a library that moved to another disk or machine says so once, and nothing is looked at anew. */
import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import { restBelow } from '../contract/folder-paths.ts';
import type { Relink, Relinked } from '../contract/keep.ts';
import { allRoots, changeRootPath, moveRawPaths, sampleFiles } from '../db/files.ts';
import { settleRoots } from './cover-folder.ts';
import type { Studio } from './studio.ts';

/** So many files of a root are looked for at its new place. */
const lookedFor = 200;

/**
 * Roots at or below `from` lie at or below `to` from now on. Files, scores and votes stay theirs.
 *
 * @throws StudioError `notFound` where no root lies there, `badInput` where the new place is no folder or holds none of the files,
 * `conflict` where it is a root of its own already; nothing is changed then
 */
export function relinkRoots(studio: Studio, { from, to }: Relink): Relinked {
  if (!isAbsolute(to) || statSync(to, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new StudioError('badInput', `${to} is not a folder on this machine (an absolute path is needed).`, {
      path: to,
    });
  }
  const known = allRoots(studio.db);
  const moved = known.flatMap(({ id, path }) => {
    const rest = restBelow(path, from);
    return rest === null ? [] : [{ id, from: path, to: join(to, ...rest) }];
  });
  if (moved.length === 0) {
    const there = known.map(({ path }) => path).join(', ') || 'none';
    throw new StudioError(
      'notFound',
      `No folder of the library lies at or below ${from} (there are: ${there}).`,
      { path: from },
    );
  }
  const stays = new Set(
    known.filter(({ id }) => !moved.some((one) => one.id === id)).map(({ path }) => path),
  );
  const taken = moved.find((one) => stays.has(one.to));
  if (taken !== undefined)
    throw new StudioError('conflict', `${taken.to} is a folder of the library already.`, { path: taken.to });
  const roots = moved.map((one) => ({ ...one, ...lookFor(studio, one) }));
  const lost = roots.find(({ found, looked }) => looked > 0 && found === 0);
  if (lost !== undefined) {
    throw new StudioError(
      'badInput',
      `None of ${lost.looked} files of ${lost.from} was found at ${lost.to}. Choose the folder that holds them now.`,
      { path: lost.to },
    );
  }
  studio.db.transaction(() => {
    // Two that change places would meet on the way.
    for (const { id } of roots) changeRootPath(studio.db, id, `relinking ${id}`);
    for (const one of roots) {
      changeRootPath(studio.db, one.id, one.to);
      moveRawPaths(studio.db, one.id, one);
    }
  });
  // A run that is under way keeps its root; what then lies inside another is settled when the library is next opened.
  if (studio.jobs.running('scan') === null && studio.jobs.running('score') === null) settleRoots(studio.db);
  void studio.keeper.refresh(studio).catch(() => undefined);
  studio.bus.changed('images');
  return { roots };
}

function lookFor(studio: Studio, { id, to }: { id: number; to: string }): { found: number; looked: number } {
  const paths = sampleFiles(studio.db, id, lookedFor);
  return { looked: paths.length, found: paths.filter((path) => existsSync(join(to, path))).length };
}
