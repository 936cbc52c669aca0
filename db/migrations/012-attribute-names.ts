/** Which further columns imported tables brought, and one of them of all images: told without walking all columns of every image. */
export const migration012 = `
CREATE INDEX attribute_name ON attribute (name, image_id);
`;
