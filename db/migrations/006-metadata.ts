/** What metadata gives beside the prompt: size, LoRAs, what could not be read; its raw texts packed, and found by their words. */

/**
 * `pack_text` and `raw_words` are functions of `db/raw-functions.ts`. `raw_text` keeps no text and no places of words (a fifth of the size):
 * its rows are images. Files are looked at once more, for what earlier versions did not read.
 */
export const migration006 = `
ALTER TABLE generation ADD COLUMN width INTEGER;
ALTER TABLE generation ADD COLUMN height INTEGER;
ALTER TABLE generation ADD COLUMN problem TEXT;
CREATE INDEX generation_problem ON generation (image_id) WHERE problem IS NOT NULL;

CREATE TABLE lora (
  image_id INTEGER NOT NULL REFERENCES image (id),
  name TEXT NOT NULL,
  weight REAL,
  PRIMARY KEY (image_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX lora_name ON lora (name);

CREATE TABLE raw_metadata (
  image_id INTEGER PRIMARY KEY REFERENCES image (id),
  data BLOB NOT NULL,
  is_cut INTEGER NOT NULL DEFAULT 0 CHECK (is_cut IN (0, 1))
) STRICT;
CREATE VIRTUAL TABLE raw_text USING fts5 (
  words, content = '', contentless_delete = 1, detail = none, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO raw_metadata (image_id, data) SELECT image_id, pack_text(raw) FROM generation;
INSERT INTO raw_text (rowid, words) SELECT image_id, raw_words(raw) FROM generation;
ALTER TABLE generation DROP COLUMN raw;

UPDATE file SET mtime_ms = -1 WHERE failure_code IS NULL;
`;
