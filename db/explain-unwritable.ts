/** Why a folder of the library takes nothing, and what to do about it, in words. */
import { accessSync, constants, existsSync } from 'node:fs';
import { StudioError, systemCodeOf } from '../contract/errors.ts';

const readOnly =
  'its disk can only be read (a locked card, a drive that was mounted read-only, or one that the system locked after an error). Make it writable, or copy the folder to another disk and open it there.';
const forbidden =
  'this account may not change all that lies in it. Give it the right to write there, or choose another library folder.';
const advice: Record<string, string> = {
  EROFS: readOnly,
  EACCES: forbidden,
  EPERM: forbidden,
  ENOENT: 'it is not there any more. Connect its drive, or choose another library folder.',
  EIO: 'its disk reports an error. See to the disk, or go back to a backup on another one.',
};

/**
 * What a library that cannot be opened for writing is refused with: `diskFull`, or `unreadable` with the reason.
 *
 * @param files those that are to be written, where they are there: SQLite does not say what keeps it from that
 */
export function explainUnwritable(
  folder: string,
  error: unknown,
  files: readonly string[] = [],
): StudioError {
  const code = systemCodeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') {
    const message = `The disk of the library folder ${folder} is full. Make room, then open it again.`;
    return new StudioError('diskFull', message, { folder }, { cause: error });
  }
  const said = error instanceof Error ? error.message : String(error);
  const reason = advice[code] ?? advice[findRefusal([folder, ...files])] ?? `${said}.`;
  return new StudioError(
    'unreadable',
    `The library folder ${folder} cannot be written to: ${reason}`,
    { folder },
    { cause: error },
  );
}

/** What the system says to writing at the first of some paths that it refuses. */
function findRefusal(paths: readonly string[]): string {
  for (const path of paths) {
    if (path !== paths[0] && !existsSync(path)) continue;
    try {
      accessSync(path, constants.W_OK | (path === paths[0] ? constants.X_OK : 0));
    } catch (error) {
      return systemCodeOf(error);
    }
  }
  return '';
}
