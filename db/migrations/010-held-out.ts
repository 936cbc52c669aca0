/** What heads said of the images they were judged on, and whose labels they learnt from. */

/** A head's labels are named in its report: several MOS sets, each with its dimension. Older heads learnt from one set. */
export const migration010 = `
CREATE TABLE held_out (
  head_id INTEGER NOT NULL REFERENCES head (id) ON DELETE CASCADE,
  image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  predicted REAL NOT NULL,
  PRIMARY KEY (head_id, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_out_image ON held_out (image_id);

UPDATE head SET report = json_set(report, '$.labels', json_array(json_object(
  'mosSetId', json_extract(report, '$.mosSetId'), 'dimension', target)))
WHERE json_extract(report, '$.mosSetId') IS NOT NULL;
`;
