/** Queries that were saved under a name. */
import { type Db, sqlFor } from './database.ts';

/** By name; `query` is JSON. */
export function listSavedQueries(db: Db): { id: number; name: string; query: string; created_at: number }[] {
  return db.all(sqlFor.selectFrom('saved_query').selectAll().orderBy('name'));
}

/** One of that name, in any case, is replaced. */
export function saveQuery(db: Db, row: { name: string; query: string; created_at: number }): void {
  db.run(
    sqlFor
      .insertInto('saved_query')
      .values(row)
      .onConflict((c) => c.column('name').doUpdateSet({ name: row.name, query: row.query })),
  );
}

/** Says whether there was one. */
export function forgetQuery(db: Db, id: number): boolean {
  return db.run(sqlFor.deleteFrom('saved_query').where('id', '=', id)).changes > 0;
}
