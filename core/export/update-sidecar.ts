/** One sidecar: read, changed where we say something else now, and put in place whole. */
import { access, constants, lstat, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StudioError, systemCodeOf } from '../../contract/errors.ts';
import { writeWhole } from './write-whole.ts';
import { mergeXmp, type XmpFacts } from './xmp-document.ts';

/** Programs that keep their whole history of edits in one stay far below it. */
const largestBytes = 16 * 1024 * 1024;

/**
 * Puts facts into a sidecar. A link is not followed, and what cannot be read as XMP stays as it is.
 *
 * @throws StudioError `diskFull`
 */
export async function updateSidecar(
  path: string,
  facts: XmpFacts,
): Promise<{ isWritten: boolean } | { why: string }> {
  const existing = await readExisting(path);
  if ('why' in existing) return existing;
  const text = merge(existing.text, facts);
  if (text === null) return { why: 'its sidecar cannot be read as XMP and stays as it is' };
  if (text === existing.text) return { isWritten: false };
  const mayWrite = [dirname(path), ...(existing.text === null ? [] : [path])];
  if (!(await areWritable(mayWrite))) return { why: 'its folder or sidecar may only be read' };
  // Always the same name, so that what a killed studio left there goes with the next run.
  const partial = join(dirname(path), `.${basename(path).slice(0, 80)}.partial`);
  try {
    await rm(partial, { force: true });
    await writeWhole([text], path, { partial, ...existing.mode });
    return { isWritten: true };
  } catch (error) {
    if (error instanceof StudioError && error.code === 'diskFull') throw error;
    return {
      why:
        error instanceof Error
          ? error.message.replace(path, 'its sidecar').replace(/\.$/, '')
          : String(error),
    };
  }
}

async function readExisting(
  path: string,
): Promise<{ text: string | null; mode: { mode?: number } } | { why: string }> {
  const found = await lstat(path).catch((error: unknown) => systemCodeOf(error));
  if (found === 'ENOENT') return { text: null, mode: {} };
  if (found === 'ENAMETOOLONG') return { why: 'the name of its sidecar is too long for that disk' };
  if (typeof found === 'string') return { why: 'its sidecar cannot be looked at' };
  if (!found.isFile()) return { why: 'a link or a folder has the name of its sidecar' };
  if (found.size > largestBytes) return { why: 'its sidecar is larger than 16 MB and stays as it is' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    return { text, mode: { mode: found.mode & 0o777 } };
  } catch (error) {
    if (error instanceof TypeError) return { why: 'its sidecar is not UTF-8 and stays as it is' };
    return { why: 'its sidecar cannot be read' };
  }
}

function merge(existing: string | null, facts: XmpFacts): string | null {
  try {
    return mergeXmp(existing, facts);
  } catch {
    return null;
  }
}

async function areWritable(paths: readonly string[]): Promise<boolean> {
  return await Promise.all(paths.map((path) => access(path, constants.W_OK))).then(
    () => true,
    () => false,
  );
}
