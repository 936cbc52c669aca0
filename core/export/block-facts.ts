/** What is known of a block of images, each kind of it read once, when a column first asks for it. */
import type { ScaleEnds } from '../../contract/mos.ts';
import type { Db } from '../../db/database.ts';
import {
  countVotesOf,
  type ExportedFile,
  type ExportedGeneration,
  type ExportedImage,
  type ExportedMos,
  readAttributeOf,
  readExportedImages,
  readFiles,
  readGenerations,
  readMosOf,
  readPackedTexts,
  readScoresOf,
  readTexts,
} from '../../db/export-rows.ts';
import { readSignalOf } from '../../db/features.ts';
import type { ComputedSource } from '../../db/provenance.ts';
import { describeComputedBy } from '../computed-by.ts';
import type { ConformalInterval } from '../head-interval.ts';
import { type SpreadPlan, SpreadReader } from '../uncertainty.ts';

/** What columns mean where they do not say it; plain data, so that a thread can be told. */
export interface TableContext {
  packId: string;
  mosSetId: number | null;
  /** The ends of the scale of each dimension of the MOS set, where they are known. */
  scales: Record<string, ScaleEnds>;
  /** Where it stands what computed the pack's numbers. */
  computed: ComputedSource | null;
  /** The pack's heads in use, by target. */
  heads: Record<string, { name: string; interval: ConformalInterval | null; spread: SpreadPlan }>;
}

/** Heads are decoded once for all blocks of a table. */
const spreadReaders = new WeakMap<SpreadPlan, SpreadReader>();

export class BlockFacts {
  readonly context: TableContext;
  readonly #db: Db;
  readonly #ids: readonly number[];
  readonly #known = new Map<string, unknown>();

  constructor(db: Db, ids: readonly number[], context: TableContext) {
    this.#db = db;
    this.#ids = ids;
    this.context = context;
  }

  images(): Map<number, ExportedImage> {
    return this.#once('images', () => readExportedImages(this.#db, this.#ids));
  }

  generations(): Map<number, ExportedGeneration> {
    return this.#once('generations', () => readGenerations(this.#db, this.#ids));
  }

  files(): Map<number, ExportedFile[]> {
    return this.#once('files', () => readFiles(this.#db, this.#ids));
  }

  /** The texts that the files carry, packed. */
  packedTexts(): Map<number, Buffer> {
    return this.#once('packedTexts', () => readPackedTexts(this.#db, this.#ids));
  }

  votes(): Map<number, number> {
    return this.#once('votes', () => countVotesOf(this.#db, this.#ids));
  }

  texts(what: 'tags' | 'collections'): Map<number, string[]> {
    return this.#once(what, () => readTexts(this.#db, what, this.#ids));
  }

  signal(name: string): Map<number, number> {
    return this.#once(`signal:${name}`, () => readSignalOf(this.#db, this.context.packId, name, this.#ids));
  }

  score(target: string): Map<number, number> {
    const { packId } = this.context;
    return this.#once(`score:${target}`, () => readScoresOf(this.#db, { packId, target }, this.#ids));
  }

  /** How far the networks of a target's head differ. */
  spread(target: string): Map<number, number> {
    const plan = this.context.heads[target]?.spread;
    if (plan === undefined) return new Map();
    const reader = spreadReaders.get(plan) ?? new SpreadReader(this.#db, plan);
    spreadReaders.set(plan, reader);
    return this.#once(`spread:${target}`, () => reader.read(this.#ids));
  }

  /** What computed an image's numbers. */
  computedBy(): Map<number, string> {
    return this.#once('computedBy', () => describeComputedBy(this.#db, this.context.computed, this.#ids));
  }

  mos(dimension: string): Map<number, ExportedMos> {
    const { mosSetId } = this.context;
    return this.#once(`mos:${dimension}`, () =>
      mosSetId === null ? new Map() : readMosOf(this.#db, { mosSetId, dimension }, this.#ids),
    );
  }

  attribute(name: string): Map<number, string> {
    return this.#once(`attribute:${name}`, () => readAttributeOf(this.#db, name, this.#ids));
  }

  #once<Value>(key: string, readAll: () => Value): Value {
    if (!this.#known.has(key)) this.#known.set(key, readAll());
    return this.#known.get(key) as Value;
  }
}
