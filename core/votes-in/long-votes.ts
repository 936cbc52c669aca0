/** Reads votes in long form, one row a vote: our own export with all it knows, or anybody's table by a mapping. */

import { z } from 'zod';
import { explainInvalid } from '../../contract/explain-invalid.ts';
import type { VoteMapping } from '../../contract/study-files.ts';
import { Target } from '../../contract/targets.ts';
import { locateColumns } from '../tables/locate-columns.ts';
import { plainName } from '../tables/plain-name.ts';
import type { RawTable, TableRow } from '../tables/read-table.ts';
import { RowError, readEachRow } from '../tables/row-problems.ts';
import { ImageCollector, type RawVote, type RawVotes, readValue } from './raw-votes.ts';

/** Words by which columns are recognised, the first that fits. */
const words: Record<Exclude<keyof VoteMapping, 'other'>, readonly string[]> = {
  image: [
    ...['image', 'item', 'stimulus', 'name', 'image_name', 'filename', 'file_name', 'file', 'path', 'pvs'],
    ...['video', 'img', 'image_id', 'stimulus_id', 'pvs_id'],
  ],
  rater: [
    ...[
      'rater',
      'subject',
      'worker',
      'annotator',
      'observer',
      'participant',
      'user',
      'rater_id',
      'subject_id',
    ],
    ...['worker_id', 'annotator_id', 'user_id', 'participant_id', 'annotation_no'],
  ],
  value: ['value', 'score', 'rating', 'vote', 'answer', 'opinion', 'os', 'grade'],
  dimension: ['dimension', 'question', 'aspect', 'attribute', 'criterion'],
  prompt: ['prompt', 'text', 'caption', 'text_prompt'],
  generator: ['generator', 'model', 'method', 'source_model', 'hrc'],
  role: ['role'],
  shownMs: ['shown_ms', 'duration_ms', 'time_ms'],
  seconds: ['seconds', 'time_s', 'duration'],
  isCurrent: ['is_current'],
};

/** Null where it is not clear which columns hold image, rater and value. */
export function suggestVoteMapping(header: readonly string[]): VoteMapping | null {
  const mapping = matchWords(header, words);
  const isEnough = mapping.image !== undefined && mapping.rater !== undefined && mapping.value !== undefined;
  return isEnough ? mapping : null;
}

/** The words for what tables of votes and of choices have in common. */
export const commonWords = (({ rater, dimension, prompt, role, shownMs, seconds, isCurrent }) => ({
  ...{ rater, dimension, prompt, role, shownMs, seconds, isCurrent },
}))(words);

/** The columns that are called by one of the words, the first that fits. */
export function matchWords(
  header: readonly string[],
  wanted: Partial<Record<keyof VoteMapping, readonly string[]>>,
): VoteMapping {
  const plain = header.map(plainName);
  const found = Object.entries(wanted).flatMap(([part, candidates]) => {
    const word = candidates.find((candidate) => plain.includes(candidate));
    return word === undefined ? [] : [[part, header[plain.indexOf(word)]!]];
  });
  return Object.fromEntries(found);
}

const ownColumns = [
  ...['vote', 'image', 'sha256', 'prompt', 'generator', 'rater', 'session', 'position', 'role', 'dimension'],
  ...['value', 'shown_ms', 'key_ms', 'paused_ms', 'cast_at', 'supersedes', 'is_current'],
];

/** Whether a table is our own export of votes. */
export function isOwnExport(header: readonly string[]): boolean {
  return ownColumns.every((column) => header.includes(column));
}

/** Our own export, superseded votes and all. */
export function readOwnVotes(table: RawTable): RawVotes {
  const at = placesIn(table.header, ownColumns);
  return readRows({ table, mapping: null, shape: 'long' }, (row, collector) => {
    const vote = parseOwn(OwnVote, row, at);
    const { image: name, sha256: hash, prompt, generator, value } = vote;
    const image = collector.add({ name, hash, prompt, generator, group: null });
    return { line: row.line, image, value, ...describeOwn(vote) };
  });
}

/** Where columns stand. */
export function placesIn(header: readonly string[], columns: readonly string[]): Map<string, number> {
  return new Map(columns.map((column) => [column, header.indexOf(column)]));
}

/** A row of one of our own exports. @throws RowError */
export function parseOwn<Row>(schema: z.ZodType<Row>, row: TableRow, at: ReadonlyMap<string, number>): Row {
  const cells = [...at].map(([column, place]) => [column, row.cells[place] ?? '']);
  const parsed = schema.safeParse(Object.fromEntries(cells));
  if (parsed.success) return parsed.data;
  throw new RowError(explainInvalid(parsed.error));
}

/** What both of our own exports tell of a vote. */
export function describeOwn(vote: z.output<typeof OwnCast>) {
  return {
    ...{ rater: vote.rater, dimension: vote.dimension, role: vote.role },
    ...{ shownMs: vote.shown_ms, keyMs: vote.key_ms, pausedMs: vote.paused_ms },
    identity: {
      ...{ key: vote.vote, session: vote.session, position: vote.position, supersedes: vote.supersedes },
      castAt: vote.cast_at,
    },
  };
}

export const textOrNull = z.string().transform((text) => (text === '' ? null : text));
const numberOrNull = z
  .string()
  .transform((text) => (text === '' ? null : Number(text)))
  .pipe(z.number().nullable());
export const hashOrNull = textOrNull.pipe(
  z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
);
export const OwnCast = z.object({
  vote: z.uuid(),
  prompt: textOrNull,
  rater: z.string().min(1).max(120),
  session: z.string().regex(/^[0-9a-f]{32}$/),
  position: z.string().min(1).transform(Number).pipe(z.int().nonnegative()),
  role: z.enum(['stabilising', 'main', 'gold', 'trap', 'repeat']),
  dimension: Target,
  shown_ms: z.string().min(1).transform(Number).pipe(z.number().nonnegative()),
  key_ms: numberOrNull,
  paused_ms: numberOrNull,
  cast_at: z.iso.datetime().transform((text) => Date.parse(text)),
  supersedes: textOrNull,
});
const OwnVote = OwnCast.extend({
  image: z.string().min(1),
  sha256: hashOrNull,
  generator: textOrNull,
  value: z.string().min(1).transform(Number).pipe(z.number()),
});

/** Anybody's table. @throws StudioError `badInput` for a column of the mapping that is not there */
export function readLongVotes(table: RawTable, mapping: VoteMapping, dimension: string): RawVotes {
  const at = locateColumns(table, mapping);
  return readRows({ table, mapping, shape: 'long' }, (row, collector) => {
    const cell = (part: keyof VoteMapping) => (row.cells[at.get(part) ?? -1] ?? '').trim();
    if (cell('isCurrent') === '0') return null;
    const name = cell('image');
    if (name === '') throw new RowError('the image is empty');
    const plain = readPlain(cell, dimension);
    const value = readValue(cell('value'));
    if (value === null) return null;
    const image = { name, hash: null, prompt: textOr(cell('prompt')), generator: textOr(cell('generator')) };
    return { line: row.line, image: collector.add({ ...image, group: null }), value, ...plain };
  });
}

/** What any table of votes or choices tells of a row. @throws RowError for no rater, and for a time or a role that is none */
export function readPlain(
  cell: (part: keyof VoteMapping) => string,
  dimension: string,
): Omit<RawVote, 'line' | 'image' | 'value'> {
  const rater = cell('rater');
  if (rater === '') throw new RowError('the rater is empty');
  return {
    ...{ rater, keyMs: null, pausedMs: null, identity: null },
    shownMs: readTime(cell('shownMs'), 1) ?? readTime(cell('seconds'), 1000),
    dimension: cell('dimension') === '' ? dimension : keyOf(cell('dimension')),
    role: readRole(cell('role')),
  };
}

export function readRows(
  { table, mapping, shape }: { table: RawTable; mapping: VoteMapping | null; shape: 'long' | 'pairs' },
  read: (row: TableRow, collector: ImageCollector) => RawVote | null,
): RawVotes {
  const collector = new ImageCollector();
  const votes: RawVote[] = [];
  const problems = readEachRow(table, (row) => {
    const vote = read(row, collector);
    if (vote !== null) votes.push(vote);
  });
  return {
    ...{ fileName: table.fileName, name: null, shape, header: table.header },
    rows: table.rows.slice(0, 20).map(({ cells }) => cells),
    ...{ mapping, images: collector.images, votes, problems, isAnonymous: false },
  };
}

export function textOr(text: string): string | null {
  return text === '' ? null : text;
}

function readTime(text: string, factor: number): number | null {
  const value = readValue(text);
  if (value !== null && value < 0) throw new RowError(`a time of ${text}`);
  return value === null ? null : value * factor;
}

function readRole(text: string): RawVote['role'] {
  const role = text.toLowerCase();
  if (role === '' || role === 'main') return 'main';
  if (role === 'stabilising' || role === 'gold' || role === 'trap' || role === 'repeat') return role;
  throw new RowError(`“${text}” is not a role of votes`);
}

/** A dimension's key from a word: `Image Quality` → image_quality. */
function keyOf(word: string): string {
  const key = word
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
    .slice(0, 40);
  if (key === '') throw new RowError(`“${word}” cannot be a dimension's name: it has no letter a–z`);
  return key;
}
