/** Rejected pictures go to the system's trash when somebody has looked through them and says so; what is known of them stays. */
import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trashed } from '../contract/curate.ts';
import { StudioError } from '../contract/errors.ts';
import { readMarks } from '../db/curation.ts';
import { type FileOfImage, filesOfImages, markMissing } from '../db/files.ts';
import type { Studio } from './studio.ts';

/** Moves one file to the trash, from where the system can bring it back; never deletes. */
export type MoveToTrash = (path: string) => Promise<void>;

/** The system's trash, for doors that are not a window of the system's own. */
export async function moveToSystemTrash(path: string): Promise<void> {
  // Loaded when first needed: it brings helpers of three systems.
  const { default: trash } = await import('trash');
  await trash(path, { glob: false });
}

/**
 * Moves all files of the images to the trash. Images, scores and votes stay, without a file; a file that comes back is known again.
 *
 * @throws StudioError `badInput` where one of them is not rejected; nothing is moved then
 */
export async function trashRejected(studio: Studio, imageIds: readonly number[]): Promise<Trashed> {
  const kept = readMarks(studio.db, imageIds).filter(([, flag]) => flag !== 'reject');
  if (kept.length > 0) {
    throw new StudioError(
      'badInput',
      `${kept.length} of these images are not rejected (the first is ${kept[0]![0]}): only rejected ones go to the trash.`,
      { imageId: kept[0]![0] },
    );
  }
  const failed: Trashed['failed'] = [];
  let files = 0;
  for (const file of filesOfImages(studio.db, imageIds)) {
    const path = join(file.root, file.path);
    const message = await moveOne(studio, path, file);
    if (message === null) {
      // One by one: what is in the trash is known to be there whatever comes next.
      markMissing(studio.db, [file.id], studio.now());
      files += 1;
    } else failed.push({ path, message });
  }
  studio.bus.changed('images');
  return { files, failed };
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
async function moveOne({ moveToTrash }: Studio, path: string, file: FileOfImage): Promise<string | null> {
  if (file.raw_path !== null) return 'Its name is not UTF-8: move it to the trash in the file manager.';
  const found = await stat(path).catch(() => null);
  if (found === null) return 'It is not there: its drive may not be connected.';
  // A picture that was made since under the same name was never rejected.
  if (found.size !== file.size_bytes || found.mtimeMs !== file.mtime_ms) {
    return 'It has changed since it was looked at, and may be another picture now: scan its folder, and look again.';
  }
  try {
    await moveToTrash(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return reasons[code] ?? (error instanceof Error ? error.message : String(error));
  }
  return await lstat(path).then(
    () => 'It is still there: the system did not take it.',
    () => null,
  );
}
