/** What a head says of labelled images that it did not learn from: as it was judged, and of images that it never saw. */
import { readHeldOut } from '../db/heads.ts';
import type { HeadRow } from '../db/schema.ts';
import { getHeadRow, reportOf } from './heads.ts';
import { findSource } from './rescore.ts';
import { markSeen, type SeenRows } from './seen-images.ts';
import type { Studio } from './studio.ts';

type Means = Pick<Studio, 'db' | 'folder' | 'packs' | 'compute'>;

/** The heads that an ensemble is the mean of; none for others. */
export function partsOf(studio: Pick<Studio, 'db'>, row: HeadRow): HeadRow[] {
  return reportOf(row).ensembleOf.map((part) => getHeadRow(studio, part));
}

/**
 * Why it is not known what some heads said of images that were held out from them, and what brings it; empty where it is known of all.
 * Earlier versions trained heads without keeping it.
 */
export function describeForgotten({ db }: Pick<Studio, 'db'>, rows: readonly HeadRow[]): string {
  const forgotten = rows.filter((row) => {
    const { labels, heldOut } = reportOf(row);
    return labels.length > 0 && (heldOut?.rows ?? 0) > 0 && readHeldOut(db, row.id).size === 0;
  });
  if (forgotten.length === 0) return '';
  const names = forgotten.map(({ name }) => `“${name}”`).join(', ');
  return `What ${names} said of held-out images was not kept when an earlier version trained it: train it again on the same ratings, with the same choices and seed, and it is known.`;
}

/**
 * By image. An image that a head learnt from counts with what the head's parts said that had not (cross-fitted); an ensemble's is the mean of
 * all its heads', where each of them has one. Images of which there is no such value are left out.
 *
 * @throws StudioError as `findSource`
 */
export async function predictUnseen(
  studio: Means,
  head: HeadRow,
  rows: SeenRows,
): Promise<Map<number, number>> {
  const parts = partsOf(studio, head);
  if (parts.length > 0) {
    const all = await Promise.all(parts.map((part) => predictUnseen(studio, part, rows)));
    const shared = [...all[0]!.keys()].filter((id) => all.every((one) => one.has(id)));
    return new Map(
      shared.map((id) => [id, all.reduce((sum, one) => sum + one.get(id)!, 0) / all.length] as const),
    );
  }
  const judged = readHeldOut(studio.db, head.id);
  const wasSeen = markSeen(studio, head, rows);
  const unseen = rows.imageIds.filter((id, at) => !judged.has(id) && !wasSeen[at]);
  const source = findSource(studio, head);
  const task = { libraryFolder: studio.folder, source, head: head.weights, imageIds: unseen };
  const { imageIds, values } = await studio.compute.run('predictStored', task);
  const found = new Map(imageIds.map((id, at) => [id, values[at]!] as const));
  for (const id of rows.imageIds) if (judged.has(id)) found.set(id, judged.get(id)!);
  return found;
}
