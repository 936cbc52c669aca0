/** A library of every schema that was ever released opens in this studio, with what it held, after a copy of it was made. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openDatabase } from '../../db/database.ts';
import { checkIntegrity } from '../../db/health.ts';
import { migrations } from '../../db/migrations/all.ts';
import { defineRawFunctions } from '../../db/raw-functions.ts';
import { makeTemporaryFolder } from './temporary-database.ts';

/** Rows that every schema has a place for. */
const rows = `
  INSERT INTO prompt (id, text) VALUES (1, 'a red fox in the snow');
  INSERT INTO image (id, hash, name, prompt_id, added_at) VALUES (1, 'h', 'fox.png', 1, 5), (2, NULL, 'crow.png', NULL, 6);
  INSERT INTO root (id, path, recursive, added_at) VALUES (1, '/pictures', 1, 0);
  INSERT INTO file (root_id, path, size_bytes, mtime_ms, image_id, checked_at) VALUES (1, 'fox.png', 1, 1, 1, 0);
  INSERT INTO setting VALUES ('maxPixels', '5000');
`;

function schemaOf(db: Database.Database): unknown[] {
  return db
    .prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    .all();
}

function makeOld(path: string, version: number): void {
  const old = new Database(path);
  defineRawFunctions(old);
  for (const script of migrations.slice(0, version)) old.exec(script);
  old.pragma(`user_version = ${version}`);
  old.exec(rows);
  const raw =
    version < 6 ? ", raw) VALUES (1, '18446744073709551615', '{}')" : ") VALUES (1, '18446744073709551615')";
  old.exec(`INSERT INTO generation (image_id, seed${raw}`);
  old.close();
}

test.each(migrations.map((_, at) => at + 1))('schema %i', (version) => {
  const folder = makeTemporaryFolder();
  const path = join(folder, 'studio.sqlite');
  const copy = join(folder, 'copy.sqlite');
  makeOld(path, version);
  const db = openDatabase(path, () => copy);
  expect(db.sqlite.pragma('user_version', { simple: true })).toBe(migrations.length);
  expect(checkIntegrity(db)).toBeNull();
  expect(db.sqlite.pragma('foreign_key_check')).toEqual([]);
  expect(db.sqlite.prepare('SELECT name, hash, added_at FROM image ORDER BY id').raw().all()).toEqual([
    ['fox.png', 'h', 5],
    ['crow.png', null, 6],
  ]);
  expect(db.sqlite.prepare('SELECT text, seed FROM prompt JOIN generation').raw().all()).toEqual([
    ['a red fox in the snow', '18446744073709551615'],
  ]);
  // The same tables, whichever way it came here.
  const fresh = openDatabase(join(folder, 'fresh.sqlite'));
  expect(schemaOf(db.sqlite)).toEqual(schemaOf(fresh.sqlite));
  fresh.close();
  db.close();
  expect(existsSync(copy)).toBe(version < migrations.length);
  if (version < migrations.length) {
    const kept = new Database(copy, { readonly: true });
    expect(kept.pragma('user_version', { simple: true })).toBe(version);
    expect(kept.prepare('SELECT count(*) FROM image').pluck().get()).toBe(2);
    kept.close();
  }
});
