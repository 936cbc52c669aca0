/** Terms of the query language as conditions on `image`, each answered from an index where there is one. */
import { type RawBuilder, sql } from 'kysely';
import type { NumberRange, QueryTerm } from '../contract/query.ts';
import type { ChoiceWord, TextWord } from '../contract/query-words.ts';
import { shownInGroups } from './duplicates.ts';
import { matchRawWords } from './raw-metadata.ts';
import { moveOf, type ScoreMoves } from './score-moves.ts';
import { takenOutImages } from './taken-out.ts';
import { type StudiesAsked, votesMissing } from './votes-missing.ts';

/** What words without a name after the dot mean. */
export interface TermContext {
  packId: string;
  mosSetId: number | null;
  /** What `mos:`, `score:`, `gap:` and `ci:` are of. */
  target: string;
  /** How scores are held against MOS: what `gap:` means. */
  moves?: ScoreMoves | undefined;
  /** Whose votes `missing:` counts. */
  studies?: Omit<StudiesAsked, 'dimension'>;
  /** Whether broad words are asked of each image that the other words leave: they leave few. */
  asksEach?: boolean | undefined;
}

/**
 * `image_id, votes` of every image that has some. Of the votes on one presentation and dimension exactly one counts (`current_vote`), so
 * that the index of these two says how many there are.
 */
export const voteCounts = `SELECT p.image_id, count(*) AS votes FROM (SELECT DISTINCT presentation_id, dimension FROM vote) v
  JOIN presentation p ON p.id = v.presentation_id GROUP BY p.image_id`;

/** How many votes of one image count, as `voteCounts` says. */
const votesOfImage = sql`(select count(*) from (select distinct v.presentation_id, v.dimension
  from presentation p join vote v on v.presentation_id = p.id where p.image_id = image.id))`;

type Condition = RawBuilder<boolean>;
type Kinds = QueryTerm['kind'];
type TermOf<Kind extends Kinds> = Extract<QueryTerm, { kind: Kind }>;

/** The condition of a term. `looks:` and `like:` are an order, which `core/find-similar.ts` makes: they hold for all images. */
export function conditionOf(term: QueryTerm, context: TermContext): Condition {
  const condition = positiveOf(term, context);
  return term.isNot && !isLooks(term) ? sql<boolean>`not coalesce(${condition}, 0)` : condition;
}

/** Whether a term orders by looks. */
export function isLooks(term: QueryTerm): term is TermOf<'text'> {
  return term.kind === 'text' && (term.word === 'looks' || term.word === 'like');
}

/** Whether a term reads several tables of the whole library, unless it is asked of each image: it takes longer than most others together. */
export function isBroad(term: QueryTerm): boolean {
  return term.kind === 'number' && (term.word === 'gap' || term.word === 'votes');
}

/** How far the score of an image and its MOS lie apart; null where it lacks one. */
export function gapOfImage(
  { packId, mosSetId, moves }: Pick<TermContext, 'packId' | 'mosSetId' | 'moves'>,
  target: string,
): RawBuilder<unknown> {
  const { factor, offset } = moveOf(moves, target);
  return sql`abs(${scoreOfImage(packId, target)} * ${factor} + ${offset} - ${mosOfImage(mosSetId, target)})`;
}

/** The score of an image by a pack's active head; null where it has none. */
export function scoreOfImage(packId: string, target: string): RawBuilder<unknown> {
  return sql`(select s.value from score s join active_head a on a.head_id = s.head_id
    where s.image_id = image.id and a.pack_id = ${packId} and a.target = ${target})`;
}

/** The MOS of an image in a set; null where it has none. */
export function mosOfImage(mosSetId: number | null, target: string): RawBuilder<unknown> {
  return sql`(select m.mean from mos m where m.mos_set_id = ${mosSetId} and m.image_id = image.id and m.dimension = ${target})`;
}

function positiveOf(term: QueryTerm, context: TermContext): Condition {
  switch (term.kind) {
    case 'words':
      return sql`(${hasPromptWords(term.text)} or ${contains(sql`image.name`, term.text)})`;
    case 'text':
      return anyOf(term.values.map((value) => textCondition(term.word, value)));
    case 'choice':
      return anyOf(term.values.map((value) => choiceCondition(term.word, value, context)));
    case 'number':
      return numberCondition(term, context);
  }
}

function anyOf(conditions: Condition[]): Condition {
  return sql`(${sql.join(conditions, sql` or `)})`;
}

/** A part of it in any case, or all of it after `=`; what is not there contains nothing. */
function contains(column: RawBuilder<unknown>, value: string): Condition {
  if (!isAscii(value)) return containsFolded(column, value);
  if (value.startsWith('=')) return sql`${column} = ${value.slice(1)} collate nocase`;
  return sql`${column} like ${`%${value.replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`;
}

function isAscii(text: string): boolean {
  return !/[^\p{ASCII}]/u.test(text);
}

/** SQLite knows the case of ASCII letters alone, and not that macOS writes the ü of a name as two characters. */
function containsFolded(column: RawBuilder<unknown>, value: string): Condition {
  if (value.startsWith('=')) return sql`fold_text(${column}) = fold_text(${value.slice(1)})`;
  return sql`instr(fold_text(${column}), fold_text(${value})) > 0`;
}

/** Scripts that put no spaces between words: FTS5's tokeniser sees whole sentences there. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The words in this order, the last one as it begins; by the index of words where the text has words. */
function hasPromptWords(value: string): Condition {
  if (value.startsWith('=') || unspaced.test(value) || !/[\p{L}\p{N}]/u.test(value)) {
    return sql`image.prompt_id in (select id from prompt where ${contains(sql`text`, value)})`;
  }
  // To FTS5 a NUL ends the text, in the middle of a quotation.
  const phrase = `"${value.replaceAll('\0', ' ').replaceAll('"', '""')}" *`;
  return sql`image.prompt_id in (select rowid from prompt_text where prompt_text match ${phrase})`;
}

/** The folder part of a path whose names are separated by `/`. */
const folderOf = sql`(root.path || '/' || rtrim(file.path, replace(file.path, '/', '')))`;

function textCondition(word: TextWord, value: string): Condition {
  const ofGeneration = (column: RawBuilder<unknown>): Condition =>
    sql`image.id in (select image_id from generation where ${contains(column, value)})`;
  switch (word) {
    case 'prompt':
      return hasPromptWords(value);
    case 'name':
      return contains(sql`image.name`, value);
    case 'generator':
      return contains(sql`image.generator`, value);
    case 'folder':
      return sql`image.id in (select file.image_id from file join root on root.id = file.root_id
        where file.is_missing = 0 and file.image_id is not null and ${contains(folderOf, value)})`;
    case 'tag':
      return sql`image.id in (select image_id from tag where ${contains(sql`name`, value)})`;
    case 'collection':
      return sql`image.id in (select i.image_id from collection c join collection_image i on i.collection_id = c.id
        where ${contains(sql`c.name`, value)})`;
    case 'study':
      return sql`image.id in (select i.image_id from study s join stimulus i on i.study_id = s.id
        where ${contains(sql`s.name`, value)})`;
    case 'size': {
      const [width = '', height = ''] = value.replace(/^=/, '').split(/[x×]/i);
      return sql`(image.width = ${Number(width)} and image.height = ${Number(height)})`;
    }
    case 'seed':
      return sql`image.id in (select image_id from generation where seed = ${value.replace(/^=/, '')})`;
    case 'lora':
      return sql`image.id in (select image_id from lora where ${contains(sql`name`, value)})`;
    case 'raw': {
      const match = matchRawWords(value);
      return match === null
        ? sql`0`
        : sql`image.id in (select rowid from raw_text where raw_text match ${match})`;
    }
    case 'negative':
      return ofGeneration(sql`negative_prompt`);
    case 'model':
    case 'tool':
    case 'sampler':
      return ofGeneration(sql.ref(word));
    case 'looks':
    case 'like':
      return sql`1`;
  }
}

function choiceCondition(word: ChoiceWord, value: string, context: TermContext): Condition {
  if (word === 'is') return stateCondition(value, context);
  const column = sql.ref(word);
  if (value === 'none') return sql`image.id not in (select image_id from mark where ${column} is not null)`;
  return sql`image.id in (select image_id from mark where ${column} = ${value})`;
}

/**
 * The best of the places where an image's file is: 3 where it was, 2 on a drive that is offline, 1 nowhere any more; null where none ever came.
 */
export const fileStateSql = `(SELECT max(CASE WHEN f.is_missing = 1 THEN 1 WHEN r.offline_since IS NULL THEN 3 ELSE 2 END)
  FROM file f JOIN root r ON r.id = f.root_id WHERE f.image_id = image.id)`;

/** `image_id, files` of every image that lies under a path. */
const fileCounts = sql`select image_id, count(*) as files from file where is_missing = 0 and image_id is not null group by image_id`;

/** Images with a file in a root whose `offline_since` is null, or not. */
const reached = (
  is: RawBuilder<unknown>,
) => sql`(select image_id from file where is_missing = 0 and image_id is not null
  and root_id in (select id from root where offline_since is ${is}))`;

/** The condition of `is:` and one of its values. */
export function stateCondition(value: string, { packId }: Pick<TermContext, 'packId'>): Condition {
  const scored = sql`(select image_id from feature where pack_id = ${packId} and kind in ('features', 'image'))`;
  const file = sql`(select image_id from file where is_missing = 0 and image_id is not null)`;
  switch (value) {
    case 'scored':
      return sql`image.id in ${scored}`;
    case 'unscored':
      return sql`image.id not in ${scored}`;
    case 'rated':
      return sql`image.id in (select image_id from ${sql.raw(`(${voteCounts})`)})`;
    case 'unrated':
      return sql`image.id not in (select image_id from ${sql.raw(`(${voteCounts})`)})`;
    case 'file':
      return sql`image.id in ${file}`;
    case 'nofile':
      return sql`image.id not in ${file}`;
    case 'offline':
      return sql`(image.id in ${reached(sql`not null`)} and image.id not in ${reached(sql`null`)})`;
    case 'missing':
      return sql`(image.hash is not null and image.id not in ${file})`;
    case 'duplicate':
      return sql`(image.id in ${sql.raw(shownInGroups)} or image.id in (select image_id from (${fileCounts}) where files > 1))`;
    case 'prompted':
      return sql`image.prompt_id is not null`;
    case 'taken-out':
      return sql`image.id in ${takenOutImages}`;
    case 'garbled':
      return sql`image.id in (select image_id from generation where problem is not null)`;
    default:
      return sql`image.prompt_id is null`;
  }
}

function within(value: RawBuilder<unknown>, { low, high, isLowIn, isHighIn }: NumberRange): Condition {
  const parts: Condition[] = [];
  if (low !== null) parts.push(isLowIn ? sql`${value} >= ${low}` : sql`${value} > ${low}`);
  if (high !== null) parts.push(isHighIn ? sql`${value} <= ${high}` : sql`${value} < ${high}`);
  return sql`(${sql.join(parts, sql` and `)})`;
}

function holds(range: NumberRange, value: number): boolean {
  const { low, high, isLowIn, isHighIn } = range;
  const isAbove = low === null || value > low || (isLowIn && value === low);
  return isAbove && (high === null || value < high || (isHighIn && value === high));
}

/** @param counts `image_id` and a number of every image that has some */
function countCondition(
  counts: RawBuilder<unknown>,
  column: RawBuilder<unknown>,
  range: NumberRange,
): Condition {
  const chosen = within(column, range);
  return holds(range, 0)
    ? sql`image.id not in (select image_id from (${counts}) where not ${chosen})`
    : sql`image.id in (select image_id from (${counts}) where ${chosen})`;
}

function numberCondition({ word, target: named, range }: TermOf<'number'>, context: TermContext): Condition {
  const { packId, mosSetId } = context;
  const target = named ?? context.target;
  const ofMos = (value: RawBuilder<unknown>): Condition =>
    sql`image.id in (select image_id from mos where mos_set_id = ${mosSetId} and dimension = ${target} and ${within(value, range)})`;
  switch (word) {
    case 'mos':
      return ofMos(sql`mean`);
    case 'ci':
      return ofMos(sql`ci_width(sd, n)`);
    case 'score':
      return sql`image.id in (select s.image_id from active_head a join score s on s.head_id = a.head_id
        where a.pack_id = ${packId} and a.target = ${target} and ${within(sql`s.value`, range)})`;
    case 'gap': {
      if (context.asksEach === true) return within(gapOfImage(context, target), range);
      const { factor, offset } = moveOf(context.moves, target);
      return sql`image.id in (select m.image_id from mos m
        join active_head a on a.pack_id = ${packId} and a.target = m.dimension
        join score s on s.head_id = a.head_id and s.image_id = m.image_id
        where m.mos_set_id = ${mosSetId} and m.dimension = ${target} and ${within(sql`abs(s.value * ${factor} + ${offset} - m.mean)`, range)})`;
    }
    case 'votes':
      if (context.asksEach === true) return within(votesOfImage, range);
      return countCondition(sql.raw(voteCounts), sql`votes`, range);
    case 'missing': {
      const lacking = votesMissing({ ...context.studies, dimension: named });
      // An image of no study lacks nothing and is not done either.
      return sql`image.id in (select image_id from (${lacking}) where ${within(sql`missing`, range)})`;
    }
    case 'files':
      return countCondition(fileCounts, sql`files`, range);
    case 'signal':
    case 'q':
    case 's':
      return sql`image.id in (select g.image_id from signal g where g.pack_id = ${packId} and g.name = ${named ?? word}
        and ${within(sql`g.value`, range)}
        and g.prompt_id in (0, (select prompt_id from image own where own.id = g.image_id)))`;
    case 'width':
    case 'height':
      return within(sql.ref(`image.${word}`), range);
    case 'steps':
    case 'cfg':
      return sql`image.id in (select image_id from generation where ${within(sql.ref(word), range)})`;
  }
}
