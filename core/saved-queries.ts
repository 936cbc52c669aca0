/** Queries that somebody wants to see again. */
import { StudioError } from '../contract/errors.ts';
import { ImageQuery, type SavedQuery } from '../contract/images.ts';
import { renameCollectionIn } from '../contract/query.ts';
import {
  forgetQuery,
  listSavedQueries,
  renameQuery,
  savedQueryByName,
  saveQuery,
} from '../db/saved-queries.ts';
import { readTerms } from './query-terms.ts';
import type { Studio } from './studio.ts';

/** All of them, by name. */
export function describeSavedQueries({ db }: Pick<Studio, 'db'>): SavedQuery[] {
  return listSavedQueries(db).map(({ id, name, query, created_at }) => ({
    ...{ id, name, createdAt: created_at },
    query: ImageQuery.parse(JSON.parse(query)),
  }));
}

/** @throws StudioError `badInput` for a query that is not understood */
export function rememberQuery(
  studio: Studio,
  { name, query }: { name: string; query: ImageQuery },
): SavedQuery[] {
  readTerms(query.filter.query);
  saveQuery(studio.db, { name, query: JSON.stringify(query), created_at: studio.now() });
  studio.bus.changed('images');
  return describeSavedQueries(studio);
}

/** @throws StudioError `notFound`; `conflict` where another has that name, in any case */
export function giveQueryName(studio: Studio, { id, name }: { id: number; name: string }): SavedQuery[] {
  if ((savedQueryByName(studio.db, name) ?? id) !== id) {
    throw new StudioError('conflict', `There is a saved query “${name}” already. Choose another name.`, {
      id,
      name,
    });
  }
  assertThere(renameQuery(studio.db, id, name), id);
  studio.bus.changed('images');
  return describeSavedQueries(studio);
}

/** @throws StudioError `notFound` */
export function dropQuery(studio: Studio, id: number): SavedQuery[] {
  assertThere(forgetQuery(studio.db, id), id);
  studio.bus.changed('images');
  return describeSavedQueries(studio);
}

/** Saved queries go on to ask for collections that got another name. @param renames `[collectionId, name as it was, name as it is]` */
export function followCollections(
  { db }: Pick<Studio, 'db'>,
  renames: readonly (readonly [number, string, string])[],
): void {
  if (renames.length === 0) return;
  for (const { name, query, createdAt } of describeSavedQueries({ db })) {
    const asked = query.filter.query ?? '';
    const followed = renames.reduce((text, [, was, is]) => renameCollectionIn(text, was, is), asked);
    if (followed === asked) continue;
    const stored = { ...query, filter: { ...query.filter, query: followed } };
    saveQuery(db, { name, query: JSON.stringify(stored), created_at: createdAt });
  }
}

function assertThere(isThere: boolean, id: number): void {
  if (!isThere) throw new StudioError('notFound', `There is no saved query ${id}.`, { id });
}
