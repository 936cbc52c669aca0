/** How sure a head is of single images: how far its networks (or the heads it is the mean of) differ, and its conformal interval. */
import type { z } from 'zod';
import type { HeadPredictions, PredictOrder } from '../contract/heads.ts';
import type { HeadRow } from '../db/schema.ts';
import { type InputSource, readInputsOf } from './head-inputs.ts';
import { findInterval } from './head-interval.ts';
import { getHeadRow } from './heads.ts';
import { type Head, measureSpread, predictHead } from './maths/head.ts';
import { decodeHead } from './maths/head-codec.ts';
import { standardDeviation } from './maths/standard-deviation.ts';
import { refuseUnshown } from './packs.ts';
import { findSource } from './rescore.ts';
import type { Studio } from './studio.ts';
import { partsOf } from './unseen-predictions.ts';

/**
 * A head's values for some images, how far its networks (or heads) differ, and its conformal interval.
 *
 * @throws StudioError `notFound`, `unsupported` for a head on networks that were never trained
 */
export async function predictWithHead(
  studio: Studio,
  { id, imageIds }: z.infer<typeof PredictOrder>,
): Promise<HeadPredictions> {
  const row = getHeadRow(studio, id);
  refuseUnshown(studio, row.pack_id);
  const { imageIds: known, values: inputs } = readInputsOf(studio.db, findSource(studio, row), imageIds);
  const run = (weights: Uint8Array) =>
    studio.compute.run('predict', { head: weights, inputs, rows: known.length });
  const { values, spread } = await run(row.weights);
  const parts = await Promise.all(partsOf(studio, row).map(({ weights }) => run(weights)));
  const { coverage, halfWidth } = await findInterval(studio, row);
  return {
    coverage: halfWidth === null ? null : coverage,
    rows: known.map((imageId, at) => ({
      imageId,
      value: values[at]!,
      spread:
        parts.length > 1 ? standardDeviation(parts.map((part) => part.values[at]!)) : (spread?.[at] ?? null),
      low: halfWidth === null ? null : values[at]! - halfWidth,
      high: halfWidth === null ? null : values[at]! + halfWidth,
    })),
  };
}

/** What the spread of a head's values is worked out from, as plain data: its inputs, and itself or the heads that it is the mean of. */
export interface SpreadPlan {
  source: InputSource;
  headIds: readonly number[];
}

/** @throws StudioError as `findSource` */
export function planSpread(studio: Pick<Studio, 'db' | 'packs'>, row: HeadRow): SpreadPlan {
  const parts = partsOf(studio, row);
  return { source: findSource(studio, row), headIds: (parts.length > 1 ? parts : [row]).map(({ id }) => id) };
}

/** The spread of a head's values for a few images at a time: for tables that are written row by row, on whatever thread has a connection. */
export class SpreadReader {
  readonly #db: Studio['db'];
  readonly #source: InputSource;
  readonly #heads: Head[];

  constructor(db: Studio['db'], { source, headIds }: SpreadPlan) {
    this.#db = db;
    this.#source = source;
    this.#heads = headIds.map((id) => decodeHead(getHeadRow({ db }, id).weights));
  }

  /** By image; images without the head's inputs, and all of a head of one network, are left out. */
  read(imageIds: readonly number[]): Map<number, number> {
    const { imageIds: known, values } = readInputsOf(this.#db, this.#source, imageIds);
    const rows = known.length;
    const [head, ...others] = this.#heads;
    if (others.length > 0) {
      const parts = this.#heads.map((part) => predictHead(part, values, rows));
      return new Map(known.map((id, at) => [id, standardDeviation(parts.map((part) => part[at]!))]));
    }
    const spread = measureSpread(head!, values, rows);
    return new Map(spread === null ? [] : known.map((id, at) => [id, spread[at]!]));
  }
}
