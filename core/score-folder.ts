/** The score stage: a run over a folder with a pack, as a job. */
import { resolve } from 'node:path';
import type { Job } from '../contract/jobs.ts';
import type { Provider } from '../contract/pack.ts';
import { assertFolder } from './browse.ts';
import { type Covered, coverFolder, findKnownPath, rootsInside } from './cover-folder.ts';
import { FolderRun } from './folder-run.ts';
import { getUsablePack } from './packs.ts';
import type { Studio } from './studio.ts';

export interface ScoreOrder {
  folder: string;
  recursive: boolean;
  packId: string;
  /** Execution providers for networks, in order; automatic where absent. */
  providers?: readonly Provider[] | undefined;
  /** Compute again what something else has computed than this run would. */
  again?: boolean | undefined;
}

/**
 * Starts scoring a folder as a job. Files that did not change and have scores are skipped without being opened; the rest is
 * identified by content hash, so that a moved or renamed file keeps its scores and votes.
 *
 * @throws StudioError `notFound` for a missing folder or pack, `checkpointInvalid` for a pack that cannot be used, `conflict` while
 * another folder is being scored or this one is taken out of the library
 */
export async function startScoring(studio: Studio, order: ScoreOrder): Promise<Job> {
  const folder = resolve(order.folder);
  assertFolder(folder);
  const pack = getUsablePack(studio, order.packId);
  const known = await findKnownPath(studio.db, folder);
  studio.jobs.assertFolderFree(known, 'takeOut');
  return studio.jobs.start({
    kind: 'score',
    title: `Score ${folder}`,
    params: { ...order, folder },
    packId: order.packId,
    folder: known,
    work: async (context) => {
      const { root, part, notes } = await addToLibrary(studio, { path: known, recursive: order.recursive });
      const { providers, again } = order;
      return await new FolderRun(
        studio,
        { root, part, pack, providers, again, isAsked: true, notes },
        context,
      ).run();
    },
  });
}

/** The folder's files have a root from now on: its own, or the one it lies in. */
async function addToLibrary(
  studio: Studio,
  { path, recursive }: { path: string; recursive: boolean },
): Promise<Covered> {
  // A folder that becomes part of another is not looked through by itself meanwhile.
  const scan = rootsInside(studio.db, path).length === 0 ? null : studio.jobs.running('scan');
  if (scan !== null) await studio.jobs.cancel(scan.id);
  const covered = coverFolder(studio.db, { path, recursive }, studio.now());
  await studio.keeper.refresh(studio);
  return covered;
}
