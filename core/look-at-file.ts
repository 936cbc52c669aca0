/** Looks at one file: who it is by its content hash, and, where the library does not know it yet, what the pack gives for it. */
import { lstat } from 'node:fs/promises';
import type { Provider } from '../contract/pack.ts';
import { missingVectors } from '../db/features.ts';
import type { FoundFile } from '../db/files.ts';
import { imageByHash } from '../db/images.ts';
import type { FileFailure, FilePath, Identity, Limits, Look, NetworkRun } from '../native-models/messages.ts';
import { FileFailureError } from './models/models-client.ts';
import { kindsOfMember, vectorsOf } from './pack-vectors.ts';
import type { Pack } from './packs.ts';
import { readSidecarPrompt } from './sidecar.ts';
import type { Studio } from './studio.ts';

export interface LookTask {
  file: FoundFile;
  /** Where the bytes are. */
  path: FilePath;
  sidecarPath: string | null;
}

/**
 * What came of a file. `look` is null where the library has all that the run gives for this content already. `isGone`: it was moved or
 * deleted since it was found, which is no fault of it.
 */
export type LookedAt =
  | { file: FoundFile; identity: Identity; look: Look | null; sidecarPrompt: string | null }
  | { file: FoundFile; failure: FileFailure; isGone: boolean };

export interface LookOrder {
  /** Null: a file is only identified. */
  pack: Pack | null;
  /** The folder of thumbnails, where those that lack are to be made. */
  thumbnails?: string;
  limits: Limits;
  /** Execution providers for networks, in order; automatic where null. */
  providers: readonly Provider[] | null;
  /** Where given, only what was computed with it counts as there. */
  provenanceId?: number | undefined;
  signal: AbortSignal;
}

/** Looks at files, also in parallel; equal contents are looked at once: until the first is stored, the others get what came of it. */
export class FileLooker {
  readonly #studio: Studio;
  readonly #order: LookOrder;
  /** By content hash, what is under way or not yet stored: the library does not tell that it was looked at. */
  readonly #unstored = new Map<string, Promise<Look>>();

  constructor(studio: Studio, order: LookOrder) {
    this.#studio = studio;
    this.#order = order;
  }

  /**
   * Never throws for what is wrong with the file.
   *
   * @throws StudioError `modelsUnavailable` when the models process is not to be had, `cancelled`, and what is wrong with the pack
   */
  async look({ file, path, sidecarPath }: LookTask): Promise<LookedAt> {
    const { limits, signal, thumbnails } = this.#order;
    try {
      const request = { kind: 'identify' as const, path, limits, ...(thumbnails && { thumbnails }) };
      const identity = await this.#studio.models.ask(request, { signal });
      const { pack } = this.#order;
      const missing = pack === null ? [] : this.#missingKinds(pack, identity.hash);
      const isNew = pack !== null && missing.length > 0;
      const look = isNew ? await this.#lookOnce(pack, { path, hash: identity.hash, missing }) : null;
      const sidecarPrompt = sidecarPath === null ? null : await readSidecarPrompt(sidecarPath);
      return { file, identity, look, sidecarPrompt };
    } catch (error) {
      if (!(error instanceof FileFailureError)) throw error;
      return { file, failure: error.failure, isGone: !(await isThere(path)) };
    }
  }

  /** Says that what came of these contents is in the library, which answers for them from now on. */
  forgetStored(hashes: readonly string[]): void {
    for (const hash of hashes) this.#unstored.delete(hash);
  }

  /** What the library lacks of the pack's vectors for a content. */
  #missingKinds(pack: Pack, hash: string): readonly string[] {
    const vectors = { ...vectorsOf(pack.manifest), provenanceId: this.#order.provenanceId };
    const image = imageByHash(this.#studio.db, hash);
    return image === undefined ? vectors.kinds : missingVectors(this.#studio.db, vectors, image.id);
  }

  async #lookOnce(
    pack: Pack,
    { path, hash, missing }: { path: FilePath; hash: string; missing: readonly string[] },
  ): Promise<Look> {
    const unstored = this.#unstored.get(hash);
    if (unstored !== undefined) return await unstored;
    const { limits, signal } = this.#order;
    const request = { kind: 'look' as const, path, hash, limits, packFolder: pack.folder };
    const look = this.#studio.models.ask({ ...request, run: this.#planRun(pack, missing) }, { signal });
    this.#unstored.set(hash, look);
    try {
      return await look;
    } catch (error) {
      // Nothing comes to be stored.
      this.#unstored.delete(hash);
      throw error;
    }
  }

  /** Only members that something is missing of. */
  #planRun(pack: Pack, missing: readonly string[]): NetworkRun | null {
    const { providers } = this.#order;
    if (pack.manifest.network === null) return null;
    const members = pack.manifest.network.members.filter((member) =>
      kindsOfMember(pack.manifest, member).some((kind) => missing.includes(kind)),
    );
    return { members: members.map(({ name }) => name), precision: null, providers };
  }
}

async function isThere(path: FilePath): Promise<boolean> {
  return await lstat(typeof path === 'string' ? path : Buffer.from(path)).then(
    () => true,
    () => false,
  );
}
