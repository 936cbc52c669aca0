/** Where an export goes: a path that somebody chose, or a place in the library from which it is downloaded; and what a killed studio left there. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { ImageExport } from '../../contract/export-images.ts';
import type { Db } from '../../db/database.ts';
import { paramsOfRunningJobs } from '../../db/jobs.ts';
import type { Studio } from '../studio.ts';
import { partialOf, prepareFolderOf } from './write-whole.ts';

/** The folder of what can be downloaded. */
export function downloadsOf(libraryFolder: string): string {
  return join(libraryFolder, 'exports');
}

export interface ExportPlace {
  path: string;
  /** Its name until it is whole. */
  partial: string;
  /** What it is downloaded as; null where somebody chose the path. */
  download: string | null;
}

/**
 * Finds out whether it can be written there.
 *
 * @throws StudioError `badInput` for a path that is not absolute, `conflict` for what is there already, `unreadable` for a folder that
 * cannot be written in
 */
export async function choosePlace(studio: Studio, order: ImageExport, name: string): Promise<ExportPlace> {
  if (order.destination === undefined) return await placeDownload(studio, order, name);
  if (!isAbsolute(order.destination)) {
    throw new StudioError('badInput', `“${order.destination}” is not a whole path from the root on.`);
  }
  const path = resolve(order.destination);
  if (path === studio.folder || path.startsWith(studio.folder + sep)) {
    throw new StudioError('badInput', 'The library’s own folder is not for exports: choose another one.', {
      path,
    });
  }
  await assertFree(path, order);
  await prepareFolderOf(path);
  return { path, partial: partialOf(path), download: null };
}

async function placeDownload(studio: Studio, { format }: ImageExport, name: string): Promise<ExportPlace> {
  if (format === 'folder') {
    throw new StudioError('badInput', 'A data set is written into a folder: say which one.');
  }
  const downloads = downloadsOf(studio.folder);
  await rm(downloads, { recursive: true, force: true });
  const id = randomBytes(8).toString('hex');
  const fileName = `${name}.${format}`;
  await mkdir(join(downloads, id), { recursive: true });
  const path = join(downloads, id, fileName);
  return { path, partial: partialOf(path), download: `${id}/${encodeURIComponent(fileName)}` };
}

async function assertFree(path: string, { format, overwrite }: ImageExport): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null) return;
  if (format === 'folder') {
    const inside = found.isDirectory() ? await readdir(path).catch(() => ['?']) : ['?'];
    if (inside.length === 0) return;
    throw new StudioError('conflict', `${path} is there already: choose a new or an empty folder.`, { path });
  }
  if (found.isDirectory()) {
    throw new StudioError('conflict', `${path} is a folder: add the name of a file to it.`, { path });
  }
  if (overwrite) return;
  throw new StudioError('conflict', `${path} is there already: choose another name, or replace it.`, {
    path,
  });
}

const RunningExport = z.object({ partial: z.string().regex(/\.[0-9a-f]{8}\.partial$/) });

/** Takes away what was not whole when the studio was killed, and what was made for download; call it before jobs are taken up. */
export function removeUnfinishedExports(db: Db, libraryFolder: string): void {
  for (const params of paramsOfRunningJobs(db, 'export')) {
    const { data } = RunningExport.safeParse(JSON.parse(params));
    if (data !== undefined && basename(data.partial).startsWith('.')) {
      rmSync(data.partial, { recursive: true, force: true });
    }
  }
  rmSync(downloadsOf(libraryFolder), { recursive: true, force: true });
}
