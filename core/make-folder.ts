/** Makes a folder and those above it, or says why not. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StudioError, systemCodeOf } from '../contract/errors.ts';

/**
 * Node's own recursive form never returns where the system takes no folders (`/proc/x`).
 *
 * @throws StudioError `unreadable`
 */
export function makeFolder(path: string): void {
  try {
    makeOne(path);
  } catch (error) {
    const code = systemCodeOf(error);
    const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
    throw new StudioError(
      'unreadable',
      `The folder ${path} cannot be made: ${reason}. Choose another place, or make it yourself.`,
      { path },
      { cause: error },
    );
  }
}

const reasons: Record<string, string> = {
  EROFS: 'that disk can only be read',
  EACCES: 'this account may not write there',
  EPERM: 'this account may not write there',
  ENOSPC: 'that disk is full',
  EEXIST: 'a file has that name',
  ENOTDIR: 'a part of that path is a file',
  EDQUOT: 'this account’s share of that disk is full',
};

function makeOne(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeOne(parent);
  mkdirSync(path);
}
