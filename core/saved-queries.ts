/** Queries that somebody wants to see again. */
import { StudioError } from '../contract/errors.ts';
import { ImageQuery, type SavedQuery } from '../contract/images.ts';
import { forgetQuery, listSavedQueries, saveQuery } from '../db/saved-queries.ts';
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

/** @throws StudioError `notFound` */
export function dropQuery(studio: Studio, id: number): SavedQuery[] {
  if (!forgetQuery(studio.db, id))
    throw new StudioError('notFound', `There is no saved query ${id}.`, { id });
  studio.bus.changed('images');
  return describeSavedQueries(studio);
}
