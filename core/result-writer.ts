/** Writes what came of files, many in one transaction: images, prompts, features, signals, and the scores of the heads. */
import { saveFeature, saveSignal } from '../db/features.ts';
import { saveFile } from '../db/files.ts';
import { activeHeads, saveScores } from '../db/heads.ts';
import { saveGeneration, saveImage, setGenerator, setPrompt } from '../db/images.ts';
import type { Identity, Look } from '../native-models/messages.ts';
import type { LookedAt } from './look-at-file.ts';
import { type Head, predictHead } from './maths/head.ts';
import { decodeHead } from './maths/head-codec.ts';
import type { Pack } from './packs.ts';
import type { Studio } from './studio.ts';

/** Results wait at most this long, or for this many, before they are on disk. */
const gatherMs = 250;
const gatherCount = 64;

export class ResultWriter {
  readonly #studio: Studio;
  readonly #pack: Pack;
  readonly #heads: { id: number; inputs: 'features' | 'signals'; head: Head }[];
  readonly #waiting: LookedAt[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(studio: Studio, pack: Pack) {
    this.#studio = studio;
    this.#pack = pack;
    this.#heads = activeHeads(studio.db, pack.manifest.id).map(({ id, inputs, weights }) => ({
      id,
      inputs,
      head: decodeHead(weights),
    }));
  }

  add(outcome: LookedAt): void {
    this.#waiting.push(outcome);
    if (this.#waiting.length >= gatherCount) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), gatherMs);
  }

  /** Puts everything that waits on disk. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const outcomes = this.#waiting.splice(0);
    if (outcomes.length === 0) return;
    const { db, bus, now } = this.#studio;
    db.transaction(() => {
      for (const outcome of outcomes) {
        if ('failure' in outcome) saveFile(db, outcome.file, { failure: outcome.failure }, now());
        else this.#saveImage(outcome);
      }
    });
    bus.changed('images', 'scores');
  }

  #saveImage(outcome: Exclude<LookedAt, { failure: unknown }>): void {
    const { file, identity, look, sidecarPrompt } = outcome;
    const { db, now } = this.#studio;
    const { hash, format, width, height, sizeBytes } = identity;
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const imageId = saveImage(db, { hash, name, format, width, height, sizeBytes }, now());
    saveFile(db, file, { imageId }, now());
    this.#saveMetadata(imageId, identity);
    if (sidecarPrompt !== null) setPrompt(db, imageId, sidecarPrompt, 'sidecar');
    if (look !== null) this.#saveLook(imageId, look);
  }

  #saveMetadata(imageId: number, { metadata }: Identity): void {
    if (metadata === null) return;
    const { db } = this.#studio;
    const { tool, negativePrompt, model, seed, steps, cfg, sampler, raw, prompt } = metadata;
    saveGeneration(db, imageId, {
      tool,
      negative_prompt: negativePrompt,
      model,
      seed,
      steps,
      cfg,
      sampler,
      raw,
    });
    if (prompt !== null) setPrompt(db, imageId, prompt, 'metadata');
    if (model !== null) setGenerator(db, imageId, model, 'metadata');
  }

  #saveLook(imageId: number, look: Look): void {
    const { db } = this.#studio;
    const { id: packId, features, signals } = this.#pack.manifest;
    for (const [kind, values] of Object.entries(look.vectors)) {
      saveFeature(db, { packId, imageId, kind, version: features.version, values });
    }
    const vector = look.vectors['features']!;
    for (const { name, from } of signals) {
      const shipped = this.#pack.heads.find(({ about }) => from === `head:${about.target}`);
      const value = shipped === undefined ? look.signals[name] : predictHead(shipped.head, vector, 1)[0];
      if (value !== undefined) saveSignal(db, { packId, name, imageId, promptId: 0, value });
    }
    for (const { id, inputs, head } of this.#heads) {
      if (inputs === 'features') saveScores(db, id, [imageId], predictHead(head, vector, 1));
    }
  }
}
