/** The image list, read on a thread of its own: on a large library it takes longer than a vote may be kept waiting. */
import type { GroupBy, ImageGroup, ImageList } from '../../contract/images.ts';
import { type Db, openForReading } from '../../db/database.ts';
import { type ListRequest, queryImageIds } from '../../db/image-list.ts';
import { groupImages } from '../group-images.ts';
import { defineFunctions } from '../sql-functions.ts';

export interface ListQuestion {
  request: ListRequest;
  /** Ids in an order that SQL does not know; those of them are listed that match. */
  ranked?: readonly number[] | undefined;
  groupBy?: GroupBy | undefined;
}

export interface ListTask extends ListQuestion {
  database: string;
}

/** The list as it crosses threads: ids in one block of memory. */
export interface ListAnswer {
  ids: Float64Array<ArrayBuffer>;
  groups: ImageGroup[] | undefined;
}

/** The same on the connection at hand. */
export function readList(db: Db, { request, ranked, groupBy }: ListQuestion): ImageList {
  const matching = queryImageIds(db, ranked === undefined ? request : { ...request, order: 'added' });
  const ids = ranked === undefined ? matching : inOrderOf(ranked, matching);
  return groupBy === undefined ? { ids } : groupImages(db, ids, groupBy);
}

function inOrderOf(ranked: readonly number[], matching: readonly number[]): number[] {
  const isMatching = new Set(matching);
  return ranked.filter((id) => isMatching.has(id));
}

let known: { database: string; db: Db } | undefined;

/** Kept open from question to question, so that what was read stays in its cache. */
function openOnce(database: string): Db {
  if (known?.database === database) return known.db;
  known?.db.close();
  const db = openForReading(database);
  defineFunctions(db);
  known = { database, db };
  return db;
}

/** What the thread of a `ListThread` runs. */
export function listImages({ database, ...question }: ListTask): ListAnswer {
  const { ids, groups } = readList(openOnce(database), question);
  return { ids: Float64Array.from(ids), groups };
}
