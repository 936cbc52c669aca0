/** Which heads saw images of a training before: what they say of them must not be where a new head starts from, or be held against it. */
import { z } from 'zod';
import { headById } from '../db/heads.ts';
import { mosRows, mosSetById } from '../db/mos.ts';
import type { HeadRow } from '../db/schema.ts';
import { HeadReport } from './heads.ts';
import type { Studio } from './studio.ts';

/** The rows of a training. */
export interface SeenRows {
  mosSetId: number;
  imageIds: readonly number[];
  /** The prompt of each image; null where it has none. */
  promptIds: readonly (number | null)[];
}

/** Whether the heads that came with a pack were trained on a public data set, by its name in the pack's account of its training. */
export function isTrainedOn({ packs }: Pick<Studio, 'packs'>, packId: string, dataSet: string): boolean {
  return String(packs.get(packId)?.manifest.training['data'] ?? '').includes(dataSet);
}

/**
 * Whether a head was trained on images, or on other images of the prompts, of these rows. A head of which nobody knows what it was trained on
 * counts as one that was.
 */
export function sawRows(studio: Pick<Studio, 'db' | 'packs'>, head: HeadRow, rows: SeenRows): boolean {
  const { db } = studio;
  if (head.is_shipped === 1) {
    const source = z.object({ layout: z.string().nullable() }).catch({ layout: null });
    const { layout } = source.parse(JSON.parse(mosSetById(db, rows.mosSetId)?.source ?? 'null'));
    return layout !== null && isTrainedOn(studio, head.pack_id, layout);
  }
  const { mosSetId, ensembleOf } = HeadReport.parse(JSON.parse(head.report));
  if (ensembleOf.length > 0) {
    return ensembleOf
      .map((id) => headById(db, id))
      .some((part) => part === undefined || sawRows(studio, part, rows));
  }
  if (mosSetId === undefined || mosSetId === null) return true;
  const images = new Set(rows.imageIds);
  const prompts = new Set(rows.promptIds.filter((id) => id !== null));
  const isShared = mosRows(db, mosSetId).some(
    (row) => images.has(row.image_id) || (row.prompt_id !== null && prompts.has(row.prompt_id)),
  );
  // What it started from stays in it.
  const parent = head.parent_id === null ? undefined : headById(db, head.parent_id);
  return isShared || (parent !== undefined && sawRows(studio, parent, rows));
}

/** The nearest of a head and its ancestors that saw none of the rows; undefined where all did. */
export function findUnseeing(
  studio: Pick<Studio, 'db' | 'packs'>,
  head: HeadRow | undefined,
  rows: SeenRows,
): HeadRow | undefined {
  for (
    let at = head;
    at !== undefined;
    at = at.parent_id === null ? undefined : headById(studio.db, at.parent_id)
  ) {
    if (!sawRows(studio, at, rows)) return at;
  }
  return undefined;
}
