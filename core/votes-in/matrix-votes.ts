/** Reads votes as matrices: a table with a column a rater, bare numbers of the P.910 toolkit, and JSON of sureal. */

import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { explainInvalid } from '../../contract/explain-invalid.ts';
import type { LineProblem, VoteMapping } from '../../contract/study-files.ts';
import { Target } from '../../contract/targets.ts';
import { readNumber } from '../tables/read-number.ts';
import type { RawTable, TableRow } from '../tables/read-table.ts';
import { RowError, readEachRow } from '../tables/row-problems.ts';
import { ImageCollector, type RawVote, type RawVotes, readValue } from './raw-votes.ts';

/** Columns of a matrix that are no raters. */
const otherColumns = /^(sha256|hash|prompt|generator|group|content|mos|std|sd|n)$/i;

interface Cell {
  line: number;
  image: number;
  rater: string;
  text: string;
}

/** `image` and a column a rater; `sha256`, `prompt` and `generator` are told apart. */
export function readMatrix(table: RawTable, mapping: VoteMapping, dimension: string): RawVotes {
  const { header } = table;
  const place = (column: string | undefined) => (column === undefined ? -1 : header.indexOf(column));
  const named = {
    image: place(mapping.image),
    prompt: place(mapping.prompt),
    generator: place(mapping.generator),
  };
  if (named.image < 0) {
    throw new StudioError('badInput', `${table.fileName} has no column “${mapping.image ?? 'image'}”.`);
  }
  const hashAt = header.findIndex((column) => /^(sha256|hash)$/i.test(column));
  const taken = new Set(Object.values(named));
  const others = header.flatMap((rater, at) =>
    taken.has(at) || rater === '' || otherColumns.test(rater) ? [] : [{ rater, at }],
  );
  // A column of words alone is about the images, not by a rater; the preview says which.
  const isOfWords = ({ at }: { at: number }) => {
    const said = table.rows.map(({ cells }) => readNumber(cells[at] ?? '')).filter((value) => value !== null);
    return said.length > 0 && !said.some(Number.isFinite);
  };
  const passedOver = others.filter(isOfWords);
  const raters = others.filter((one) => !passedOver.includes(one));
  const collector = new ImageCollector();
  const seen = new Set<number>();
  const { votes, problems } = collectVotes(dimension, table, ({ line, cells }) => {
    const text = (at: number) => (cells[at] ?? '').trim() || null;
    const name = text(named.image);
    if (name === null) throw new RowError('the image is empty');
    const hash = text(hashAt);
    if (hash !== null && !/^[0-9a-f]{64}$/.test(hash)) throw new RowError('its SHA-256 is none');
    const image = collector.add({
      name,
      hash,
      prompt: text(named.prompt),
      generator: text(named.generator),
      group: null,
    });
    if (seen.has(image)) throw new RowError(`“${name}” has a row already`);
    seen.add(image);
    return raters.map(({ rater, at }): Cell => ({ line, image, rater, text: cells[at] ?? '' }));
  });
  return {
    ...{ fileName: table.fileName, name: null, shape: 'matrix', header, mapping },
    rows: table.rows.slice(0, 20).map(({ cells }) => cells),
    ...{ images: collector.images, votes, problems, isAnonymous: false },
    passedOver: passedOver.map(({ rater }) => rater),
  };
}

/** Rows are images, columns raters; they are numbered, since nothing names them. */
export function readP910(fileName: string, rows: TableRow[], dimension: string): RawVotes {
  const width = Math.max(...rows.map(({ cells }) => cells.length));
  const digits = (n: number) => Math.max(2, String(n).length);
  const number = (at: number, of: number) => String(at + 1).padStart(digits(of), '0');
  const stem = fileName.replace(/\.[^.]+$/, '');
  const images = rows.map((_, at) => ({
    ...{ name: `${stem} ${number(at, rows.length)}`, hash: null, prompt: null, generator: null, group: null },
  }));
  const { votes, problems } = collectVotes(dimension, { rows }, ({ line, cells }, image) => {
    if (cells.length !== width) throw new RowError(`${cells.length} cells, but other rows have ${width}`);
    return cells.map((text, at): Cell => ({ line, image, rater: `R${number(at, width)}`, text }));
  });
  return {
    ...{ fileName, name: null, shape: 'p910', header: [], mapping: null },
    rows: rows.slice(0, 20).map(({ cells }) => cells),
    ...{ images, votes, problems, isAnonymous: true },
  };
}

function collectVotes(
  dimension: string,
  table: Parameters<typeof readEachRow>[0],
  read: (row: TableRow, at: number) => Cell[],
): { votes: RawVote[]; problems: LineProblem[] } {
  const votes: RawVote[] = [];
  const problems = readEachRow(table, (row, at) => {
    for (const { text, ...cell } of read(row, at)) {
      const value = readValue(text);
      if (value !== null) votes.push({ ...cell, ...plainVote, dimension, value });
    }
  });
  return { votes, problems };
}

const plainVote = { role: 'main', shownMs: null, keyMs: null, pausedMs: null, identity: null } as const;

const Score = z.number().nullable();
const Sureal = z.object({
  dataset_name: z.string().optional(),
  dimension: Target.optional(),
  ref_videos: z.array(
    z.object({ content_id: z.union([z.int(), z.string()]), content_name: z.string().optional() }),
  ),
  dis_videos: z.array(
    z.object({
      content_id: z.union([z.int(), z.string()]),
      path: z.string().min(1),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
      os: z.union([z.array(Score), z.record(z.string(), z.union([Score, z.array(Score)]))]),
    }),
  ),
});
const RatingsMatrix = z.object({
  format: z.literal('ratings-matrix/1'),
  name: z.string().optional(),
  items: z.array(z.string().min(1)),
  raters: z.array(z.string().min(1)),
  ratings: z.array(z.array(Score)),
  groups: z.array(z.string()).optional(),
  generator: z.array(z.string()).optional(),
});

/** JSON of sureal: its datasets with scores in order or by subject, repeated ones too, and `ratings-matrix/1`. @throws StudioError `badInput` */
export function readSurealVotes(fileName: string, text: string, dimension: string): RawVotes {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new StudioError('badInput', `${fileName} is not well-formed JSON.`);
  }
  const matrix = RatingsMatrix.safeParse(json);
  if (matrix.success) return fromRatingsMatrix(fileName, matrix.data, dimension);
  const sureal = Sureal.safeParse(json);
  if (sureal.success) return fromSureal(fileName, sureal.data, dimension);
  throw new StudioError(
    'badInput',
    `${fileName} is neither a dataset of sureal nor a ratings matrix (${explainInvalid(sureal.error)}).`,
  );
}

function fromRatingsMatrix(
  fileName: string,
  data: z.infer<typeof RatingsMatrix>,
  dimension: string,
): RawVotes {
  const images = data.items.map((name, at) => ({
    ...{
      name,
      hash: null,
      prompt: null,
      generator: data.generator?.[at] ?? null,
      group: data.groups?.[at] ?? null,
    },
  }));
  const problems = data.ratings.flatMap((row, at): LineProblem[] =>
    row.length === data.raters.length && at < images.length
      ? []
      : [{ line: at + 1, reason: `${row.length} ratings for ${data.raters.length} raters` }],
  );
  const votes = data.ratings.flatMap((row, image) =>
    row.flatMap((value, at): RawVote[] =>
      value === null
        ? []
        : [{ line: image + 1, image, rater: data.raters[at] ?? '', ...plainVote, dimension, value }],
    ),
  );
  return describeJson(fileName, data.name ?? null, { images, votes, problems });
}

function fromSureal(fileName: string, data: z.infer<typeof Sureal>, dimension: string): RawVotes {
  const contents = new Map(data.ref_videos.map((content) => [content.content_id, content.content_name]));
  const collector = new ImageCollector();
  const problems: LineProblem[] = [];
  const votes = data.dis_videos.flatMap(({ content_id, path, sha256 = null, os }, at) => {
    const content = contents.get(content_id) ?? '';
    const before = collector.images.length;
    const image = collector.add({
      ...{ name: path, hash: sha256, generator: null },
      ...{ prompt: content === '' ? null : content, group: null },
    });
    if (image < before) problems.push({ line: at + 1, reason: `“${path}” stands there already` });
    const scores = Array.isArray(os)
      ? os.map((score, subject): [string, number | null] => [String(subject), score])
      : Object.entries(os).flatMap(([rater, own]) =>
          (Array.isArray(own) ? own : [own]).map((score): [string, number | null] => [rater, score]),
        );
    return scores.flatMap(([rater, value]): RawVote[] =>
      value === null
        ? []
        : [{ line: at + 1, image, rater, ...plainVote, dimension: data.dimension ?? dimension, value }],
    );
  });
  return describeJson(fileName, data.dataset_name ?? null, { images: collector.images, votes, problems });
}

function describeJson(
  fileName: string,
  name: string | null,
  read: Pick<RawVotes, 'images' | 'votes' | 'problems'>,
): RawVotes {
  return {
    fileName,
    name,
    shape: 'sureal',
    header: [],
    rows: [],
    mapping: null,
    ...read,
    isAnonymous: false,
  };
}
