/** Facets: what the images that match have of each word of the query language, with counts, the most frequent first. */
import { sql } from 'kysely';
import type { Facet } from '../contract/images.ts';
import type { QueryTerm } from '../contract/query.ts';
import { type Db, sqlFor } from './database.ts';
import { fillMatching, type ListRequest } from './image-list.ts';
import { stateCondition } from './query-terms.ts';

/** So many values of a facet are told. */
const mostValues = 60;

const matching = '(SELECT id FROM matching)';
function countOf(column: string, table: string): string {
  return `SELECT ${column} AS value, count(*) AS images FROM ${table} WHERE ${column} IS NOT NULL AND image_id IN ${matching} GROUP BY ${column}`;
}

/** By word; `value` and `images` of each row. A content that lies in a folder twice is one image. */
const questions: Record<string, string> = {
  generator: `SELECT generator AS value, count(*) AS images FROM matching m JOIN image i ON i.id = m.id
    WHERE generator IS NOT NULL GROUP BY generator`,
  folder: `SELECT r.path AS value, count(DISTINCT f.image_id) AS images FROM file f JOIN root r ON r.id = f.root_id
    WHERE f.is_missing = 0 AND f.image_id IN ${matching} GROUP BY r.id`,
  flag: countOf('flag', 'mark'),
  label: countOf('label', 'mark'),
  tag: countOf('name', 'tag'),
  collection: `SELECT c.name AS value, count(*) AS images FROM collection c JOIN collection_image i ON i.collection_id = c.id
    WHERE i.image_id IN ${matching} GROUP BY c.id`,
  study: `SELECT s.name AS value, count(*) AS images FROM study s JOIN stimulus i ON i.study_id = s.id
    WHERE i.image_id IN ${matching} GROUP BY s.name`,
  tool: countOf('tool', 'generation'),
  model: countOf('model', 'generation'),
  sampler: countOf('sampler', 'generation'),
  lora: countOf('name', 'lora'),
  size: `SELECT width || 'x' || height AS value, count(*) AS images FROM matching m JOIN image i ON i.id = m.id
    WHERE width IS NOT NULL AND height IS NOT NULL GROUP BY width, height`,
};

/** States and what they are called where they do not hold. */
const states = [
  ['rated', 'unrated'],
  ['scored', 'unscored'],
  ['file', 'nofile'],
  ['prompted', 'unprompted'],
] as const;

/**
 * The facets of what matches; those that no image has are left out. What the query asks of a word does not narrow that word's own
 * values, so that others can be asked for beside them; only `is:` is counted as everything else is.
 */
export function readFacets(db: Db, request: ListRequest): Facet[] {
  const { terms = [] } = request;
  const isOwn = (word: string) => (term: QueryTerm) =>
    (term.kind === 'text' || term.kind === 'choice') && term.word === word && !term.isNot;
  const facets = new Map<string, Facet['values']>();
  const read = (word: string) =>
    db.prepare(`${questions[word]} ORDER BY images DESC, value LIMIT ${mostValues}`).all() as Facet['values'];
  const asked = Object.keys(questions).filter((word) => terms.some(isOwn(word)));
  for (const word of asked) {
    fillMatching(db, { ...request, terms: terms.filter((term) => !isOwn(word)(term)) });
    facets.set(word, read(word));
  }
  fillMatching(db, request);
  for (const word of Object.keys(questions)) if (!asked.includes(word)) facets.set(word, read(word));
  facets.set('is', countStates(db, request.packId));
  const words = [...Object.keys(questions), 'is'];
  return words.map((word) => ({ word, values: facets.get(word)! })).filter(({ values }) => values.length > 0);
}

/** The states of what is in `matching`, in their order; those of no image are left out. */
function countStates(db: Db, packId: string): Facet['values'] {
  const count = (state: string | null) =>
    db.first(
      sqlFor
        .selectFrom('image')
        .select((e) => e.fn.countAll<number>().as('images'))
        .where(sql<boolean>`id in (select id from matching)`)
        .where(state === null ? sql<boolean>`1` : stateCondition(state, { packId })),
    )!.images;
  const all = count(null);
  return states
    .flatMap(([holds, not]) => {
      const images = count(holds);
      return [
        { value: holds, images },
        { value: not, images: all - images },
      ];
    })
    .filter(({ images }) => images > 0);
}
