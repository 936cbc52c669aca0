/** Where the sidecar of a file goes, or why it has none. */
import { readdir, realpath } from 'node:fs/promises';
import { dirname, parse, sep } from 'node:path';
import type { SidecarNaming } from '../../contract/export-sidecars.ts';
import type { Db } from '../../db/database.ts';
import type { ExportedFile } from '../../db/export-rows.ts';
import { allRoots } from '../../db/files.ts';
import { isImageName } from '../find-files.ts';
import { findUnchanged } from '../find-unchanged.ts';
import { findWhyOffline, offlineWords } from '../root-reach.ts';
import { readablePath } from './image-columns.ts';

/** Roots and folders are looked at once. */
export class SidecarPlaces {
  readonly #db: Db;
  readonly #naming: SidecarNaming;
  readonly #roots = new Map<string, Promise<string | null>>();
  readonly #folders = new Map<string, Promise<string | null>>();
  readonly #sharedStems = new Map<string, Promise<Set<string>>>();

  constructor(db: Db, naming: SidecarNaming) {
    this.#db = db;
    this.#naming = naming;
  }

  async find(file: ExportedFile): Promise<{ sidecar: string } | { why: string }> {
    if (file.raw_path !== null) return { why: 'its name is not UTF-8' };
    const path = readablePath(file);
    const folder = dirname(path);
    const whyNot =
      (await once(this.#roots, file.root, () => this.#whyRootIsOff(file.root))) ??
      (await once(this.#folders, `${file.root}\0${folder}`, () => findWhyOutside(file.root, folder)));
    if (whyNot !== null) return { why: whyNot };
    const found = await findUnchanged([file]);
    if ('why' in found) return found;
    if (this.#naming === 'image') return { sidecar: `${path}.xmp` };
    const { name } = parse(path);
    const shared = await once(this.#sharedStems, folder, () => findSharedStems(folder));
    if (shared.has(name.toLowerCase()))
      return { why: 'another image of its folder would have the same sidecar' };
    return { sidecar: `${folder}${folder.endsWith(sep) ? '' : sep}${name}.xmp` };
  }

  async #whyRootIsOff(path: string): Promise<string | null> {
    const root = allRoots(this.#db).find((one) => one.path === path);
    const why = root === undefined ? 'gone' : await findWhyOffline(this.#db, root);
    return why && `its folder in the library ${offlineWords[why]}`;
  }
}

async function once<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  find: () => Promise<Value>,
): Promise<Value> {
  const found = known.get(key) ?? find();
  known.set(key, found);
  return await found;
}

async function findWhyOutside(root: string, folder: string): Promise<string | null> {
  try {
    const [within, real] = await Promise.all([realpath(root), realpath(folder)]);
    if (real === within || real.startsWith(within.endsWith(sep) ? within : within + sep)) return null;
    return 'a link leads from its folder to another place';
  } catch {
    return 'its folder is not there any more';
  }
}

/** Stems that two images of a folder have, compared without case, as some systems do. */
async function findSharedStems(folder: string): Promise<Set<string>> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const entry of await readdir(folder)) {
    if (!isImageName(entry)) continue;
    const stem = parse(entry).name.toLowerCase();
    if (seen.has(stem)) shared.add(stem);
    seen.add(stem);
  }
  return shared;
}
