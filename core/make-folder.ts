/** Makes a folder and those above it, or says why not. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StudioError } from '../contract/errors.ts';

/**
 * Node's own recursive form never returns where the system takes no folders (`/proc/x`).
 *
 * @throws StudioError `unreadable`
 */
export function makeFolder(path: string): void {
  try {
    makeOne(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError(
      'unreadable',
      `The folder ${path} cannot be made: ${reason}. Choose another place, or make it yourself.`,
      { path },
      { cause: error },
    );
  }
}

function makeOne(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeOne(parent);
  mkdirSync(path);
}
