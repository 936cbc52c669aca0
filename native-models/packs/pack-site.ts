/** The folder of a pack while it is made: `….partial` until all is there, then renamed; or nothing. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { StudioError } from '../../contract/errors.ts';
import { toFileError } from '../checkpoints/byte-source.ts';

export class PackSite {
  readonly #to: string;
  readonly folder: string;

  constructor(to: string) {
    this.#to = to;
    this.folder = `${to}.partial`;
  }

  /** Makes the folder anew, where a kill left one. */
  async open(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder, { recursive: true });
  }

  /** Puts everything in place. @throws StudioError `conflict` where the pack's folder is there meanwhile */
  async finish(): Promise<void> {
    await rename(this.folder, this.#to).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== 'ENOTEMPTY' && thrown.code !== 'EEXIST') throw toFileError(thrown, this.#to);
      throw new StudioError('conflict', `${this.#to} is there already. Choose another id.`, {
        path: this.#to,
      });
    });
  }

  /** What resists is left for the next `open`; why it was discarded matters more. */
  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
