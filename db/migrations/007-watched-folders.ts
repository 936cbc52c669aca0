/** What watching folders needs: which roots are watched, and since when one cannot be reached. */

/** `offline_since`: the drive or folder was not there when last looked; its files are neither missing nor forgotten. */
export const migration007 = `
ALTER TABLE root ADD COLUMN is_watched INTEGER NOT NULL DEFAULT 1 CHECK (is_watched IN (0, 1));
ALTER TABLE root ADD COLUMN offline_since INTEGER;
`;
