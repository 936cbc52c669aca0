/** Which heads saw images of a training before: what they say of them must not be where a new head starts from, or be held against it. */
import { headById } from '../db/heads.ts';
import { imagesOfMosSet, mosSetOrigin } from '../db/mos.ts';
import type { HeadRow } from '../db/schema.ts';
import { reportOf } from './heads.ts';
import { readMosSource } from './mos-source.ts';
import type { Studio } from './studio.ts';

/** The rows of a training. */
export interface SeenRows {
  mosSetIds: readonly number[];
  imageIds: readonly number[];
  /** The prompt of each image; null where it has none. */
  promptIds: readonly (number | null)[];
}

/** What a head learnt from; `everything` where nobody knows, so that it counts as seen. */
type Seen = 'everything' | { images: ReadonlySet<number>; prompts: ReadonlySet<number> };

const nothing: Seen = { images: new Set(), prompts: new Set() };

/** Whether the heads that came with a pack were trained on a public data set, by its name in the pack's account of its training. */
export function isTrainedOn({ packs }: Pick<Studio, 'packs'>, packId: string, dataSet: string): boolean {
  return String(packs.get(packId)?.manifest.training['data'] ?? '').includes(dataSet);
}

/** The public data set that a MOS set is; null for any other. */
export function layoutOf({ db }: Pick<Studio, 'db'>, mosSetId: number): string | null {
  return readMosSource(mosSetOrigin(db, mosSetId)?.source).layout;
}

/**
 * Whether a head was trained on images, or on other images of the prompts, of these rows. A head of which nobody knows what it was trained on
 * counts as one that was.
 */
export function sawRows(studio: Pick<Studio, 'db' | 'packs'>, head: HeadRow, rows: SeenRows): boolean {
  return markSeen(studio, head, rows).includes(true);
}

/** The same for each row. */
export function markSeen(studio: Pick<Studio, 'db' | 'packs'>, head: HeadRow, rows: SeenRows): boolean[] {
  const { imageIds, promptIds, mosSetIds } = rows;
  const seen = findSeen(studio, head, mosSetIds);
  if (seen === 'everything') return imageIds.map(() => true);
  return imageIds.map((id, at) => {
    const prompt = promptIds[at] ?? null;
    return seen.images.has(id) || (prompt !== null && seen.prompts.has(prompt));
  });
}

function findSeen(studio: Pick<Studio, 'db' | 'packs'>, head: HeadRow, mosSetIds: readonly number[]): Seen {
  const { db } = studio;
  if (head.is_shipped === 1) {
    const isOfPack = mosSetIds
      .map((id) => layoutOf(studio, id))
      .some((layout) => layout !== null && isTrainedOn(studio, head.pack_id, layout));
    return isOfPack ? 'everything' : nothing;
  }
  const { labels, ensembleOf } = reportOf(head);
  if (ensembleOf.length === 0 && labels.length === 0) return 'everything';
  // What it started from, or is the mean of, stays in it.
  const ancestors = ensembleOf.length > 0 ? ensembleOf : head.parent_id === null ? [] : [head.parent_id];
  const parts = ancestors.map((id) => {
    const part = headById(db, id);
    return part === undefined ? ('everything' as const) : findSeen(studio, part, mosSetIds);
  });
  const own = ensembleOf.length > 0 ? [] : labels.flatMap(({ mosSetId }) => imagesOfMosSet(db, mosSetId));
  const known = parts.filter((part) => part !== 'everything');
  if (known.length < parts.length) return 'everything';
  return {
    images: new Set([...own.map((row) => row.image_id), ...known.flatMap(({ images }) => [...images])]),
    prompts: new Set([
      ...own.flatMap(({ prompt_id }) => prompt_id ?? []),
      ...known.flatMap(({ prompts }) => [...prompts]),
    ]),
  };
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
