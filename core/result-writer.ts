/** Writes what came of files, many in one transaction: images, prompts, features, signals, and the scores of the heads. */
import { forgetDerivedOf, missingVectors, readSignalOf, saveFeature, saveSignal } from '../db/features.ts';
import { filesAtOrBelow, followRename, markMissing, saveFile } from '../db/files.ts';
import { activeHeads, saveScores } from '../db/heads.ts';
import { saveGeneration, saveImage, setGenerator, setPrompt } from '../db/images.ts';
import { saveProvenance } from '../db/provenance.ts';
import { saveRawMetadata } from '../db/raw-metadata.ts';
import type { Identity, Look } from '../native-models/messages.ts';
import { saveFingerprint } from './fingerprints.ts';
import type { LookedAt } from './look-at-file.ts';
import { type Head, predictHead } from './maths/head.ts';
import { decodeHead } from './maths/head-codec.ts';
import { headVectorOf, memberSignal } from './pack-vectors.ts';
import type { Pack } from './packs.ts';
import { fitsPack } from './register-pack.ts';
import type { Studio } from './studio.ts';

/** Results wait at most this long, or for this many, before they are on disk. */
const gatherMs = 250;
const gatherCount = 64;

export interface StoredImage {
  imageId: number;
  hash: string;
}

export class ResultWriter {
  readonly #studio: Studio;
  readonly #pack: Pack | null;
  /** Those that read the stored vector: scores from signals come once the signals are whole (`fill-similarity.ts`). */
  readonly #heads: { id: number; head: Head }[];
  readonly #onStored: (stored: StoredImage[]) => void;
  readonly #waiting: LookedAt[] = [];
  #timer: NodeJS.Timeout | null = null;
  /** What a write by the clock met: nobody waits for it, the next who comes is told. */
  #problem: { error: unknown } | null = null;

  /**
   * @param pack null where files are only identified
   * @param onStored is told the images of each transaction, once they are on disk
   */
  constructor(
    studio: Studio,
    pack: Pack | null,
    onStored: (stored: StoredImage[]) => void = () => undefined,
  ) {
    this.#studio = studio;
    this.#pack = pack;
    this.#onStored = onStored;
    this.#heads = pack === null ? [] : readHeads(studio, pack);
  }

  /** @throws what writing to the disk met, of this or of an earlier outcome */
  add(outcome: LookedAt): void {
    this.#throwProblem();
    this.#waiting.push(outcome);
    if (this.#waiting.length >= gatherCount) this.flush();
    else this.#timer ??= setTimeout(() => this.#flushByClock(), gatherMs);
  }

  #flushByClock(): void {
    try {
      this.flush();
    } catch (error) {
      this.#problem = { error };
    }
  }

  #throwProblem(): void {
    if (this.#problem !== null) throw this.#problem.error;
  }

  /** Puts everything that waits on disk. @throws what writing to the disk met, of this or of an earlier outcome */
  flush(): void {
    this.#throwProblem();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const outcomes = this.#waiting.splice(0);
    if (outcomes.length === 0) return;
    const { db, bus } = this.#studio;
    const stored: StoredImage[] = [];
    const save = () => {
      for (const outcome of outcomes) {
        if ('failure' in outcome) this.#saveFailure(outcome);
        else stored.push({ imageId: this.#saveImage(outcome), hash: outcome.identity.hash });
      }
    };
    // Who a file is, is read again in a moment; what networks gave may have taken minutes.
    if (this.#pack === null) db.transactionWithoutWaiting(save);
    else db.transaction(save);
    bus.changed('images', 'scores');
    this.#onStored(stored);
  }

  /** A file that went away while it was looked at is missing, not failed. */
  #saveFailure({ file, failure, isGone }: Extract<LookedAt, { failure: unknown }>): void {
    const { db, now } = this.#studio;
    if (!isGone) saveFile(db, file, { failure }, now());
    else
      markMissing(
        db,
        filesAtOrBelow(db, file.rootId, file.path).map(({ id }) => id),
        now(),
      );
  }

  #saveImage(outcome: Exclude<LookedAt, { failure: unknown }>): number {
    const { file, identity, look, sidecarPrompt } = outcome;
    const { db, now } = this.#studio;
    const { hash, format, width, height, sizeBytes } = identity;
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const nameInFolder = file.path.split('/').slice(-2).join('/');
    const imageId = saveImage(db, { hash, name, nameInFolder, format, width, height, sizeBytes }, now());
    saveFile(db, file, { imageId }, now());
    followRename(db, imageId);
    this.#saveMetadata(imageId, identity);
    if (sidecarPrompt !== null) setPrompt(db, imageId, sidecarPrompt, 'sidecar');
    if (identity.fingerprint !== undefined) saveFingerprint(db, imageId, identity.fingerprint);
    if (look !== null && this.#pack !== null) this.#saveLook(this.#pack, imageId, look);
    return imageId;
  }

  #saveMetadata(imageId: number, { metadata }: Identity): void {
    if (metadata === null) return;
    const { db } = this.#studio;
    const { prompt, model, negativePrompt: negative_prompt, loras, raw, ...told } = metadata;
    saveGeneration(db, imageId, { ...told, model, negative_prompt }, loras);
    saveRawMetadata(db, imageId, raw);
    if (prompt !== null) setPrompt(db, imageId, prompt, 'metadata');
    if (model !== null) setGenerator(db, imageId, model, 'metadata');
  }

  #saveLook(pack: Pack, imageId: number, look: Look): void {
    const { db } = this.#studio;
    const { id: packId, features } = pack.manifest;
    const provenanceId = look.provenance && saveProvenance(db, look.provenance);
    const vector = look.vectors[headVectorOf(pack.manifest).kind];
    const kinds = Object.keys(look.vectors);
    const { version } = features;
    // Computed again: what was derived from the former numbers goes with them.
    if (missingVectors(db, { packId, version, kinds }, imageId).length < kinds.length) {
      forgetDerivedOf(db, { packId, imageId, heads: vector === undefined ? 'signals' : 'all' });
    }
    for (const [kind, values] of Object.entries(look.vectors)) {
      saveFeature(db, { packId, imageId, kind, version, values, provenanceId });
    }
    this.#saveSignals(pack, { imageId, look, provenanceId });
    // A member that was added later brings no vector for heads: they have theirs.
    if (vector === undefined) return;
    for (const { id, head } of this.#heads) saveScores(db, id, [imageId], predictHead(head, vector, 1));
  }

  #saveSignals(
    pack: Pack,
    { imageId, look, provenanceId }: { imageId: number; look: Look; provenanceId: number | null },
  ): void {
    const { db } = this.#studio;
    const { id: packId, signals, network } = pack.manifest;
    const save = (name: string, value: number | { reason: string }) =>
      saveSignal(db, { packId, name, imageId, promptId: 0, value: finiteOrReason(value), provenanceId });
    for (const { name, from } of signals) {
      const shipped = pack.heads.find(({ about }) => from === `head:${about.target}`);
      const vector = look.vectors['features'];
      const value =
        shipped === undefined || vector === undefined
          ? look.signals[name]
          : predictHead(shipped.head, vector, 1)[0];
      if (value !== undefined) save(name, value);
    }
    if (network === null || network.quality === null || network.members.length === 1) return;
    const own = network.members.map(({ name }) => memberSignal('q', pack.manifest, name));
    for (const name of own) if (look.signals[name] !== undefined) save(name, look.signals[name]);
    // The mean of the members' Q, over what is stored: they may have come one by one.
    const all = own.map((name) => readSignalOf(db, packId, name, [imageId]).get(imageId));
    if (all.every((q) => q !== undefined)) save('q', all.reduce((sum, q) => sum + q, 0) / all.length);
  }
}

/** The active heads that read the stored vector. */
function readHeads({ db }: Studio, { manifest }: Pack): { id: number; head: Head }[] {
  return activeHeads(db, manifest.id)
    .filter((head) => head.inputs === 'features' && fitsPack(head, manifest))
    .map(({ id, weights }) => ({ id, head: decodeHead(weights) }));
}

/** What is stored of a value: a network that overflows gives no number. */
function finiteOrReason(value: number | { reason: string }): number | { reason: string } {
  return typeof value !== 'number' || Number.isFinite(value)
    ? value
    : { reason: 'The network gave no finite number for this image.' };
}
