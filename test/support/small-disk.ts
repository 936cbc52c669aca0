/** A really small disk, for tests of full ones: only where this account may mount one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @param options of a tmpfs: its bytes and files; @returns what takes it away again; null where this account may mount none */
export function mountSmall(at: string, options: string): (() => void) | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at], { stdio: 'ignore' });
    return () => execFileSync('umount', [at]);
  } catch {
    return null;
  }
}

export const canMount = (() => {
  const at = mkdtempSync(join(tmpdir(), 'sfiqa-mount-'));
  const unmount = mountSmall(at, 'size=1m');
  unmount?.();
  rmSync(at, { recursive: true });
  return unmount !== null;
})();
