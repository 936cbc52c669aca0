/** What studies by the book need: roles of items, versions, pair votes, sittings in detail, and raters who join over the network. */

/**
 * `uid` names a study, session or presentation on every machine, so that results of study packs can be merged; votes have their `key`.
 * `stimulus.prompt_id` is the prompt as it was when the study was frozen. `presentation.other_image_id` is the right-hand image of a pair.
 * `session.sitting_at` is when the sitting began that a session goes on with (a page that was loaded again begins no new one).
 * The vote that counts is the one nothing supersedes; of two machines' votes on one presentation the later one (then the larger key).
 */
export const migration003 = `
ALTER TABLE study ADD COLUMN uid TEXT;
ALTER TABLE study ADD COLUMN parent_id INTEGER REFERENCES study (id);
ALTER TABLE study ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE study ADD COLUMN origin TEXT NOT NULL DEFAULT 'own' CHECK (origin IN ('own', 'pack', 'table'));
ALTER TABLE study ADD COLUMN frozen_at INTEGER;
ALTER TABLE study ADD COLUMN manifest TEXT;
ALTER TABLE study ADD COLUMN manifest_hash TEXT;
UPDATE study SET uid = lower(hex(randomblob(16)));
CREATE UNIQUE INDEX study_uid ON study (uid);

ALTER TABLE stimulus ADD COLUMN group_name TEXT;
ALTER TABLE stimulus ADD COLUMN reference_id INTEGER REFERENCES image (id);
ALTER TABLE stimulus ADD COLUMN prompt_id INTEGER REFERENCES prompt (id);

CREATE TABLE study_item (
  study_id INTEGER NOT NULL REFERENCES study (id),
  role TEXT NOT NULL CHECK (role IN ('training', 'stabilising', 'gold', 'trap')),
  image_id INTEGER NOT NULL REFERENCES image (id),
  dimension TEXT NOT NULL,
  expected REAL,
  tolerance REAL,
  PRIMARY KEY (study_id, role, image_id, dimension)
) STRICT, WITHOUT ROWID;

ALTER TABLE session ADD COLUMN uid TEXT;
ALTER TABLE session ADD COLUMN sitting_at INTEGER;
UPDATE session SET uid = lower(hex(randomblob(16)));
CREATE UNIQUE INDEX session_uid ON session (uid);

ALTER TABLE presentation ADD COLUMN uid TEXT;
ALTER TABLE presentation ADD COLUMN other_image_id INTEGER REFERENCES image (id);
UPDATE presentation SET uid = lower(hex(randomblob(16)));
CREATE UNIQUE INDEX presentation_uid ON presentation (uid);

ALTER TABLE vote ADD COLUMN key_ms REAL;
ALTER TABLE vote ADD COLUMN paused_ms REAL;

CREATE TABLE pair_vote (
  id INTEGER PRIMARY KEY,
  presentation_id INTEGER NOT NULL REFERENCES presentation (id),
  session_id INTEGER NOT NULL REFERENCES session (id),
  dimension TEXT NOT NULL,
  choice TEXT NOT NULL CHECK (choice IN ('left', 'right', 'tie', 'skip')),
  key TEXT NOT NULL UNIQUE,
  shown_ms REAL NOT NULL,
  key_ms REAL,
  paused_ms REAL,
  cast_at INTEGER NOT NULL,
  supersedes INTEGER UNIQUE REFERENCES pair_vote (id)
) STRICT;
CREATE INDEX pair_vote_presentation ON pair_vote (presentation_id, dimension);
CREATE TRIGGER pair_vote_is_append_only_update BEFORE UPDATE ON pair_vote
BEGIN SELECT RAISE (ABORT, 'votes are append-only'); END;
CREATE TRIGGER pair_vote_is_append_only_delete BEFORE DELETE ON pair_vote
BEGIN SELECT RAISE (ABORT, 'votes are append-only'); END;

CREATE TABLE session_note (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES session (id),
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('idle', 'focusLoss', 'break', 'resize', 'zoom', 'check')),
  at INTEGER NOT NULL,
  duration_ms REAL NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX session_note_session ON session_note (session_id);

CREATE TABLE invitation (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study (id),
  rater_id INTEGER REFERENCES rater (id),
  code TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX invitation_study ON invitation (study_id);

CREATE TABLE rater_token (
  hash TEXT PRIMARY KEY,
  invitation_id INTEGER NOT NULL REFERENCES invitation (id),
  study_id INTEGER NOT NULL REFERENCES study (id),
  rater_id INTEGER NOT NULL REFERENCES rater (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

DROP VIEW current_vote;
CREATE VIEW current_vote AS
SELECT v.id, v.presentation_id, v.session_id, v.dimension, v.value, v.shown_ms, v.cast_at,
       p.study_id, p.rater_id, p.image_id, p.position, p.role, v.key_ms, v.paused_ms
FROM vote v JOIN presentation p ON p.id = v.presentation_id
WHERE NOT EXISTS (SELECT 1 FROM vote later WHERE later.supersedes = v.id)
  AND NOT EXISTS (
    SELECT 1 FROM vote rival WHERE rival.presentation_id = v.presentation_id AND rival.dimension = v.dimension
      AND (rival.cast_at, rival.key) > (v.cast_at, v.key)
      AND NOT EXISTS (SELECT 1 FROM vote later WHERE later.supersedes = rival.id));

CREATE VIEW current_pair_vote AS
SELECT v.id, v.presentation_id, v.session_id, v.dimension, v.choice, v.shown_ms, v.cast_at,
       p.study_id, p.rater_id, p.image_id, p.other_image_id, p.position, p.role
FROM pair_vote v JOIN presentation p ON p.id = v.presentation_id
WHERE NOT EXISTS (SELECT 1 FROM pair_vote later WHERE later.supersedes = v.id)
  AND NOT EXISTS (
    SELECT 1 FROM pair_vote rival WHERE rival.presentation_id = v.presentation_id AND rival.dimension = v.dimension
      AND (rival.cast_at, rival.key) > (v.cast_at, v.key)
      AND NOT EXISTS (SELECT 1 FROM pair_vote later WHERE later.supersedes = rival.id));
`;
