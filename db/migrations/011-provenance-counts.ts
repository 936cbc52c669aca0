/** How many numbers of a pack were computed with what: told by an index alone, because vectors are large. */
export const migration011 = `
CREATE INDEX feature_provenance ON feature (pack_id, version, kind, provenance_id, image_id);
CREATE INDEX text_embedding_provenance ON text_embedding (pack_id, version, member, provenance_id);
`;
