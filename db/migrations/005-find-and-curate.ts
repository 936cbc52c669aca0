/** What finding and curating need: words of prompts, metadata by column, saved queries; flags, labels, tags, collections and their undo. */

/**
 * `prompt_text` indexes the words of prompts (FTS5) beside the table that holds them. `generation_column` covers what queries ask of the
 * metadata, so that the raw text is not read.
 * `mark`, `tag` and `collection_image` are a person's choices, apart from votes; `curation_step` holds what each of them changed, so that it can be undone.
 */
export const migration005 = `
CREATE VIRTUAL TABLE prompt_text USING fts5 (text, content = 'prompt', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO prompt_text (prompt_text) VALUES ('rebuild');
CREATE TRIGGER prompt_text_insert AFTER INSERT ON prompt
BEGIN INSERT INTO prompt_text (rowid, text) VALUES (new.id, new.text); END;
CREATE TRIGGER prompt_text_delete AFTER DELETE ON prompt
BEGIN INSERT INTO prompt_text (prompt_text, rowid, text) VALUES ('delete', old.id, old.text); END;
CREATE TRIGGER prompt_text_update AFTER UPDATE ON prompt
BEGIN
  INSERT INTO prompt_text (prompt_text, rowid, text) VALUES ('delete', old.id, old.text);
  INSERT INTO prompt_text (rowid, text) VALUES (new.id, new.text);
END;

CREATE INDEX generation_seed ON generation (seed);
CREATE INDEX generation_column ON generation (tool, model, sampler, steps, cfg);

CREATE TABLE saved_query (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  query TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE mark (
  image_id INTEGER PRIMARY KEY REFERENCES image (id),
  flag TEXT CHECK (flag IN ('pick', 'reject')),
  label TEXT CHECK (label IN ('red', 'yellow', 'green', 'blue', 'purple'))
) STRICT;
CREATE INDEX mark_flag ON mark (flag) WHERE flag IS NOT NULL;
CREATE INDEX mark_label ON mark (label) WHERE label IS NOT NULL;

CREATE TABLE tag (
  name TEXT NOT NULL COLLATE NOCASE,
  image_id INTEGER NOT NULL REFERENCES image (id),
  PRIMARY KEY (name, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_image ON tag (image_id);

CREATE TABLE collection (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE collection_image (
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  image_id INTEGER NOT NULL REFERENCES image (id),
  PRIMARY KEY (collection_id, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_image_image ON collection_image (image_id);

CREATE TABLE curation_step (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  change TEXT NOT NULL,
  done_at INTEGER NOT NULL,
  is_undone INTEGER NOT NULL DEFAULT 0 CHECK (is_undone IN (0, 1))
) STRICT;
`;
