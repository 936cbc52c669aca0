/** What packs of networks need: text embeddings a prompt, and what computed a vector or a signal. */

/**
 * `provenance`: runtime, provider, precision and kind of session that numbers were computed with.
 * `text_embedding`: a prompt's embedding by one member of a pack, as little-endian float32 of length 1.
 */
export const migration002 = `
CREATE TABLE provenance (
  id INTEGER PRIMARY KEY,
  runtime TEXT NOT NULL,
  provider TEXT NOT NULL,
  precision TEXT NOT NULL,
  is_prepacked INTEGER NOT NULL CHECK (is_prepacked IN (0, 1)),
  UNIQUE (runtime, provider, precision, is_prepacked)
) STRICT;

ALTER TABLE feature ADD COLUMN provenance_id INTEGER REFERENCES provenance (id);
ALTER TABLE signal ADD COLUMN provenance_id INTEGER REFERENCES provenance (id);

CREATE TABLE text_embedding (
  pack_id TEXT NOT NULL,
  member TEXT NOT NULL,
  prompt_id INTEGER NOT NULL REFERENCES prompt (id),
  version INTEGER NOT NULL,
  data BLOB NOT NULL,
  provenance_id INTEGER REFERENCES provenance (id),
  PRIMARY KEY (pack_id, member, prompt_id)
) STRICT;
`;
