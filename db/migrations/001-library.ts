/** The first schema: everything the studio remembers (DESIGN §6). */

/**
 * Paths: `file.path` is relative to its root, so that a moved drive is relinked once. Names that are not UTF-8 keep their
 * bytes in `raw_path` and a readable form in `path`.
 * `vote` is append-only: triggers refuse updates and deletions. `mos` and `score` are derived and can be rebuilt.
 * `attribute` holds further columns of imported tables (`adj1`, `style`, …), so that exports give them back.
 */
export const migration001 = `
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE root (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  recursive INTEGER NOT NULL CHECK (recursive IN (0, 1)),
  added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE prompt (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE image (
  id INTEGER PRIMARY KEY,
  hash TEXT UNIQUE,
  name TEXT NOT NULL,
  format TEXT,
  width INTEGER,
  height INTEGER,
  size_bytes INTEGER,
  prompt_id INTEGER REFERENCES prompt (id),
  prompt_source TEXT CHECK (prompt_source IN ('list', 'sidecar', 'metadata', 'mosTable')),
  generator TEXT,
  generator_source TEXT CHECK (generator_source IN ('list', 'metadata', 'mosTable')),
  added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX image_name ON image (name);
CREATE INDEX image_prompt ON image (prompt_id);
CREATE INDEX image_generator ON image (generator);

CREATE TABLE generation (
  image_id INTEGER PRIMARY KEY REFERENCES image (id),
  tool TEXT,
  negative_prompt TEXT,
  model TEXT,
  seed TEXT,
  steps REAL,
  cfg REAL,
  sampler TEXT,
  raw TEXT NOT NULL
) STRICT;

CREATE TABLE file (
  id INTEGER PRIMARY KEY,
  root_id INTEGER NOT NULL REFERENCES root (id),
  path TEXT NOT NULL,
  raw_path BLOB,
  size_bytes INTEGER NOT NULL,
  mtime_ms REAL NOT NULL,
  image_id INTEGER REFERENCES image (id),
  failure_code TEXT,
  failure_message TEXT,
  is_missing INTEGER NOT NULL DEFAULT 0 CHECK (is_missing IN (0, 1)),
  checked_at INTEGER NOT NULL,
  UNIQUE (root_id, path)
) STRICT;
CREATE INDEX file_image ON file (image_id);
CREATE INDEX file_failed ON file (failure_code) WHERE failure_code IS NOT NULL;

CREATE TABLE feature (
  pack_id TEXT NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  kind TEXT NOT NULL,
  version INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (pack_id, kind, image_id)
) STRICT;

CREATE TABLE signal (
  pack_id TEXT NOT NULL,
  name TEXT NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  prompt_id INTEGER NOT NULL DEFAULT 0,
  value REAL,
  reason TEXT,
  PRIMARY KEY (pack_id, name, image_id, prompt_id),
  CHECK ((value IS NULL) <> (reason IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX signal_image ON signal (image_id);

CREATE TABLE head (
  id INTEGER PRIMARY KEY,
  pack_id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ridge', 'network')),
  inputs TEXT NOT NULL CHECK (inputs IN ('features', 'signals')),
  target TEXT NOT NULL,
  parent_id INTEGER REFERENCES head (id),
  is_shipped INTEGER NOT NULL CHECK (is_shipped IN (0, 1)),
  created_at INTEGER NOT NULL,
  data_hash TEXT,
  weights BLOB NOT NULL,
  weights_hash TEXT NOT NULL,
  report TEXT NOT NULL,
  UNIQUE (weights_hash, pack_id, inputs, target)
) STRICT;

CREATE TABLE active_head (
  pack_id TEXT NOT NULL,
  target TEXT NOT NULL,
  head_id INTEGER NOT NULL REFERENCES head (id),
  since INTEGER NOT NULL,
  PRIMARY KEY (pack_id, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE score (
  head_id INTEGER NOT NULL REFERENCES head (id),
  image_id INTEGER NOT NULL REFERENCES image (id),
  value REAL NOT NULL,
  PRIMARY KEY (head_id, image_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE study (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  design TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE stimulus (
  study_id INTEGER NOT NULL REFERENCES study (id),
  image_id INTEGER NOT NULL REFERENCES image (id),
  PRIMARY KEY (study_id, image_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE rater (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study (id),
  rater_id INTEGER NOT NULL REFERENCES rater (id),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  client TEXT NOT NULL
) STRICT;
CREATE INDEX session_study ON session (study_id, rater_id);

CREATE TABLE presentation (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study (id),
  rater_id INTEGER NOT NULL REFERENCES rater (id),
  image_id INTEGER NOT NULL REFERENCES image (id),
  position INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('training', 'stabilising', 'main', 'gold', 'trap', 'repeat')),
  UNIQUE (study_id, rater_id, position)
) STRICT;
CREATE INDEX presentation_image ON presentation (image_id, study_id);

CREATE TABLE vote (
  id INTEGER PRIMARY KEY,
  presentation_id INTEGER NOT NULL REFERENCES presentation (id),
  session_id INTEGER NOT NULL REFERENCES session (id),
  dimension TEXT NOT NULL,
  value REAL NOT NULL,
  key TEXT NOT NULL UNIQUE,
  shown_ms REAL NOT NULL,
  cast_at INTEGER NOT NULL,
  supersedes INTEGER UNIQUE REFERENCES vote (id)
) STRICT;
CREATE INDEX vote_presentation ON vote (presentation_id, dimension);
CREATE TRIGGER vote_is_append_only_update BEFORE UPDATE ON vote
BEGIN SELECT RAISE (ABORT, 'votes are append-only'); END;
CREATE TRIGGER vote_is_append_only_delete BEFORE DELETE ON vote
BEGIN SELECT RAISE (ABORT, 'votes are append-only'); END;

CREATE VIEW current_vote AS
SELECT v.id, v.presentation_id, v.session_id, v.dimension, v.value, v.shown_ms, v.cast_at,
       p.study_id, p.rater_id, p.image_id, p.position, p.role
FROM vote v JOIN presentation p ON p.id = v.presentation_id
WHERE NOT EXISTS (SELECT 1 FROM vote later WHERE later.supersedes = v.id);

CREATE TABLE mos_set (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('study', 'imported')),
  study_id INTEGER UNIQUE REFERENCES study (id),
  method TEXT NOT NULL,
  source TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE mos (
  mos_set_id INTEGER NOT NULL REFERENCES mos_set (id),
  dimension TEXT NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  mean REAL NOT NULL,
  sd REAL,
  n INTEGER,
  PRIMARY KEY (mos_set_id, dimension, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mos_image ON mos (image_id);

CREATE TABLE attribute (
  image_id INTEGER NOT NULL REFERENCES image (id),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (image_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  params TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'cancelled', 'failed', 'interrupted')),
  progress TEXT NOT NULL,
  summary TEXT,
  error TEXT,
  started_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
`;
