/** Image embeddings held in memory that threads share, so that the whole library is compared with one vector exactly and at once. */
import { availableParallelism } from 'node:os';
import { countVectors, type VectorSource } from '../db/features.ts';
import type { Studio } from './studio.ts';

/** Nobody has asked for so long: the memory is given back. */
const idleMs = 10 * 60_000;

interface Held {
  key: string;
  imageIds: Int32Array<SharedArrayBuffer>;
  values: Float32Array<SharedArrayBuffer>;
}

/** Similarities in the order of `imageIds`, which is that of ids. */
export interface Similarities {
  imageIds: Int32Array;
  values: Float32Array;
}

export class EmbeddingIndex {
  #held: Promise<Held> | null = null;
  #key = '';
  #timer: NodeJS.Timeout | null = null;

  /** Dot products of a vector with every stored one: cosines where both have the length 1. */
  async compare(
    studio: Pick<Studio, 'db' | 'compute'>,
    source: VectorSource,
    vector: Float32Array,
  ): Promise<Similarities> {
    const { imageIds, values } = await this.#hold(studio, source);
    const rows = imageIds.length;
    const parts = Math.max(1, Math.min(availableParallelism(), Math.ceil(rows / 2000)));
    const perPart = Math.ceil(rows / parts);
    const found = await Promise.all(
      Array.from({ length: parts }, (_, at) =>
        studio.compute.run('dotProducts', {
          ...{ values, vector, first: at * perPart },
          last: Math.min(rows, (at + 1) * perPart),
        }),
      ),
    );
    const all = new Float32Array(rows);
    for (const [at, part] of found.entries()) all.set(part, at * perPart);
    return { imageIds, values: all };
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#held = null;
  }

  /** What is held, read anew where vectors came or went. */
  async #hold({ db, compute }: Pick<Studio, 'db' | 'compute'>, source: VectorSource): Promise<Held> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), idleMs).unref();
    const key = JSON.stringify([source, countVectors(db, source)]);
    if (this.#held === null || this.#key !== key) {
      this.#key = key;
      this.#held = compute
        .run('readVectors', { database: db.sqlite.name, source })
        .then((read) => ({ key, ...read }));
      this.#held.catch(() => {
        this.#held = null;
      });
    }
    return await this.#held;
  }
}
