/** Files that are made when they are first asked for, and kept where the library's disk takes them. */
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { FileFailureError } from '../models/models-client.ts';

interface Order {
  /** Where it lies once it was made. */
  to: string;
  make: (at: string) => Promise<void>;
}

/**
 * Gives `use` the file, and whether it is passing. On a disk that is full or can only be read it is made elsewhere, and is gone again once it was used: what is there
 * can be looked at all the same.
 */
export async function withMade<Result>(
  order: Order,
  use: (path: string, isPassing: boolean) => Promise<Result>,
): Promise<Result> {
  const { to } = order;
  if (await isThere(to)) return await use(to, false);
  try {
    await makeAt(order);
  } catch (error) {
    const isAbsent = error instanceof StudioError && error.code === 'notFound';
    if (isAbsent || (await takesFiles(dirname(to)))) throw error;
    const elsewhere = await mkdtemp(join(tmpdir(), 'sf-iqa-shown-'));
    try {
      const passing = join(elsewhere, 'shown');
      await makeAt({ ...order, to: passing });
      return await use(passing, true);
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  }
  return await use(to, false);
}

/** Under a temporary name until it is whole, so that a half-written one is never served. */
async function makeAt({ to, make }: Order): Promise<void> {
  const temporary = `${to}.${process.pid}.${crypto.randomUUID()}`;
  await mkdir(dirname(to), { recursive: true });
  try {
    await make(temporary);
    await rename(temporary, to);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof FileFailureError) {
      throw new StudioError('unreadable', error.failure.message, { reason: error.failure.code });
    }
    throw error;
  }
}

/** Whether files can be written in a folder: what failed there was no fault of the disk. */
async function takesFiles(folder: string): Promise<boolean> {
  const tried = join(folder, `.${crypto.randomUUID()}`);
  try {
    await writeFile(tried, Buffer.alloc(4096));
    return true;
  } catch {
    return false;
  } finally {
    await rm(tried, { force: true }).catch(() => undefined);
  }
}

export async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
