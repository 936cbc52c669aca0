/** Folders of the engine's machine: checking one, and listing what is in it so that a page can choose a folder or a checkpoint. */
import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { StudioError, systemCodeOf } from '../contract/errors.ts';
import { isStudyPackFile } from '../contract/study-files.ts';

/** @throws StudioError `notFound` or `unreadable` when `path` is not a folder that can be read */
export function assertFolder(path: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    const isAbsent = systemCodeOf(error) === 'ENOENT';
    const reason = error instanceof Error ? error.message : String(error);
    throw isAbsent
      ? new StudioError('notFound', `There is no folder ${path}.`, { path })
      : new StudioError('unreadable', `The folder ${path} cannot be read: ${reason}.`, { path });
  }
  if (!isFolder) throw new StudioError('badInput', `${path} is a file, not a folder.`, { path });
}

const imageEndings = /\.(png|apng|jpe?g|jfif|webp|avif|tiff?|gif)$/i;
const checkpointNames = /\.(pt|pth|bin|safetensors)$|\.(bin|safetensors)\.index\.json$|^tokenizer\.json$/i;

export interface Browsed {
  path: string;
  parent: string | null;
  folders: { name: string; path: string }[];
  images: number;
  checkpoints: { name: string; path: string; sizeBytes: number }[];
  studyPacks: { name: string; path: string; sizeBytes: number }[];
  shortcuts: { name: string; path: string }[];
}

/**
 * Sub-folders of a folder (the home folder where none is given), by name, without hidden ones; how many image files lie directly in
 * it, which checkpoint files (links to files too: the hub's cache is made of them), and which may be study packs.
 *
 * @throws StudioError `notFound` or `unreadable`
 */
export function browseFolder(given: string | undefined): Browsed {
  const path = resolve(given ?? homedir());
  assertFolder(path);
  let entries: ReturnType<typeof readFolder>;
  try {
    entries = readFolder(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('unreadable', `The folder ${path} cannot be read: ${reason}.`, { path });
  }
  const names = new Intl.Collator(undefined, { numeric: true });
  const folders = entries
    .filter((entry) => !entry.name.startsWith('.') && isFolder(path, entry))
    .map((entry) => ({ name: entry.name, path: join(path, entry.name) }))
    .sort((a, b) => names.compare(a.name, b.name));
  const images = entries.filter((entry) => entry.isFile() && imageEndings.test(entry.name)).length;
  function listFiles(isWanted: (name: string) => boolean): Browsed['checkpoints'] {
    return entries
      .filter(({ name }) => isWanted(name))
      .flatMap(({ name }) => describeFile(join(path, name), name))
      .sort((a, b) => names.compare(a.name, b.name));
  }
  const checkpoints = listFiles((name) => checkpointNames.test(name));
  const studyPacks = listFiles(isStudyPackFile);
  const up = dirname(path);
  const parent = up === path ? null : up;
  return { path, parent, folders, images, checkpoints, studyPacks, shortcuts: listShortcuts() };
}

/** A list of one file, or of none where the path leads to no file. */
function describeFile(path: string, name: string): Browsed['checkpoints'] {
  try {
    const stat = statSync(path);
    return stat.isFile() ? [{ name, path, sizeBytes: stat.size }] : [];
  } catch {
    return [];
  }
}

function readFolder(path: string) {
  return readdirSync(path, { withFileTypes: true });
}

function isFolder(at: string, entry: ReturnType<typeof readFolder>[number]): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return statSync(join(at, entry.name)).isDirectory();
  } catch {
    return false;
  }
}

function listShortcuts(): Browsed['shortcuts'] {
  const home = homedir();
  const candidates = [home, join(home, 'Pictures'), join(home, 'Downloads'), process.cwd(), '/'];
  const shortcuts: Browsed['shortcuts'] = [];
  for (const path of candidates) {
    const isKnown = shortcuts.some((shortcut) => shortcut.path === path);
    if (!isKnown && existsAsFolder(path)) {
      shortcuts.push({ name: path === home ? 'Home' : basename(path) || path, path });
    }
  }
  return shortcuts;
}

function existsAsFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
