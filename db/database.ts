/** Opens the library's SQLite file, brings it to the current schema, and runs Kysely queries on it synchronously. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { refusedByDisk, StudioError } from '../contract/errors.ts';
import { findDamage, isDamage } from './damage.ts';
import { explainUnwritable } from './explain-unwritable.ts';
import { migrations } from './migrations/all.ts';
import { defineRawFunctions } from './raw-functions.ts';
import type { Tables } from './schema.ts';

/** Builds queries; it cannot run them (that is `Db`'s part), so nothing in `db/` is asynchronous. */
export const sqlFor = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** An open library database. All calls are synchronous; statements are prepared once. */
export class Db {
  readonly sqlite: Database.Database;
  /** Told of changes that could not be made. */
  onRefused: (reason: unknown) => void = () => undefined;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(sqlite: Database.Database) {
    this.sqlite = sqlite;
  }

  /** The statement for a text, prepared on first use. */
  prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.sqlite.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** All rows of a query. */
  all<Row>(query: Compilable<Row>): Row[] {
    const { sql, parameters } = query.compile();
    return this.prepare(sql).all(...parameters) as Row[];
  }

  /** The first row of a query, or undefined. */
  first<Row>(query: Compilable<Row>): Row | undefined {
    const { sql, parameters } = query.compile();
    return this.prepare(sql).get(...parameters) as Row | undefined;
  }

  /** Runs a change; gives the id of the inserted row and how many rows changed. */
  run(query: Compilable<unknown>): { insertedId: number; changes: number } {
    const { sql, parameters } = query.compile();
    const { lastInsertRowid, changes } = this.#tellingRefusal(() => this.prepare(sql).run(...parameters));
    return { insertedId: Number(lastInsertRowid), changes };
  }

  /** Runs `work` in one immediate transaction: all of it is on disk afterwards, or nothing. Nested calls are savepoints. */
  transaction<Result>(work: () => Result): Result {
    return this.#tellingRefusal(() => this.sqlite.transaction(work).immediate());
  }

  #tellingRefusal<Result>(change: () => Result): Result {
    try {
      return change();
    } catch (error) {
      this.onRefused(error);
      throw error;
    }
  }

  /**
   * The same for what can be made again: it does not wait for the disk. A loss of power may take back the last of these, each whole; what is
   * committed by `transaction` afterwards brings them to disk along with it. Within another transaction it is a part of that one.
   */
  transactionWithoutWaiting<Result>(work: () => Result): Result {
    if (this.sqlite.inTransaction) return this.transaction(work);
    this.sqlite.pragma('synchronous = NORMAL');
    try {
      return this.transaction(work);
    } finally {
      this.sqlite.pragma('synchronous = FULL');
    }
  }

  /** Makes a pure function known to SQL; its columns hold nothing else than it takes. */
  define<Value extends string | number>(
    name: string,
    work: (...values: (Value | null)[]) => Value | null,
  ): void {
    this.sqlite.function(name, { deterministic: true, varargs: true }, (...values: unknown[]) =>
      work(...(values as (Value | null)[])),
    );
  }

  close(): void {
    this.#statements.clear();
    this.sqlite.close();
  }
}

/**
 * Opens (or makes) the database at `path` and migrates it forward.
 *
 * Write-ahead log with `synchronous = FULL`: a committed transaction survives power loss (SQLite documentation, PRAGMA synchronous),
 * which is what "a vote is acknowledged once it is on disk" rests on.
 *
 * @param copyTo where an older library is copied to before its schema is brought forward; without it, it is not copied
 * @throws StudioError `libraryNewer` when a newer studio wrote it, `libraryDamaged` when it does not pass SQLite's quick check: a large one
 *   is only checked here before its schema is brought forward, since all of it is read for that; `unreadable`, `diskFull` where it cannot be
 *   written to
 */
export function openDatabase(path: string, copyTo?: (version: number) => string): Db {
  const sqlite = openSqlite(path);
  try {
    if (isCheckedAtOnce(path) || isOlder(sqlite)) assertWhole(sqlite, path);
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    sqlite.pragma('cache_size = -65536');
    sqlite.pragma('mmap_size = 1073741824');
    sqlite.pragma('temp_store = MEMORY');
    migrate(sqlite, path, copyTo);
    // What may only be read is opened without a word, and refuses the first change.
    sqlite.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${migrations.length}; ROLLBACK`);
    return new Db(sqlite);
  } catch (error) {
    sqlite.close();
    throw asStudioError(error, path);
  }
}

/** A second connection for threads that only read; sees what is committed, and never makes or changes anything. */
export function openForReading(path: string): Db {
  const sqlite = new Database(path, { readonly: true, fileMustExist: true });
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma('mmap_size = 1073741824');
  return new Db(sqlite);
}

/** The same, of one moment: what is committed later is not seen, so that a long reading is of one piece. */
export function openSnapshot(path: string): Db {
  const db = openForReading(path);
  db.sqlite.exec('BEGIN');
  return db;
}

/** Reading all of a larger one would keep a person waiting: it is for whoever opens it to check it later. */
const mostCheckedAtOnceBytes = 64 * 2 ** 20;

/** Whether `openDatabase` checks the database at `path` before anything is read. */
export function isCheckedAtOnce(path: string): boolean {
  return statSync(path).size <= mostCheckedAtOnceBytes;
}

function versionOf(sqlite: Database.Database): number {
  return Number(sqlite.pragma('user_version', { simple: true }));
}

function isOlder(sqlite: Database.Database): boolean {
  return versionOf(sqlite) < migrations.length;
}

function openSqlite(path: string): Database.Database {
  try {
    const sqlite = new Database(path);
    defineRawFunctions(sqlite);
    return sqlite;
  } catch (error) {
    throw asStudioError(error, path);
  }
}

function asStudioError(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (isDamage(error.code)) {
    return new StudioError('libraryDamaged', damagedMessage(path, error.message), { path }, { cause: error });
  }
  if (refusedByDisk(error) !== null || error.code.startsWith('SQLITE_CANTOPEN')) {
    return explainUnwritable(dirname(path), error, [path, `${path}-wal`, `${path}-shm`]);
  }
  return new StudioError(
    'unreadable',
    `${path} cannot be opened: ${error.message}.`,
    { path },
    { cause: error },
  );
}

function assertWhole(sqlite: Database.Database, path: string): void {
  const damage = findDamage(sqlite);
  if (damage !== null) throw new StudioError('libraryDamaged', damagedMessage(path, damage), { path });
}

function damagedMessage(path: string, reason: string): string {
  return `${path} is damaged or not a library database (${reason}). Restore it from a backup, or choose another library folder.`;
}

function migrate(
  sqlite: Database.Database,
  path: string,
  copyTo: ((version: number) => string) | undefined,
): void {
  const version = versionOf(sqlite);
  if (version > migrations.length) {
    throw new StudioError(
      'libraryNewer',
      `The library at ${path} was written by a newer SF-IQA Studio (schema ${version}; this one knows ${migrations.length}). Update the studio to open it.`,
      { path, version, known: migrations.length },
    );
  }
  if (copyTo !== undefined && version > 0 && version < migrations.length) {
    sqlite.prepare('VACUUM INTO ?').run(copyTo(version));
  }
  for (const [index, script] of migrations.entries()) {
    if (index < version) continue;
    sqlite
      .transaction(() => {
        sqlite.exec(script);
        sqlite.pragma(`user_version = ${index + 1}`);
      })
      .exclusive();
  }
}
