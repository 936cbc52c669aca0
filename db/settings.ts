/** Settings as name and JSON value. */
import { type Db, sqlFor } from './database.ts';

export function readSettings(db: Db): Record<string, string> {
  const rows = db.all(sqlFor.selectFrom('setting').selectAll());
  return Object.fromEntries(rows.map((row) => [row.name, row.value]));
}

export function saveSetting(db: Db, name: string, value: string): void {
  db.run(
    sqlFor
      .insertInto('setting')
      .values({ name, value })
      .onConflict((c) => c.column('name').doUpdateSet({ value })),
  );
}
