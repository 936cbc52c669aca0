/** Where a pack's graphs can lie: with hard links to the weights in the pack's own folder, or beside the checkpoint on its disk. */
import { link, mkdir, stat, statfs } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { toFileError } from '../checkpoints/byte-source.ts';

/** Names for files beside the graphs: their own where that is plain, all different. */
export class LinkNames {
  readonly #names = new Map<string, string>();

  readonly of = (file: string): string => {
    const known = this.#names.get(file);
    if (known !== undefined) return known;
    const own = basename(file);
    const isPlain = /^[A-Za-z0-9][A-Za-z0-9._-]{0,90}$/.test(own) && own !== 'manifest.json';
    const isFree = ![...this.#names.values()].includes(own);
    const extension = /^\.\w{1,12}$/.exec(extname(own))?.[0] ?? '';
    const name = isPlain && isFree ? own : `weights-${this.#names.size + 1}${extension}`;
    this.#names.set(file, name);
    return name;
  };
}

/** The nearest folder of a path that is there. */
export async function nearestFolder(path: string): Promise<string> {
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

/** The folder beside a checkpoint for the graphs of a pack. */
export function besideCheckpoint(file: string, id: string): string {
  return join(dirname(file), `${id}.sfiqa`);
}

const unreachable = new Set(['EXDEV', 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EROFS']);

/** Makes hard links in a new folder; false where this disk or system does not allow them there. @throws StudioError for other errors */
export async function linkInto(
  folder: string,
  files: readonly string[],
  nameOf: (file: string) => string,
): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    for (const file of files) await link(file, join(folder, nameOf(file)));
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && unreachable.has(String(thrown.code))) return false;
    throw toFileError(thrown, folder);
  }
}

/** What to say where links are possible neither in the pack's folder nor beside the checkpoint. */
export function cannotLink(files: readonly string[], folder: string): StudioError {
  return new StudioError(
    'unsupported',
    `${files.join(' and ')} can be hard-linked neither to ${folder} nor to a folder beside: the runtime needs weights and graphs in one folder. Put all files into one folder of your own on the disk of the library, and add them from there.`,
    { path: files[0] ?? '', folder },
  );
}
