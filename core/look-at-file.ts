/** Looks at one file: who it is by its content hash, and, where the library does not know it yet, what the pack gives for it. */
import { hasFeatures } from '../db/features.ts';
import type { FoundFile } from '../db/files.ts';
import { imageByHash } from '../db/images.ts';
import type { FileFailure, FilePath, Identity, Limits, Look } from '../native-models/messages.ts';
import { FileFailureError } from './models/models-client.ts';
import type { Pack } from './packs.ts';
import { readSidecarPrompt } from './sidecar.ts';
import type { Studio } from './studio.ts';

export interface LookTask {
  file: FoundFile;
  /** Where the bytes are. */
  path: FilePath;
  sidecarPath: string | null;
}

/** What came of a file. `look` is null where the library has the pack's features of this content already. */
export type LookedAt =
  | { file: FoundFile; identity: Identity; look: Look | null; sidecarPrompt: string | null }
  | { file: FoundFile; failure: FileFailure };

/** Looks at files, also in parallel; equal contents that are under way at the same time are looked at once. */
export class FileLooker {
  readonly #studio: Studio;
  readonly #pack: Pack;
  readonly #limits: Limits;
  readonly #underWay = new Map<string, Promise<Look>>();

  constructor(studio: Studio, pack: Pack, limits: Limits) {
    this.#studio = studio;
    this.#pack = pack;
    this.#limits = limits;
  }

  /** Never throws for what is wrong with the file; throws StudioError when the models process is not to be had. */
  async look({ file, path, sidecarPath }: LookTask): Promise<LookedAt> {
    try {
      const identity = await this.#studio.models.ask({ kind: 'identify', path, limits: this.#limits });
      const look = this.#isKnown(identity.hash) ? null : await this.#lookOnce(path, identity.hash);
      const sidecarPrompt = sidecarPath === null ? null : await readSidecarPrompt(sidecarPath);
      return { file, identity, look, sidecarPrompt };
    } catch (error) {
      if (error instanceof FileFailureError) return { file, failure: error.failure };
      throw error;
    }
  }

  #isKnown(hash: string): boolean {
    const image = imageByHash(this.#studio.db, hash);
    const { id, features } = this.#pack.manifest;
    return image !== undefined && hasFeatures(this.#studio.db, id, features.version, image.id);
  }

  #lookOnce(path: FilePath, hash: string): Promise<Look> {
    const underWay = this.#underWay.get(hash);
    if (underWay !== undefined) return underWay;
    const look = this.#studio.models
      .ask({ kind: 'look', path, hash, limits: this.#limits, packFolder: this.#pack.folder, run: null })
      .finally(() => this.#underWay.delete(hash));
    this.#underWay.set(hash, look);
    return look;
  }
}
