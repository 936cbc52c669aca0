/** Reads votes in long form, one row a vote: our own export with all it knows, or anybody's table by a mapping. */
import { z } from 'zod';
import type { VoteMapping } from '../../contract/study-files.ts';
import { Target } from '../../contract/targets.ts';
import { locateColumns } from '../tables/locate-columns.ts';
import type { RawTable, TableRow } from '../tables/read-table.ts';
import { assertWidth, RowError, readEachRow } from '../tables/row-problems.ts';
import { ImageCollector, type RawVote, type RawVotes, readValue, unguardCell } from './raw-votes.ts';

/** Words by which columns are recognised, the first that fits. */
const words: Record<keyof VoteMapping, readonly string[]> = {
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
  const plain = header.map((column) =>
    column
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
  );
  const found = Object.entries(words).flatMap(([part, candidates]) => {
    const word = candidates.find((candidate) => plain.includes(candidate));
    return word === undefined ? [] : [[part, header[plain.indexOf(word)]!]];
  });
  const mapping: VoteMapping = Object.fromEntries(found);
  const isEnough = mapping.image !== undefined && mapping.rater !== undefined && mapping.value !== undefined;
  return isEnough ? mapping : null;
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
  const at = new Map(table.header.map((column, index) => [column, index]));
  return readRows(table, null, (row, collector) => {
    const cell = (column: string) => unguardCell(row.cells[at.get(column)!] ?? '');
    const parsed = OwnVote.safeParse(Object.fromEntries(ownColumns.map((column) => [column, cell(column)])));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new RowError(`${issue?.path.join('.')}: ${issue?.message}`);
    }
    const vote = parsed.data;
    const { image: name, sha256: hash, prompt, generator } = vote;
    return {
      line: row.line,
      image: collector.add({ name, hash, prompt, generator, group: null }),
      ...{ rater: vote.rater, dimension: vote.dimension, value: vote.value, role: vote.role },
      ...{ shownMs: vote.shown_ms, keyMs: vote.key_ms, pausedMs: vote.paused_ms },
      identity: {
        ...{ key: vote.vote, session: vote.session, position: vote.position, supersedes: vote.supersedes },
        castAt: vote.cast_at,
      },
    };
  });
}

const textOrNull = z.string().transform((text) => (text === '' ? null : text));
const numberOrNull = z
  .string()
  .transform((text) => (text === '' ? null : Number(text)))
  .pipe(z.number().nullable());
const OwnVote = z.object({
  vote: z.uuid(),
  image: z.string().min(1),
  sha256: textOrNull.pipe(
    z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable(),
  ),
  prompt: textOrNull,
  generator: textOrNull,
  rater: z.string().min(1).max(120),
  session: z.string().regex(/^[0-9a-f]{32}$/),
  position: z.string().min(1).transform(Number).pipe(z.int().nonnegative()),
  role: z.enum(['stabilising', 'main', 'gold', 'trap', 'repeat']),
  dimension: Target,
  value: z.string().min(1).transform(Number).pipe(z.number()),
  shown_ms: z.string().min(1).transform(Number).pipe(z.number().nonnegative()),
  key_ms: numberOrNull,
  paused_ms: numberOrNull,
  cast_at: z.iso.datetime().transform((text) => Date.parse(text)),
  supersedes: textOrNull,
});

/** Anybody's table. @throws StudioError `badInput` for a column of the mapping that is not there */
export function readLongVotes(table: RawTable, mapping: VoteMapping, dimension: string): RawVotes {
  const at = locateColumns(table, mapping);
  return readRows(table, mapping, (row, collector) => {
    const cell = (part: keyof VoteMapping) => unguardCell((row.cells[at.get(part) ?? -1] ?? '').trim());
    if (cell('isCurrent') === '0') return null;
    const [name, rater] = [cell('image'), cell('rater')];
    if (name === '') throw new RowError('the image is empty');
    if (rater === '') throw new RowError('the rater is empty');
    const value = readValue(cell('value'));
    if (value === null) return null;
    const shownMs = readTime(cell('shownMs'), 1) ?? readTime(cell('seconds'), 1000);
    const image = { name, hash: null, prompt: textOr(cell('prompt')), generator: textOr(cell('generator')) };
    return {
      line: row.line,
      image: collector.add({ ...image, group: null }),
      ...{ rater, value, shownMs, keyMs: null, pausedMs: null, identity: null },
      dimension: cell('dimension') === '' ? dimension : keyOf(cell('dimension')),
      role: readRole(cell('role')),
    };
  });
}

function readRows(
  table: RawTable,
  mapping: VoteMapping | null,
  read: (row: TableRow, collector: ImageCollector) => RawVote | null,
): RawVotes {
  const collector = new ImageCollector();
  const votes: RawVote[] = [];
  const problems = readEachRow(table.rows, (row) => {
    assertWidth(row.cells, table.header.length);
    const vote = read(row, collector);
    if (vote !== null) votes.push(vote);
  });
  return {
    ...{ fileName: table.fileName, name: null, shape: 'long', header: table.header },
    rows: table.rows.slice(0, 20).map(({ cells }) => cells),
    ...{ mapping, images: collector.images, votes, problems, isAnonymous: false },
  };
}

function textOr(text: string): string | null {
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
