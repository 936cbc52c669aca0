/** How a pack gets at the weights of a checkpoint: hard links in its folder, copies there, or where they lie. */
import { randomUUID } from 'node:crypto';
import { link, realpath, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, extname, join, parse, relative, sep } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { toFileError } from '../checkpoints/byte-source.ts';
import { copyFileWhole } from './copy-file.ts';

/** Where graphs find the files that they map weights from. */
export interface WeightPlaces {
  how: 'linked' | 'copied' | 'inPlace';
  /** What graphs call a file. */
  nameOf: (file: string) => string;
  /** The folder that these names are in where it is not the pack's; else null. */
  folder: string | null;
}

/**
 * The first of what is possible: links, then in place. Tries whether links are possible; nothing stays of that.
 *
 * @param folder of the pack, or above it
 * @throws StudioError `unsupported` where files on different drives can be neither linked nor read in place
 */
export async function choosePlaces(
  files: readonly string[],
  folder: string,
  { copies }: { copies: boolean },
): Promise<WeightPlaces> {
  if (copies) return linkPlaces('copied');
  return (await canLink(files, folder)) ? linkPlaces() : await placesOf(files);
}

/** In the pack's folder: their own names where these are plain, all different. */
export function linkPlaces(how: 'linked' | 'copied' = 'linked'): WeightPlaces {
  const names = new Map<string, string>();
  function nameOf(file: string): string {
    const known = names.get(file);
    if (known !== undefined) return known;
    const own = basename(file);
    const isPlain = /^[A-Za-z0-9][A-Za-z0-9._-]{0,90}$/.test(own) && own !== 'manifest.json';
    const isFree = ![...names.values()].includes(own);
    const extension = /^\.\w{1,12}$/.exec(extname(own))?.[0] ?? '';
    const name = isPlain && isFree ? own : `weights-${names.size + 1}${extension}`;
    names.set(file, name);
    return name;
  }
  return { how, nameOf, folder: null };
}

/** The deepest folder that holds all files, and their paths in it; links among them are followed, because the runtime follows none that leave the folder. */
async function placesOf(files: readonly string[]): Promise<WeightPlaces> {
  const real = new Map(await Promise.all(files.map(async (file) => [file, await realpath(file)] as const)));
  const folder = deepestFolder([...real.values()]);
  if (folder === null) {
    throw new StudioError(
      'unsupported',
      `${files.join(' and ')} lie on different drives, and not on the library’s: copy the weights into the library (--copy), or put all files on one drive.`,
      { path: files[0] ?? '' },
    );
  }
  const nameOf = (file: string) => relative(folder, real.get(file) ?? file).replaceAll(sep, '/');
  return { how: 'inPlace', nameOf, folder };
}

function deepestFolder(paths: readonly string[]): string | null {
  let folder = dirname(paths[0] ?? sep);
  while (!paths.every((path) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep))) {
    if (folder === parse(folder).root) return null;
    folder = dirname(folder);
  }
  return folder;
}

/** The nearest folder of a path that is there. */
async function nearestFolder(path: string): Promise<string> {
  const info = await stat(path).catch(() => null);
  const parent = dirname(path);
  return info?.isDirectory() === true || parent === path ? path : await nearestFolder(parent);
}

/** Bytes that can be written at a path. */
export async function freeBytesAt(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(await nearestFolder(path));
  return bavail * bsize;
}

/** True where all files lie on the disk of `folder`, so that hard links can reach them. */
export async function isOnDiskOf(files: readonly string[], folder: string): Promise<boolean> {
  const { dev } = await stat(await nearestFolder(folder));
  const infos = await Promise.all(files.map((file) => stat(file)));
  return infos.every((info) => info.dev === dev);
}

/** Another disk, a file system without links, somebody else's file under `protected_hardlinks`: only trying tells. */
async function canLink(files: readonly string[], folder: string): Promise<boolean> {
  if (!(await isOnDiskOf(files, folder))) return false;
  const at = await nearestFolder(folder);
  for (const file of files) {
    const trial = join(at, `.sfiqa-link-${randomUUID()}`);
    try {
      await link(await realpath(file), trial);
    } catch {
      return false;
    } finally {
      await rm(trial, { force: true });
    }
  }
  return true;
}

/** Puts links or copies into the pack's folder; nothing where files are read in place. @throws StudioError `diskFull`, `unreadable`, `cancelled` */
export async function placeFiles(
  files: readonly string[],
  folder: string,
  {
    places: { how, nameOf },
    ...options
  }: { places: WeightPlaces; signal?: AbortSignal | undefined; onBytes?: (bytes: number) => void },
): Promise<void> {
  if (how === 'inPlace') return;
  for (const file of files) {
    const to = join(folder, nameOf(file));
    if (how === 'copied') await copyFileWhole(file, to, options);
    else {
      await link(await realpath(file), to).catch((thrown) => {
        throw toFileError(thrown, to);
      });
    }
  }
}
