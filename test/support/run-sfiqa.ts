/** Runs the command line as people and scripts do: a process, its output, its exit code. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const sfiqaEntry = fileURLToPath(new URL('../../cli/sfiqa.js', import.meta.url));

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Starts `sfiqa` on a library, as another account or with further variables where some are named. */
export function startSfiqa(
  library: string,
  args: string[],
  { env, ...account }: { uid?: number; gid?: number; env?: Record<string, string> } = {},
): { ended: Promise<Ended>; kill: (signal: NodeJS.Signals) => void } {
  const child = spawn(process.execPath, [sfiqaEntry, ...args], {
    ...account,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env, SFIQA_LIBRARY: library },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8');
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  return { ended, kill: (signal) => child.kill(signal) };
}
