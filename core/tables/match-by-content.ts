/** Finds images that a table names by a name the library does not know, where the file is there and the library knows its content. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MosMapping } from '../../contract/mos.ts';
import { imageByHash, imageSizes } from '../../db/images.ts';
import { findImageFiles } from '../find-files.ts';
import { hashFile } from '../hash-file.ts';
import { forEachInParallel } from '../parallel.ts';
import type { Studio } from '../studio.ts';
import type { NameIndex } from './name-index.ts';
import type { RawTable } from './read-table.ts';

export interface ContentOrder {
  table: RawTable;
  mapping: MosMapping;
  /** Names are paths in it; where it is a data set's, also names of files anywhere below it. */
  folder: TableFolder;
  index: NameIndex;
}

/** Where the files lie that a table's names mean. A table in somebody's downloads says nothing of what lies below them. */
export interface TableFolder {
  path: string;
  isDataset: boolean;
}

const filesAtOnce = 4;

/**
 * The index, which also knows those names. Only files of a size that some image has are read.
 */
export async function matchByContent(studio: Studio, order: ContentOrder): Promise<NameIndex> {
  const { table, mapping, folder, index } = order;
  const nameAt = table.header.indexOf(mapping.name);
  const names = table.rows.map(({ cells }) => (cells[nameAt] ?? '').trim());
  const unknown = [...new Set(names)].filter((name) => name !== '' && index.find(name).length !== 1);
  const sizes = imageSizes(studio.db);
  if (nameAt < 0 || unknown.length === 0 || sizes.size === 0) return index;
  const byName = new Map<string, number>();
  const signal = new AbortController().signal;
  const paths = await locateFiles(folder, unknown);
  await forEachInParallel([...paths], { limit: filesAtOnce, signal }, async ([name, path]) => {
    const info = await stat(path).catch(() => null);
    if (info === null || !info.isFile() || !sizes.has(info.size)) return;
    const hash = await hashFile(path, { signal }).catch(() => null);
    const image = hash === null ? undefined : imageByHash(studio.db, hash);
    if (image !== undefined) byName.set(name, image.id);
  });
  return {
    find: (given) => {
      const own = byName.get(given.trim());
      return own === undefined ? index.find(given) : [own];
    },
  };
}

/** Where each name lies that is there: as a path below the folder, else the only file of that name in it. */
export async function locateFiles(
  { path: folder, isDataset }: TableFolder,
  names: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const left: string[] = [];
  for (const name of names) {
    const path = join(folder, name.replaceAll('\\', '/'));
    if ((await stat(path).catch(() => null))?.isFile() === true) found.set(name, path);
    else left.push(name);
  }
  if (left.length === 0 || !isDataset) return found;
  const below = new Map<string, string[]>();
  for await (const one of findImageFiles({ folder, recursive: true })) {
    if (!('file' in one) || one.file.rawPath !== null) continue;
    const { path } = one.file;
    for (const key of keysOf(path)) below.set(key, [...(below.get(key) ?? []), join(folder, path)]);
  }
  for (const name of left) {
    const [path, ...others] = below.get(name.replaceAll('\\', '/')) ?? [];
    if (path !== undefined && others.length === 0) found.set(name, path);
  }
  return found;
}

/** `b.png` and `b` for `a/b.png`, and `a/b.png` for a longer path. */
function keysOf(path: string): string[] {
  const parts = path.split('/');
  const name = parts.at(-1)!;
  const stem = name.replace(/\.[A-Za-z0-9]{2,5}$/, '');
  return [...new Set([name, stem, parts.slice(-2).join('/')])];
}
