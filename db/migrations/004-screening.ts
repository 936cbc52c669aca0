/** What the owner of a study decides about raters, with reasons; never changed, only decided anew. */
export const migration004 = `
CREATE TABLE rater_decision (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study (id),
  rater_id INTEGER NOT NULL REFERENCES rater (id),
  is_excluded INTEGER NOT NULL CHECK (is_excluded IN (0, 1)),
  reason TEXT NOT NULL,
  decided_at INTEGER NOT NULL
) STRICT;
CREATE INDEX rater_decision_study ON rater_decision (study_id, rater_id);
CREATE TRIGGER rater_decision_is_append_only_update BEFORE UPDATE ON rater_decision
BEGIN SELECT RAISE (ABORT, 'decisions are append-only'); END;
CREATE TRIGGER rater_decision_is_append_only_delete BEFORE DELETE ON rater_decision
BEGIN SELECT RAISE (ABORT, 'decisions are append-only'); END;

CREATE VIEW excluded_rater AS
SELECT study_id, rater_id FROM rater_decision d
WHERE is_excluded = 1 AND NOT EXISTS (
  SELECT 1 FROM rater_decision later WHERE later.study_id = d.study_id AND later.rater_id = d.rater_id AND later.id > d.id);
`;
