/** How many votes images still lack in their studies: where rating is needed most. */
import type { QueryTerm } from '../contract/query.ts';
import type { Db } from './database.ts';

/**
 * Votes that each image lacks, over all its dimensions, summed over the studies that are asked for: the study of this id, those that a
 * `study:` term names, else all. A study's aim is its target, else one vote of everybody who has begun it, at least one. Studies of pairs,
 * imported tables and versions that another one follows ask for none.
 */
export function countVotesMissing(
  db: Db,
  { studyId, terms }: { studyId: number | undefined; terms: readonly QueryTerm[] },
): Map<number, number> {
  const studies = db
    .prepare(
      `SELECT id, name, json_array_length(design, '$.dimensions') AS dimensions,
         coalesce(json_extract(design, '$.plan.sittings.targetVotes'),
           max(1, (SELECT count(DISTINCT rater_id) FROM session WHERE study_id = study.id))) AS aim
       FROM study WHERE is_partial = 0 AND origin <> 'table' AND coalesce(json_extract(design, '$.plan.method'), '') <> 'pairs'
         AND id NOT IN (SELECT parent_id FROM study WHERE parent_id IS NOT NULL)`,
    )
    .all() as { id: number; name: string; dimensions: number; aim: number }[];
  const lacking = db.prepare(
    `SELECT t.image_id, max(0, @wanted - coalesce(cast_votes.n, 0)) FROM stimulus t LEFT JOIN (
       SELECT p.image_id, count(*) AS n FROM (SELECT DISTINCT presentation_id, dimension FROM vote) v
       JOIN presentation p ON p.id = v.presentation_id WHERE p.study_id = @id AND p.role = 'main' GROUP BY p.image_id
     ) cast_votes ON cast_votes.image_id = t.image_id WHERE t.study_id = @id`,
  );
  const missing = new Map<number, number>();
  for (const { id, name, dimensions, aim } of studies) {
    if (studyId !== undefined ? id !== studyId : !isNamed(name, terms)) continue;
    const rows = lacking.raw(true).all({ id, wanted: aim * dimensions }) as [number, number][];
    for (const [imageId, lacks] of rows) missing.set(imageId, (missing.get(imageId) ?? 0) + lacks);
  }
  return missing;
}

/** As `study:` finds studies: by a part of the name, or all of it after `=`, in any case. */
function isNamed(name: string, terms: readonly QueryTerm[]): boolean {
  const lower = name.toLowerCase();
  const asked = terms.flatMap((term) =>
    term.kind === 'text' && term.word === 'study' && !term.isNot ? [term.values] : [],
  );
  return asked.every((values) =>
    values.some((value) =>
      value.startsWith('=') ? lower === value.slice(1).toLowerCase() : lower.includes(value.toLowerCase()),
    ),
  );
}
