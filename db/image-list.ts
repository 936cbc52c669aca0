/** The image list: ids in order for the grid, and the cards of the visible ones. */
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { ColourLabel } from '../contract/curate.ts';
import type { ImageFilter, ImageOrder } from '../contract/images.ts';
import type { QueryTerm } from '../contract/query.ts';
import { type Db, sqlFor } from './database.ts';
import {
  conditionOf,
  fileStateSql,
  gapOfImage,
  isBroad,
  mosOfImage,
  scoreOfImage,
  stateCondition,
  type TermContext,
  voteCounts,
} from './query-terms.ts';
import type { Tables } from './schema.ts';
import type { ScoreMoves } from './score-moves.ts';
import { hasTakenOut, isShownImage } from './taken-out.ts';
import { countVotesMissing } from './votes-missing.ts';

export interface ListRequest {
  filter: ImageFilter;
  order: ImageOrder;
  descending: boolean;
  /** The pack whose active heads and signals are meant. */
  packId: string;
  mosSetId: number | null;
  /** How scores are held against MOS: what `gap:` means. */
  moves?: ScoreMoves;
  /** The query's terms, all of which hold. */
  terms?: readonly QueryTerm[];
  /** What words such as `mos:` are of where they do not say it. */
  target?: string;
}

type Question = Omit<ListRequest, 'order' | 'descending'>;

/** The ids of all images that match, in order; images without the ordering value come last. */
export function queryImageIds(db: Db, request: ListRequest): number[] {
  if (request.order === 'pictures') return queryPicturesFirst(db, request);
  if (request.order === 'votes') return queryByVotes(db, request);
  if (request.order === 'votesMissing') return queryByVotesMissing(db, request);
  const key = orderKey(request);
  const direction = request.descending ? 'desc' : 'asc';
  const ids = sqlFor
    .selectFrom('image')
    .select('image.id')
    .where(filterOf(db, request))
    .orderBy(sql`${key} ${sql.raw(direction)} nulls last`)
    .orderBy('image.id', direction)
    .compile();
  return db
    .prepare(ids.sql)
    .pluck(true)
    .all(...ids.parameters) as number[];
}

/** How many images match. */
export function countImages(db: Db, request: Question): number {
  const count = sqlFor
    .selectFrom('image')
    .select(sql<number>`count(*)`.as('images'))
    .where(filterOf(db, request))
    .compile();
  return db
    .prepare(count.sql)
    .pluck(true)
    .get(...count.parameters) as number;
}

/** Images with a file before those without one, each by when they came. */
function queryPicturesFirst(db: Db, request: ListRequest): number[] {
  const withFile = db.prepare(
    'SELECT DISTINCT image_id FROM file WHERE is_missing = 0 AND image_id IS NOT NULL',
  );
  const isShown = new Set(withFile.pluck(true).all() as number[]);
  const all = queryImageIds(db, { ...request, order: 'added' });
  return [...all.filter((id) => isShown.has(id)), ...all.filter((id) => !isShown.has(id))];
}

/** By the number of votes that count, all images' counted at once. */
function queryByVotes(db: Db, request: ListRequest): number[] {
  const counts = new Map(db.prepare(voteCounts).raw(true).all() as [number, number][]);
  const sign = request.descending ? -1 : 1;
  const of = (id: number) => counts.get(id) ?? 0;
  return queryImageIds(db, { ...request, order: 'added' }).sort((a, b) => sign * (of(a) - of(b) || a - b));
}

/** Images of no study come last in both directions. */
function queryByVotesMissing(db: Db, request: ListRequest): number[] {
  const { filter, terms = [], descending } = request;
  const missing = countVotesMissing(db, { studyId: filter.studyId, terms });
  const sign = descending ? -1 : 1;
  const all = queryImageIds(db, { ...request, order: 'added' });
  const wanted = all.filter((id) => missing.has(id));
  wanted.sort((a, b) => sign * (missing.get(a)! - missing.get(b)!));
  return [...wanted, ...all.filter((id) => !missing.has(id))];
}

/** Makes the ids of what matches known to further questions as the temporary table `matching`. */
export function fillMatching(db: Db, request: ListRequest): void {
  db.sqlite.exec('CREATE TEMP TABLE IF NOT EXISTS matching (id INTEGER PRIMARY KEY); DELETE FROM matching');
  const ids = sqlFor.selectFrom('image').select('image.id').where(filterOf(db, request)).compile();
  db.prepare(`INSERT INTO matching ${ids.sql}`).run(...ids.parameters);
}

function orderKey({ order, packId, mosSetId, moves }: ListRequest) {
  const [kind, name = ''] = order.split(':');
  switch (kind) {
    case 'name':
      return sql`image.name collate nocase`;
    case 'prompt':
      return sql`(select p.text from prompt p where p.id = image.prompt_id) collate nocase`;
    case 'generator':
      return sql`image.generator collate nocase`;
    case 'duplicates':
      return sql`(select d.group_id from near_duplicate d where d.image_id = image.id)`;
    case 'score':
      return scoreOfImage(packId, name);
    case 'mos':
      return mosOfImage(mosSetId, name);
    case 'gap':
      return gapOfImage({ packId, mosSetId, moves }, name);
    case 'ci':
      return sql`(select ci_width(m.sd, m.n) from mos m where m.mos_set_id = ${mosSetId} and m.image_id = image.id and m.dimension = ${name})`;
    case 'signal':
      return sql`(select g.value from signal g where g.pack_id = ${packId} and g.name = ${name} and g.image_id = image.id
        and g.prompt_id in (0, image.prompt_id))`;
    default:
      return sql`image.id`;
  }
}

/** The condition of a question. */
type Filter = (e: ExpressionBuilder<Tables, 'image'>) => Expression<SqlBool>;

/** Where words that are not broad leave less than this share of the library, broad ones are asked of each image that is left. */
const shareAskedEach = 1 / 8;

function filterOf(db: Db, request: Question): Filter {
  const { terms = [], filter } = request;
  const others = terms.filter((term) => !isBroad(term));
  const isNarrowed = others.length > 0 || Object.keys(filter).length > 0;
  if (others.length === terms.length || !isNarrowed)
    return (e) => conditionsOf(db, e, { ...request, asksEach: false });
  const images = db.prepare('SELECT count(*) FROM image').pluck(true).get() as number;
  const asksEach = countImages(db, { ...request, terms: others }) < images * shareAskedEach;
  return (e) => conditionsOf(db, e, { ...request, asksEach });
}

function conditionsOf(
  db: Db,
  e: ExpressionBuilder<Tables, 'image'>,
  request: Question & Pick<TermContext, 'asksEach'>,
) {
  const { filter, packId, mosSetId, moves, asksEach, terms = [], target = 'overall' } = request;
  const studies = { studyId: filter.studyId, terms };
  const context = { packId, mosSetId, moves, target, studies, asksEach };
  const parts: Expression<SqlBool>[] = terms.map((term) => conditionOf(term, context));
  if (filter.text !== undefined && filter.text !== '') {
    const pattern = `%${filter.text.replaceAll(/[\\%_]/g, '\\$&')}%`;
    parts.push(
      sql<boolean>`(image.name like ${pattern} escape '\\' or image.prompt_id in (select id from prompt where text like ${pattern} escape '\\'))`,
    );
  }
  if (filter.generator !== undefined) parts.push(e('image.generator', '=', filter.generator));
  if (filter.rootId !== undefined) {
    parts.push(
      sql<boolean>`image.id in (select image_id from file where root_id = ${filter.rootId} and is_missing = 0)`,
    );
  }
  if (filter.studyId !== undefined) {
    parts.push(sql<boolean>`image.id in (select image_id from stimulus where study_id = ${filter.studyId})`);
  }
  if (filter.scored !== undefined) {
    parts.push(stateCondition(filter.scored ? 'scored' : 'unscored', { packId }));
  }
  if (filter.hasFile !== undefined) {
    parts.push(stateCondition(filter.hasFile ? 'file' : 'nofile', { packId }));
  }
  // A study shows all that it is of.
  const isHiding = filter.studyId === undefined && !asksTakenOut(terms);
  if (isHiding && hasTakenOut(db)) parts.push(isShownImage);
  return e.and(parts);
}

/** Whether images are asked for that are not shown else. */
function asksTakenOut(terms: readonly QueryTerm[]): boolean {
  return terms.some((term) => term.kind === 'choice' && !term.isNot && term.values.includes('taken-out'));
}

export interface CardRow {
  id: number;
  name: string;
  width: number | null;
  height: number | null;
  prompt: string | null;
  generator: string | null;
  has_file: 0 | 1;
  /** As `fileStateSql` says. */
  file_state: 1 | 2 | 3 | null;
  is_taken_out: 0 | 1;
  files: number;
  hash: string | null;
  votes: number;
  flag: 'pick' | 'reject' | null;
  label: ColourLabel | null;
}

/** The cards of some images; unknown ids are left out. */
export function readCards(db: Db, ids: readonly number[]): CardRow[] {
  const statement = db.prepare(
    `SELECT image.id, image.name, image.width, image.height, image.hash, p.text AS prompt, image.generator,
            EXISTS (SELECT 1 FROM file f WHERE f.image_id = image.id AND f.is_missing = 0) AS has_file,
            (SELECT count(*) FROM file f WHERE f.image_id = image.id AND f.is_missing = 0) AS files,
            ${fileStateSql} AS file_state,
            EXISTS (SELECT 1 FROM taken_out t WHERE t.image_id = image.id) AS is_taken_out,
            (SELECT count(*) FROM current_vote v WHERE v.image_id = image.id) AS votes, m.flag, m.label
     FROM image LEFT JOIN prompt p ON p.id = image.prompt_id LEFT JOIN mark m ON m.image_id = image.id WHERE image.id = ?`,
  );
  return ids.map((id) => statement.get(id) as CardRow | undefined).filter((row) => row !== undefined);
}

/** Scores of a pack's active heads for some images. */
export function readActiveScores(
  db: Db,
  packId: string,
  ids: readonly number[],
): { image_id: number; target: string; value: number }[] {
  const statement = db.prepare(
    `SELECT s.image_id, a.target, s.value FROM active_head a JOIN score s ON s.head_id = a.head_id
     WHERE a.pack_id = ? AND s.image_id = ?`,
  );
  return ids.flatMap(
    (id) => statement.all(packId, id) as { image_id: number; target: string; value: number }[],
  );
}

export interface CardMos {
  image_id: number;
  dimension: string;
  mean: number;
  sd: number | null;
  n: number | null;
}

/** MOS of some images in one set. */
export function readCardMos(db: Db, mosSetId: number, ids: readonly number[]): CardMos[] {
  const statement = db.prepare(
    'SELECT image_id, dimension, mean, sd, n FROM mos WHERE mos_set_id = ? AND image_id = ? ORDER BY dimension',
  );
  return ids.flatMap((id) => statement.all(mosSetId, id) as CardMos[]);
}
