/** The scan stage: what changed in a folder becomes known, as a job; and is scored where that is wanted. */
import { StudioError } from '../contract/errors.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import { rootById } from '../db/files.ts';
import type { RootRow } from '../db/schema.ts';
import { FolderRun } from './folder-run.ts';
import type { JobContext } from './jobs.ts';
import { findProblem, type Pack } from './packs.ts';
import { getSettings } from './settings.ts';
import type { Studio } from './studio.ts';

export interface ScanOrder {
  rootId: number;
  /** Paths below it that may have changed; everything where absent. */
  only?: readonly string[] | undefined;
  /** A person asked, and hears how it ended; else only what went wrong is told. */
  isAsked: boolean;
}

/**
 * Starts looking for new, changed, moved and deleted files of a root. Nothing is opened that did not change; what is moved keeps all that
 * is known of it. Killed in the middle, the next scan goes on where it was.
 *
 * @throws StudioError `notFound` for a root that does not exist, `conflict` while another is scanned or this one is taken out
 */
export function startScan(studio: Studio, order: ScanOrder): Job {
  const root = rootById(studio.db, order.rootId);
  if (root === undefined)
    throw new StudioError('notFound', `There is no folder ${order.rootId} in this library.`, {
      rootId: order.rootId,
    });
  const { isAsked, only } = order;
  studio.jobs.assertFolderFree(root.path, 'takeOut');
  return studio.jobs.start({
    kind: 'scan',
    title: `Look for changes in ${root.path}`,
    params: { rootId: root.id, paths: only?.length ?? null },
    folder: root.path,
    isQuiet: !isAsked,
    work: (context) => scan(studio, { root, only, isAsked }, context),
  });
}

async function scan(
  studio: Studio,
  order: Pick<ScanOrder, 'only' | 'isAsked'> & { root: RootRow },
  context: JobContext,
): Promise<JobSummary> {
  const found = await new FolderRun(studio, { ...order, pack: null }, context).run();
  const { scoresNew, packId } = getSettings(studio);
  const pack = studio.packs.get(packId);
  if (!scoresNew || (found.identified ?? 0) === 0 || context.signal.aborted) return found;
  if (pack === undefined || findProblem(pack) !== null) {
    return { ...found, notes: [`Not scored: ${whyNotScored(pack)}`] };
  }
  const scored = await new FolderRun(studio, { ...order, pack }, context).run();
  return { ...scored, ...found, scored: scored.scored, notes: scored.notes };
}

function whyNotScored(pack: Pack | undefined): string {
  return pack === undefined ? 'the model is not there any more.' : (findProblem(pack) ?? '');
}
