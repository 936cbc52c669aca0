/** Image embeddings held in memory that threads share, so that the whole library is compared with one vector exactly and at once. */
import { availableParallelism } from 'node:os';
import { countVectors, rangesOfVectors, type VectorSource } from '../db/features.ts';
import type { HeldVectors } from './compute/embeddings.ts';
import { mostBlockBytes } from './maths/dots.ts';
import type { Studio } from './studio.ts';

/** Nobody has asked for so long: the memory is given back. */
const idleMs = 10 * 60_000;
/** Fewer rows are not worth a thread of their own. */
const leastRows = 2000;

export interface Held {
  imageIds: Int32Array;
  blocks: HeldVectors['block'][];
}

/** Similarities in the order of `imageIds`, which is that of ids. */
export interface Similarities {
  imageIds: Int32Array;
  values: Float32Array;
}

type Means = Pick<Studio, 'db' | 'compute'>;

export class EmbeddingIndex {
  #held: Promise<Held> | null = null;
  #key = '';
  #timer: NodeJS.Timeout | null = null;
  #before: Promise<unknown> = Promise.resolve();

  /** Dot products of a vector with every stored one: cosines where both have the length 1. Questions follow each other. */
  async compare(means: Means, source: VectorSource, vector: Float32Array): Promise<Similarities> {
    const asked = this.#before.then(async () => {
      const { imageIds, blocks } = await this.hold(means, source);
      const values = new Float32Array(imageIds.length);
      const found = await Promise.all(
        blocks.map((block) => means.compute.run('compareVectors', { block, vector })),
      );
      let at = 0;
      for (const part of found) {
        values.set(part, at);
        at += part.length;
      }
      return { imageIds, values };
    });
    this.#before = asked.catch(() => undefined);
    return await asked;
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#held = null;
  }

  /** What is held, read anew where vectors came or went; blocks are in the order of ids. */
  async hold(means: Means, source: VectorSource): Promise<Held> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), idleMs).unref();
    const count = countVectors(means.db, source);
    const key = JSON.stringify([source, count]);
    if (this.#held === null || this.#key !== key) {
      this.#key = key;
      this.#held = readAll(means, source, count.count);
      this.#held.catch(() => {
        this.#held = null;
      });
    }
    return await this.#held;
  }
}

/** A block a thread, more where one would be too large. */
async function readAll({ db, compute }: Means, source: VectorSource, count: number): Promise<Held> {
  const perThread = Math.max(leastRows, Math.ceil(count / availableParallelism()));
  const perBlock = Math.min(perThread, Math.floor(mostBlockBytes / (source.length * 4)));
  const database = db.sqlite.name;
  const read = await Promise.all(
    rangesOfVectors(db, source, perBlock).map((range) =>
      compute.run('readVectors', { database, source, range }),
    ),
  );
  const imageIds = new Int32Array(read.reduce((sum, part) => sum + part.imageIds.length, 0));
  let at = 0;
  for (const part of read) {
    imageIds.set(part.imageIds, at);
    at += part.imageIds.length;
  }
  return { imageIds, blocks: read.map(({ block }) => block) };
}
