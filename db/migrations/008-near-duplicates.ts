/** What finding near-duplicates needs: which images hang together. Derived: found anew whenever somebody asks. */

/** `group_id` is the smallest image id of the group. */
export const migration008 = `
CREATE TABLE near_duplicate (
  image_id INTEGER PRIMARY KEY REFERENCES image (id),
  group_id INTEGER NOT NULL
) STRICT;
CREATE INDEX near_duplicate_group ON near_duplicate (group_id);
`;
