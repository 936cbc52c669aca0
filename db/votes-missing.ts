/** How many votes images still lack in their studies: where rating is needed most. */
import { type RawBuilder, sql } from 'kysely';
import type { QueryTerm } from '../contract/query.ts';
import { type Db, sqlFor } from './database.ts';

export interface StudiesAsked {
  /** The study of this id, where one is named. */
  studyId?: number | undefined;
  /** Of the query: its `study:` terms say which studies are meant. */
  terms?: readonly QueryTerm[] | undefined;
  /** Of this question alone; of all that each study asks where null. */
  dimension: string | null;
}

/**
 * `image_id, missing` of the images of the studies that are asked for: those named, else all. A study's aim is its target, else one vote of
 * everybody who has begun it, at least one, on each question. Studies of pairs, imported tables and versions that another one follows ask
 * for none.
 */
export function votesMissing({ studyId, terms = [], dimension }: StudiesAsked): RawBuilder<unknown> {
  const isOfDimension = dimension === null ? sql`1` : sql`dimension = ${dimension}`;
  // Materialized: a design would else be read anew for every image.
  return sql`with s as materialized (select id, coalesce(json_extract(design, '$.plan.sittings.targetVotes'),
        max(1, (select count(distinct rater_id) from session where study_id = study.id))) as aim,
        (select count(*) from json_each(design, '$.dimensions') d
          where ${dimension === null ? sql`1` : sql`json_extract(d.value, '$.key') = ${dimension}`}) as questions
      from study where is_partial = 0 and origin <> 'table' and coalesce(json_extract(design, '$.plan.method'), '') <> 'pairs'
        and id not in (select parent_id from study where parent_id is not null)
        and ${studyId === undefined ? isNamed(terms) : sql`id = ${studyId}`})
    select t.image_id, sum(max(0, s.aim * s.questions - coalesce(c.votes, 0))) as missing
    from s join stimulus t on t.study_id = s.id
    left join (select p.study_id, p.image_id, count(*) as votes
      from (select distinct presentation_id, dimension from vote where ${isOfDimension}) v
      join presentation p on p.id = v.presentation_id where p.role = 'main' group by p.study_id, p.image_id) c
      on c.study_id = s.id and c.image_id = t.image_id
    where s.questions > 0 group by t.image_id`;
}

/** Votes that each image lacks. */
export function countVotesMissing(db: Db, asked: Omit<StudiesAsked, 'dimension'>): Map<number, number> {
  const rows = db.all(
    sqlFor
      .selectFrom(
        sql<{ image_id: number; missing: number }>`(${votesMissing({ ...asked, dimension: null })})`.as(
          'lacking',
        ),
      )
      .select(['lacking.image_id', 'lacking.missing']),
  );
  return new Map(rows.map(({ image_id, missing }) => [image_id, missing]));
}

/** As `study:` finds studies: by a part of the name, or all of it after `=`, in any case. */
function isNamed(terms: readonly QueryTerm[]): RawBuilder<unknown> {
  const asked = terms.flatMap((term) =>
    term.kind === 'text' && term.word === 'study' && !term.isNot ? [term.values] : [],
  );
  const named = (value: string) =>
    value.startsWith('=')
      ? sql`name = ${value.slice(1)} collate nocase`
      : sql`name like ${`%${value.replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`;
  return sql`(${sql.join([sql`1`, ...asked.map((values) => sql`(${sql.join(values.map(named), sql` or `)})`)], sql` and `)})`;
}
