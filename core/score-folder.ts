/** The score stage: a run over a folder with a pack, as a job. */
import { resolve } from 'node:path';
import type { Job } from '../contract/jobs.ts';
import type { Provider } from '../contract/pack.ts';
import { saveRoot } from '../db/files.ts';
import { assertFolder } from './browse.ts';
import { FolderRun } from './folder-run.ts';
import { getUsablePack } from './packs.ts';
import type { Studio } from './studio.ts';

export interface ScoreOrder {
  folder: string;
  recursive: boolean;
  packId: string;
  /** Execution providers for networks, in order; automatic where absent. */
  providers?: readonly Provider[] | undefined;
}

/**
 * Starts scoring a folder as a job. Files that did not change and have scores are skipped without being opened; the rest is
 * identified by content hash, so that a moved or renamed file keeps its scores and votes.
 *
 * @throws StudioError `notFound` for a missing folder or pack, `checkpointInvalid` for a pack that cannot be used, `conflict` while
 * another folder is being scored
 */
export function startScoring(studio: Studio, order: ScoreOrder): Job {
  const folder = resolve(order.folder);
  assertFolder(folder);
  const pack = getUsablePack(studio, order.packId);
  return studio.jobs.start({
    kind: 'score',
    title: `Score ${folder}`,
    params: { ...order, folder },
    packId: order.packId,
    work: (context) => {
      const root = saveRoot(studio.db, folder, order.recursive, studio.now());
      return new FolderRun(studio, { root, pack, providers: order.providers, isAsked: true }, context).run();
    },
  });
}
