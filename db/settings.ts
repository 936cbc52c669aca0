/** Settings as name and JSON value. */
import { type Db, sqlFor } from './database.ts';

/** The user's settings. Names with a colon are notes of the studio's own: `readNote`. */
export function readSettings(db: Db): Record<string, string> {
  const rows = db.all(sqlFor.selectFrom('setting').selectAll().where('name', 'not like', '%:%'));
  return Object.fromEntries(rows.map((row) => [row.name, row.value]));
}

/** What the studio noted under a name such as `pack:classic`, as JSON. */
export function readNote(db: Db, name: `${string}:${string}`): string | undefined {
  return db.first(sqlFor.selectFrom('setting').select('value').where('name', '=', name))?.value;
}

export function saveSetting(db: Db, name: string, value: string): void {
  db.run(
    sqlFor
      .insertInto('setting')
      .values({ name, value })
      .onConflict((c) => c.column('name').doUpdateSet({ value })),
  );
}
