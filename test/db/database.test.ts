/** Opening a library's database: migrations go forward only, damage is told, votes are durable. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openDatabase, openForReading } from '../../db/database.ts';
import { migrations } from '../../db/migrations/all.ts';
import { makeTemporaryFolder, openTemporaryDatabase } from './temporary-database.ts';

describe('openDatabase', () => {
  test('makes a new library with the newest schema, write-ahead log and full durability', () => {
    const db = openTemporaryDatabase();
    expect(db.sqlite.pragma('user_version', { simple: true })).toBe(migrations.length);
    expect(db.sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.sqlite.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.sqlite.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  test('opens a library again without touching what is in it', () => {
    const path = join(makeTemporaryFolder(), 'studio.sqlite');
    const first = openDatabase(path);
    first.sqlite.exec("INSERT INTO prompt (text) VALUES ('a fox')");
    first.close();
    const second = openDatabase(path);
    expect(second.sqlite.prepare('SELECT text FROM prompt').pluck().all()).toEqual(['a fox']);
    second.close();
  });

  test('refuses a library of a newer studio and leaves it alone', () => {
    const path = join(makeTemporaryFolder(), 'studio.sqlite');
    openDatabase(path).close();
    const raw = new Database(path);
    raw.pragma(`user_version = ${migrations.length + 1}`);
    raw.close();
    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: 'libraryNewer' }));
    const after = new Database(path);
    expect(after.pragma('user_version', { simple: true })).toBe(migrations.length + 1);
    after.close();
  });

  test('says that a file which is no database is damaged', () => {
    const path = join(makeTemporaryFolder(), 'studio.sqlite');
    writeFileSync(path, 'this is not a database, however long it may be '.repeat(100));
    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: 'libraryDamaged' }));
  });

  test('says why a folder that is not there cannot be opened', () => {
    const path = join(makeTemporaryFolder(), 'missing', 'studio.sqlite');
    expect(() => openDatabase(path)).toThrow();
  });

  test('a transaction that throws leaves nothing behind', () => {
    const db = openTemporaryDatabase();
    expect(() =>
      db.transaction(() => {
        db.sqlite.exec("INSERT INTO prompt (text) VALUES ('a fox')");
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(db.sqlite.prepare('SELECT count(*) FROM prompt').pluck().get()).toBe(0);
  });

  test('a transaction that does not wait for the disk is whole and seen by others; the next ones wait again', () => {
    const path = join(makeTemporaryFolder(), 'studio.sqlite');
    const db = openDatabase(path);
    const insert = (text: string) => db.prepare('INSERT INTO prompt (text) VALUES (?)').run(text);
    const durability = () => db.sqlite.pragma('synchronous', { simple: true });
    db.transactionWithoutWaiting(() => {
      insert('a fox');
      // 1 is NORMAL, 2 is FULL (SQLite documentation, PRAGMA synchronous).
      expect(durability()).toBe(1);
    });
    expect(durability()).toBe(2);
    const fails = () =>
      db.transactionWithoutWaiting(() => {
        insert('a heron');
        throw new Error('stopped');
      });
    expect(fails).toThrow('stopped');
    expect(durability()).toBe(2);
    const within = () =>
      db.transaction(() => {
        db.transactionWithoutWaiting(() => insert('a crane'));
        expect(durability()).toBe(2);
        throw new Error('taken back');
      });
    expect(within).toThrow('taken back');
    const other = openForReading(path);
    expect(other.prepare('SELECT text FROM prompt').pluck(true).all()).toEqual(['a fox']);
    other.close();
    db.close();
  });
});

describe('openForReading', () => {
  test('sees what is committed and cannot change anything', () => {
    const db = openTemporaryDatabase();
    const reader = openForReading(db.sqlite.name);
    db.sqlite.exec("INSERT INTO prompt (text) VALUES ('a fox')");
    expect(reader.sqlite.prepare('SELECT text FROM prompt').pluck().get()).toBe('a fox');
    expect(() => reader.sqlite.exec("INSERT INTO prompt (text) VALUES ('a hen')")).toThrow(/readonly/);
    reader.close();
  });
});
