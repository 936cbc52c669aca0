/** The folders of a pack while it is made: `….partial` until all is there, then renamed; or nothing. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { besideNote } from '../../contract/pack.ts';
import { toFileError } from '../checkpoints/byte-source.ts';
import { besideCheckpoint, cannotLink, isOnDiskOf, linkInto } from './place-files.ts';

export class PackSite {
  readonly #to: string;
  /** Where the manifest and the tokeniser are written. */
  readonly folder: string;
  /** Null where graphs and links lie in `folder`, too. */
  #beside: { to: string; partial: string } | null = null;

  constructor(to: string) {
    this.#to = to;
    this.folder = `${to}.partial`;
  }

  /** Where graphs and links are written. */
  get graphFolder(): string {
    return this.#beside?.partial ?? this.folder;
  }

  /** What the manifest says of it. */
  get finalGraphFolder(): string | null {
    return this.#beside?.to ?? null;
  }

  /** Makes the folder anew, where a kill left one. */
  async open(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder, { recursive: true });
  }

  /**
   * Links files into the pack's folder; where that is on another disk or they may not be linked, into one beside them.
   *
   * @throws StudioError `unsupported` where neither is possible, `conflict` where the other folder is there already
   */
  async link(files: readonly string[], nameOf: (file: string) => string, id: string): Promise<void> {
    const [first] = files;
    if (first === undefined) return;
    if (await linkInto(this.folder, files, nameOf)) return;
    const to = besideCheckpoint(first, id);
    const partial = `${to}.partial`;
    if (!(await isOnDiskOf(files, dirname(first)))) throw cannotLink(files, dirname(to));
    this.#beside = { to, partial };
    await writeFile(join(this.folder, besideNote), partial);
    await rm(partial, { recursive: true, force: true });
    if (!(await linkInto(partial, files, nameOf))) throw cannotLink(files, dirname(to));
  }

  /** Puts everything in place. The pack's own folder comes last: with it, the pack is there. */
  async finish(): Promise<void> {
    if (this.#beside !== null) await rename(this.#beside.partial, this.#beside.to).catch(refuseExisting);
    try {
      await rm(join(this.folder, besideNote), { force: true });
      await rename(this.folder, this.#to).catch(refuseExisting);
    } catch (thrown) {
      if (this.#beside !== null) await rm(this.#beside.to, { recursive: true, force: true });
      throw thrown;
    }
  }

  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    if (this.#beside !== null) await rm(this.#beside.partial, { recursive: true, force: true });
  }
}

function refuseExisting(thrown: NodeJS.ErrnoException & { dest?: string }): never {
  const { dest: path = thrown.path ?? '' } = thrown;
  if (thrown.code !== 'ENOTEMPTY' && thrown.code !== 'EEXIST') throw toFileError(thrown, path);
  throw new StudioError(
    'conflict',
    `${path} is there already; a pack of another library may use it. Choose another id, or remove that folder if none does.`,
    { path },
  );
}
