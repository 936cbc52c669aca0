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

/** The id of one, whatever the case of its name. */
export function savedQueryByName(db: Db, name: string): number | undefined {
  return db.first(sqlFor.selectFrom('saved_query').select('id').where('name', '=', name))?.id;
}

/** Says whether there was one; its name is to be free. */
export function renameQuery(db: Db, id: number, name: string): boolean {
  return db.run(sqlFor.updateTable('saved_query').set({ name }).where('id', '=', id)).changes > 0;
}

/** Says whether there was one. */
export function forgetQuery(db: Db, id: number): boolean {
  return db.run(sqlFor.deleteFrom('saved_query').where('id', '=', id)).changes > 0;
}
