/** Images of folders that were taken out of the library: known, with all that was made of them, and not shown. */
export const migration013 = `
CREATE TABLE taken_out (image_id INTEGER PRIMARY KEY REFERENCES image (id)) STRICT;
`;
