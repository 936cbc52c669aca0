/** Studies that are being taken in: not seen before they are whole, and taken away again where the import is cancelled or its engine dies. */

/** Votes stay append-only: only those of a study that is not whole can go, and a whole study never becomes partial again. */
export const migration009 = `
ALTER TABLE study ADD COLUMN is_partial INTEGER NOT NULL DEFAULT 0 CHECK (is_partial IN (0, 1));
CREATE TRIGGER study_stays_whole BEFORE UPDATE OF is_partial ON study WHEN old.is_partial = 0 AND new.is_partial = 1
BEGIN SELECT RAISE (ABORT, 'a whole study stays whole'); END;

DROP TRIGGER vote_is_append_only_delete;
CREATE TRIGGER vote_is_append_only_delete BEFORE DELETE ON vote
WHEN NOT EXISTS (SELECT 1 FROM presentation p JOIN study s ON s.id = p.study_id WHERE p.id = old.presentation_id AND s.is_partial = 1)
BEGIN SELECT RAISE (ABORT, 'votes are append-only'); END;
DROP TRIGGER pair_vote_is_append_only_delete;
CREATE TRIGGER pair_vote_is_append_only_delete BEFORE DELETE ON pair_vote
WHEN NOT EXISTS (SELECT 1 FROM presentation p JOIN study s ON s.id = p.study_id WHERE p.id = old.presentation_id AND s.is_partial = 1)
BEGIN SELECT RAISE (ABORT, 'votes are append-only'); END;
`;
