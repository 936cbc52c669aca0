/** Takes a folder out of the library: nothing on disk is touched, and all that is known of its images comes back with them. */
import { StudioError } from '../contract/errors.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import type { TakeOutPlan } from '../contract/keep.ts';
import { rootById, setRootWatched } from '../db/files.ts';
import { deleteRoot } from '../db/nested-roots.ts';
import type { RootRow } from '../db/schema.ts';
import { countFiles, someFilesOf, takeFileOut } from '../db/taken-out.ts';
import type { JobContext } from './jobs.ts';
import type { Studio } from './studio.ts';
import { writeInSlices } from './write-in-slices.ts';

/** Files that are read at once. */
const atOnce = 2000;

/** What would be taken out with a folder. @throws StudioError `notFound` */
export async function planTakeOut(studio: Studio, rootId: number): Promise<TakeOutPlan> {
  getRoot(studio, rootId);
  return await studio.reading.read('countTakeOut', rootId);
}

/**
 * Starts taking a folder out, as a job. Its files are forgotten and it is not watched any more; images that lie in no other folder are not
 * shown. Images, scores, votes, MOS and marks stay: a file of the same content brings its image back with all of them. Cancelled or killed
 * in the middle, the folder is still there with the rest of its files, and can be looked through or taken out again.
 *
 * @throws StudioError `notFound`; `conflict` while it, or a folder inside or around it, is looked through or scored, and while another is taken out
 */
export function startTakingOut(studio: Studio, rootId: number): Job {
  const root = getRoot(studio, rootId);
  studio.jobs.assertFolderFree(root.path);
  return studio.jobs.start({
    kind: 'takeOut',
    title: `Take ${root.path} out of the library`,
    params: { rootId: root.id },
    folder: root.path,
    work: (context) => takeOut(studio, root, context),
  });
}

function getRoot({ db }: Studio, rootId: number): RootRow {
  const root = rootById(db, rootId);
  if (root !== undefined) return root;
  throw new StudioError('notFound', `There is no folder ${rootId} in this library.`, { rootId });
}

async function takeOut(studio: Studio, root: RootRow, { signal, report }: JobContext): Promise<JobSummary> {
  const { db } = studio;
  setRootWatched(db, root.id, false);
  await studio.keeper.refresh(studio);
  report({ phase: 'taking out', total: countFiles(db, root.id) });
  let done = 0;
  function tell(written: number): void {
    signal.throwIfAborted();
    done += written;
    report({ done });
  }
  try {
    for (
      let files = someFilesOf(db, root.id, atOnce);
      files.length > 0;
      files = someFilesOf(db, root.id, atOnce)
    ) {
      await writeInSlices(db, files, (file) => takeFileOut(db, file), tell);
    }
    deleteRoot(db, root.id);
  } finally {
    studio.bus.changed('images');
    await studio.keeper.refresh(studio);
  }
  return {
    notes: [
      done === 1
        ? 'One file left the library; on disk it is where it was.'
        : `${done.toLocaleString('en')} files left the library; on disk they are where they were.`,
    ],
  };
}
