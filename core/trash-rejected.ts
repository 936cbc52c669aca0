/** Rejected pictures go to the system's trash when somebody has looked through them and says so; what is known of them stays. */
import { access, constants, lstat, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StudioError, systemCodeOf } from '../contract/errors.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import { readMarks } from '../db/curation.ts';
import { type FileOfImage, filesOfImages, markMissing } from '../db/files.ts';
import type { JobContext } from './jobs.ts';
import { forEachInParallel } from './parallel.ts';
import type { Studio } from './studio.ts';

/** Moves one file to the trash, from where the system can bring it back; never deletes. */
export type MoveToTrash = (path: string) => Promise<void>;

/** The system's trash, for doors that are not a window of the system's own. */
export async function moveToSystemTrash(path: string): Promise<void> {
  // Loaded when first needed: it brings helpers of three systems.
  const { default: trash } = await import('trash');
  await trash(path, { glob: false });
}

/** Files on their way at once: on most systems the way is a program that has to be started. */
const atOnce = 4;
/** Files that are named with the reason; all are counted. */
const namedAtMost = 100;

/**
 * Starts moving all files of the images to the trash. Images, scores and votes stay, without a file; a file that comes back is known
 * again. Cancelled, what is in the trash stays there, and the rest where it was.
 *
 * @throws StudioError `badInput` where one of them is not rejected, `conflict` while others are on their way; nothing is moved then
 */
export function startTrashing(studio: Studio, imageIds: readonly number[]): Job {
  const kept = readMarks(studio.db, imageIds).filter(([, flag]) => flag !== 'reject');
  if (kept.length > 0) {
    throw new StudioError(
      'badInput',
      `${kept.length} of these images are not rejected (the first is ${kept[0]![0]}): only rejected ones go to the trash.`,
      { imageId: kept[0]![0] },
    );
  }
  const count = imageIds.length;
  return studio.jobs.start({
    kind: 'trash',
    title: `${count.toLocaleString('en')} rejected ${count === 1 ? 'image' : 'images'} to the trash`,
    params: { images: count },
    work: (context) => trashFiles(studio, filesOfImages(studio.db, imageIds), context),
  });
}

async function trashFiles(
  studio: Studio,
  files: readonly FileOfImage[],
  { signal, report }: JobContext,
): Promise<JobSummary> {
  const failures: string[] = [];
  let trashed = 0;
  const tell = () =>
    report({ done: trashed + failures.length, failed: failures.length, total: files.length });
  report({ phase: 'moving' });
  tell();
  try {
    await forEachInParallel(files, { limit: atOnce, signal }, async (file) => {
      const path = join(file.root, file.path);
      const message = await moveOne(studio, path, file);
      if (message === null) {
        // One by one: what is in the trash is known to be there whatever comes next.
        markMissing(studio.db, [file.id], studio.now());
        trashed += 1;
      } else failures.push(`${path}: ${message}`);
      tell();
    });
  } finally {
    studio.bus.changed('images');
  }
  const more = failures.length - namedAtMost;
  const notes = [...failures.sort().slice(0, namedAtMost), ...(more > 0 ? [`… and ${more} more`] : [])];
  return { trashed, ...(failures.length === 0 ? {} : { failed: failures.length, notes }) };
}

const onlyRead =
  'It may not be moved by this user: its folder, or the trash of its drive, is for reading alone.';
const reasons: Record<string, string> = {
  EACCES: onlyRead,
  EPERM: onlyRead,
  EROFS: onlyRead,
  ENOSPC: 'The drive of the trash is full.',
};

/** Null where it is in the trash, else why not. */
async function moveOne({ db, moveToTrash }: Studio, path: string, file: FileOfImage): Promise<string | null> {
  if (file.raw_path !== null) return 'Its name is not UTF-8: move it to the trash in the file manager.';
  const found = await stat(path).catch(() => null);
  if (found === null) return 'It is not there: its drive may not be connected.';
  // A picture that was made since under the same name was never rejected.
  if (found.size !== file.size_bytes || found.mtimeMs !== file.mtime_ms) {
    return 'It has changed since it was looked at, and may be another picture now: scan its folder, and look again.';
  }
  // It may have waited for minutes.
  const [mark] = readMarks(db, [file.image_id]);
  if (mark?.[1] !== 'reject') return 'It is not rejected any more.';
  try {
    // Some systems' trash notes a file before it finds that it may not move it, and lists it ever after.
    await access(dirname(path), constants.W_OK);
    await moveToTrash(path);
  } catch (error) {
    const code = systemCodeOf(error);
    return reasons[code] ?? (error instanceof Error ? error.message : String(error));
  }
  return await lstat(path).then(
    () => 'It is still there: the system did not take it.',
    () => null,
  );
}
