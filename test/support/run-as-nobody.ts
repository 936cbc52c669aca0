/** Runs the command line as an account that may not do everything, where these tests run as one that may. */
import { spawnSync } from 'node:child_process';
import { type Ended, sfiqaEntry, startSfiqa } from './run-sfiqa.ts';

const nobody = { uid: 65_534, gid: 65_534 };

function canBeNobody(): boolean {
  if (process.getuid?.() !== 0) return false;
  // The project, or the way to it, may be closed to others.
  const tried = spawnSync(process.execPath, [sfiqaEntry, '--version'], { ...nobody, stdio: 'ignore' });
  return tried.status === 0;
}

/** Null where that is not possible. */
export const runAsNobody = canBeNobody()
  ? (library: string, args: string[]): Promise<Ended> => startSfiqa(library, args, nobody).ended
  : null;
