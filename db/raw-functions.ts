/** Functions that a migration asks of SQL: texts packed, and their words. */
import { deflateSync } from 'node:zlib';
import type Database from 'better-sqlite3';
import { splitRawWords } from '../contract/raw-words.ts';

/** `pack_text(text)` and `raw_words(text)`. */
export function defineRawFunctions(sqlite: Database.Database): void {
  sqlite.function('pack_text', { deterministic: true }, (text: unknown) => deflateSync(String(text)));
  sqlite.function('raw_words', { deterministic: true }, (text: unknown) =>
    splitRawWords(String(text)).join(' '),
  );
}
