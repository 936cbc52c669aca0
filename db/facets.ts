/** Facets: what the images of the temporary table `matching` have, with counts, the most frequent first. */
import type { Facet } from '../contract/images.ts';
import type { Db } from './database.ts';
import { fillMatching, type ListRequest } from './image-list.ts';

/** So many values of a facet are told. */
const mostValues = 60;

/** By word; `value` and `images` of each row. A content that lies in a folder twice is one image. */
const questions: Record<string, string> = {
  generator: `SELECT generator AS value, count(*) AS images FROM matching m JOIN image i ON i.id = m.id
    WHERE generator IS NOT NULL GROUP BY generator`,
  folder: `SELECT r.path AS value, count(DISTINCT f.image_id) AS images FROM file f JOIN root r ON r.id = f.root_id
    WHERE f.is_missing = 0 AND f.image_id IN (SELECT id FROM matching) GROUP BY r.id`,
  flag: 'SELECT flag AS value, count(*) AS images FROM mark WHERE flag IS NOT NULL AND image_id IN (SELECT id FROM matching) GROUP BY flag',
  label:
    'SELECT label AS value, count(*) AS images FROM mark WHERE label IS NOT NULL AND image_id IN (SELECT id FROM matching) GROUP BY label',
  tag: 'SELECT name AS value, count(*) AS images FROM tag WHERE image_id IN (SELECT id FROM matching) GROUP BY name',
  collection: `SELECT c.name AS value, count(*) AS images FROM collection c JOIN collection_image i ON i.collection_id = c.id
    WHERE i.image_id IN (SELECT id FROM matching) GROUP BY c.id`,
  tool: 'SELECT tool AS value, count(*) AS images FROM generation WHERE tool IS NOT NULL AND image_id IN (SELECT id FROM matching) GROUP BY tool',
  model:
    'SELECT model AS value, count(*) AS images FROM generation WHERE model IS NOT NULL AND image_id IN (SELECT id FROM matching) GROUP BY model',
  sampler:
    'SELECT sampler AS value, count(*) AS images FROM generation WHERE sampler IS NOT NULL AND image_id IN (SELECT id FROM matching) GROUP BY sampler',
  lora: 'SELECT name AS value, count(*) AS images FROM lora WHERE image_id IN (SELECT id FROM matching) GROUP BY name',
};

/** The facets of what matches; those that no image has are left out. */
export function readFacets(db: Db, request: ListRequest): Facet[] {
  fillMatching(db, request);
  return Object.entries(questions).flatMap(([word, question]) => {
    const values = db
      .prepare(`${question} ORDER BY images DESC, value LIMIT ${mostValues}`)
      .all() as Facet['values'];
    return values.length === 0 ? [] : [{ word, values }];
  });
}
