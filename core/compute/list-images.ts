/** The image list: ids in order, and the groups they lie in. */
import type { GroupBy, ImageList } from '../../contract/images.ts';
import type { Db } from '../../db/database.ts';
import { countImages, type ListRequest, queryImageIds } from '../../db/image-list.ts';
import { groupImages } from '../group-images.ts';

export interface ListQuestion {
  request: ListRequest;
  /** Ids in an order that SQL does not know; those of them are listed that match. */
  ranked?: readonly number[] | undefined;
  groupBy?: GroupBy | undefined;
}

/** The ids of the images that match, in order; with `groupBy`, group by group. */
export function readList(db: Db, { request, ranked, groupBy }: ListQuestion): ImageList {
  const matching = queryImageIds(db, ranked === undefined ? request : { ...request, order: 'added' });
  const ids = ranked === undefined ? matching : inOrderOf(ranked, matching);
  return groupBy === undefined ? { ids } : groupImages(db, ids, groupBy);
}

/** How many images it has. */
export function countList(db: Db, question: ListQuestion): number {
  if (question.ranked !== undefined) return readList(db, question).ids.length;
  return countImages(db, question.request);
}

function inOrderOf(ranked: readonly number[], matching: readonly number[]): number[] {
  const isMatching = new Set(matching);
  return ranked.filter((id) => isMatching.has(id));
}
