/** The raw texts of image files: kept packed, found by their words. */
import { splitRawWords } from '../contract/raw-words.ts';
import { type Db, sqlFor } from './database.ts';

export interface NewRawMetadata {
  data: Uint8Array;
  words: string;
  isCut: boolean;
}

export function saveRawMetadata(db: Db, imageId: number, { data, words, isCut }: NewRawMetadata): void {
  db.prepare('INSERT OR REPLACE INTO raw_metadata (image_id, data, is_cut) VALUES (?, ?, ?)').run(
    imageId,
    Buffer.from(data),
    isCut ? 1 : 0,
  );
  db.prepare('INSERT OR REPLACE INTO raw_text (rowid, words) VALUES (?, ?)').run(imageId, words);
}

export function rawMetadataOf(db: Db, imageId: number): { data: Buffer; is_cut: 0 | 1 } | undefined {
  return db.first(
    sqlFor.selectFrom('raw_metadata').select(['data', 'is_cut']).where('image_id', '=', imageId),
  );
}

export function hasRawMetadata(db: Db, imageId: number): boolean {
  return (
    db.first(sqlFor.selectFrom('raw_metadata').select('image_id').where('image_id', '=', imageId)) !==
    undefined
  );
}

/** The match expression of FTS5 for all words of a text, the last one as it begins; null where it has none. */
export function matchRawWords(text: string): string | null {
  const words = splitRawWords(text).map((word) => `"${word}"`);
  return words.length === 0 ? null : `${words.join(' ')}*`;
}
