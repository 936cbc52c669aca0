/** Columns of the images of a MOS set that they can be grouped by: what the file, its metadata and imported tables say. */
import type { Db } from './database.ts';

export interface ImageFields {
  image_id: number;
  format: string | null;
  width: number | null;
  height: number | null;
  tool: string | null;
  model: string | null;
  sampler: string | null;
  steps: number | null;
  cfg: number | null;
}

/** What is known of every image of a set, in the order of ids. */
export function imageFieldsOfMosSet(db: Db, mosSetId: number): ImageFields[] {
  return db
    .prepare(
      `SELECT i.id AS image_id, i.format, i.width, i.height, g.tool, g.model, g.sampler, g.steps, g.cfg
       FROM image i LEFT JOIN generation g ON g.image_id = i.id
       WHERE i.id IN (SELECT image_id FROM mos WHERE mos_set_id = ?) ORDER BY i.id`,
    )
    .all(mosSetId) as ImageFields[];
}

/** Further columns with the number of images that have each, of which every value is a number. */
export function listNumericAttributes(db: Db): { name: string; images: number }[] {
  return db
    .prepare(
      `SELECT name, count(*) AS images FROM attribute GROUP BY name
       HAVING count(*) = sum(value GLOB '*[0-9]*' AND trim(value, '0123456789.+-eE') = '') ORDER BY name`,
    )
    .all() as { name: string; images: number }[];
}

/** One further column of all images: `[imageId, text]` in the order of ids. */
export function readAttribute(db: Db, name: string): [number, string][] {
  return db
    .prepare('SELECT image_id, value FROM attribute WHERE name = ? ORDER BY image_id')
    .raw(true)
    .all(name) as [number, string][];
}
