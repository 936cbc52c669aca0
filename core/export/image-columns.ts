/** Every column that can be told of an image: what it is called, its type, and how a row gets its cell. */
import { StudioError } from '../../contract/errors.ts';
import type { ColumnInfo } from '../../contract/export-images.ts';
import type { ExportedFile, ExportedGeneration, ExportedImage } from '../../db/export-rows.ts';
import { absolutePath } from '../find-files.ts';
import type { ConformalInterval } from '../head-interval.ts';
import { mosInterval } from '../maths/mos.ts';
import { unpackText } from '../raw-metadata.ts';
import type { BlockFacts } from './block-facts.ts';
import type { Cell, ColumnType } from './table.ts';

/** One row: an image, and the file it is a row of where there is one row a file. */
export interface ImageRowRef {
  id: number;
  file: ExportedFile | null;
}

type ReadCell = (facts: BlockFacts, row: ImageRowRef) => Cell;

export interface ImageColumn extends ColumnInfo {
  read: ReadCell;
}

type Field = [label: string, type: ColumnType, read: ReadCell];

function ofImage(read: (image: ExportedImage) => Cell): ReadCell {
  return (facts, { id }) => read(facts.images().get(id)!);
}

function ofGeneration(read: (generation: ExportedGeneration) => Cell): ReadCell {
  return (facts, { id }) => {
    const generation = facts.generations().get(id);
    return generation === undefined ? null : read(generation);
  };
}

/** As JSON: the texts by their names in the file. */
function rawMetadata(facts: BlockFacts, { id }: ImageRowRef): Cell {
  const packed = facts.packedTexts().get(id);
  return packed === undefined ? null : unpackText(packed);
}

/** The file of the row, else the image's first by path. */
function fileOf(facts: BlockFacts, { id, file }: ImageRowRef): ExportedFile | undefined {
  return file ?? facts.files().get(id)?.[0];
}

function baseName({ path }: ExportedFile): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The name that it came under, with folders where a table needed them; that of its first file where it was renamed since. */
function nameOfImage(facts: BlockFacts, id: number): string {
  const { name } = facts.images().get(id)!;
  const files = facts.files().get(id) ?? [];
  const isCarried = files.some(({ root, path }) => `${root}/${path}`.endsWith(`/${name}`));
  return isCarried || files[0] === undefined ? name : baseName(files[0]);
}

/** Where a file lies; a readable form where its name is not UTF-8. */
export function readablePath({ root, path }: ExportedFile): string {
  return String(absolutePath(root, { path, rawPath: null }));
}

const groups: Record<string, Record<string, Field>> = {
  Image: {
    name: [
      'File name',
      'text',
      (facts, row) => (row.file === null ? nameOfImage(facts, row.id) : baseName(row.file)),
    ],
    path: [
      'Path',
      'text',
      (facts, row) => {
        const file = fileOf(facts, row);
        return file === undefined ? null : readablePath(file);
      },
    ],
    sha256: ['SHA-256', 'text', ofImage((image) => image.hash)],
    format: ['Format', 'text', ofImage((image) => image.format)],
    width: ['Width (px)', 'integer', ofImage((image) => image.width)],
    height: ['Height (px)', 'integer', ofImage((image) => image.height)],
    size_bytes: ['Size (bytes)', 'integer', ofImage((image) => image.size_bytes)],
    added_at: ['Added at', 'time', ofImage((image) => new Date(image.added_at).toISOString())],
  },
  Generation: {
    prompt: ['Prompt', 'text', ofImage((image) => image.prompt)],
    prompt_source: ['Where the prompt is from', 'text', ofImage((image) => image.prompt_source)],
    negative_prompt: ['Negative prompt', 'text', ofGeneration((one) => one.negative_prompt)],
    generator: ['Generator', 'text', ofImage((image) => image.generator)],
    tool: ['Tool', 'text', ofGeneration((one) => one.tool)],
    model: ['Model file', 'text', ofGeneration((one) => one.model)],
    sampler: ['Sampler', 'text', ofGeneration((one) => one.sampler)],
    steps: ['Steps', 'number', ofGeneration((one) => one.steps)],
    cfg: ['CFG scale', 'number', ofGeneration((one) => one.cfg)],
    // Text: seeds exceed what a number holds.
    seed: ['Seed', 'text', ofGeneration((one) => one.seed)],
    raw_metadata: ['Metadata as they are in the file', 'text', rawMetadata],
  },
  Choices: {
    flag: ['Flag', 'text', ofImage((image) => image.flag)],
    label: ['Colour label', 'text', ofImage((image) => image.label)],
    tags: ['Tags', 'texts', (facts, { id }) => facts.texts('tags').get(id) ?? []],
    collections: ['Collections', 'texts', (facts, { id }) => facts.texts('collections').get(id) ?? []],
  },
  Opinion: {
    votes: ['Votes that count', 'integer', (facts, { id }) => facts.votes().get(id) ?? 0],
  },
  Scores: {
    pack: ['Pack', 'text', (facts) => facts.context.packId],
    computed_by: [
      'What computed Q, S and scores',
      'text',
      (facts, { id }) => facts.computedBy().get(id) ?? null,
    ],
  },
};

/** Columns that are of something: `mos:quality`. The name in a file, the label, and how it is read. */
interface Family {
  group: string;
  type: ColumnType;
  nameOf: (of: string) => string;
  labelOf: (of: string) => string;
  read: (of: string) => ReadCell;
}

function intervalEnd(end: 'low' | 'high'): Family['read'] {
  return (dimension) => (facts, row) => {
    const mos = facts.mos(dimension).get(row.id);
    return mos === undefined ? null : mosInterval(mos)[end];
  };
}

/** Of images with a MOS: a table that is taken in again says by it on which scale each mean is. */
function scaleEnd(end: 0 | 1): Family['read'] {
  return (dimension) => (facts, row) =>
    facts.mos(dimension).has(row.id) ? (facts.context.scales[dimension]?.[end] ?? null) : null;
}

function ofMos(value: 'mean' | 'sd' | 'n'): Family['read'] {
  return (dimension) => (facts, row) => facts.mos(dimension).get(row.id)?.[value] ?? null;
}

/** How sure a head is: of images that it has a score of. */
function ofScore(read: (value: number, interval: ConformalInterval | null) => number | null): Family['read'] {
  return (target) => (facts, row) => {
    const value = facts.score(target).get(row.id);
    return value === undefined ? null : read(value, facts.context.heads[target]?.interval ?? null);
  };
}

/** What each family is of; a `*` of a preset is repeated over all of it. */
const families: Record<string, Family & { over: keyof ColumnNames }> = {
  signal: {
    over: 'signals',
    group: 'Scores',
    type: 'number',
    nameOf: (name) => name,
    labelOf: (name) => (name.length === 1 ? name.toUpperCase() : `Signal ${name}`),
    read: (name) => (facts, row) => facts.signal(name).get(row.id) ?? null,
  },
  score: {
    over: 'targets',
    group: 'Scores',
    type: 'number',
    nameOf: (target) => target,
    labelOf: (target) => `Score of ${target}`,
    read: (target) => (facts, row) => facts.score(target).get(row.id) ?? null,
  },
  head: {
    over: 'targets',
    group: 'Scores',
    type: 'text',
    nameOf: (target) => `${target}_head`,
    labelOf: (target) => `Head of ${target}`,
    read: (target) => (facts, row) =>
      facts.score(target).has(row.id) ? (facts.context.heads[target]?.name ?? null) : null,
  },
  score_low: {
    over: 'targets',
    group: 'Scores',
    type: 'number',
    nameOf: (target) => `${target}_low`,
    labelOf: (target) => `Interval of the score of ${target}, low end`,
    read: ofScore((value, interval) => interval && value - interval.halfWidth),
  },
  score_high: {
    over: 'targets',
    group: 'Scores',
    type: 'number',
    nameOf: (target) => `${target}_high`,
    labelOf: (target) => `Interval of the score of ${target}, high end`,
    read: ofScore((value, interval) => interval && value + interval.halfWidth),
  },
  coverage: {
    over: 'targets',
    group: 'Scores',
    type: 'number',
    nameOf: (target) => `${target}_coverage`,
    labelOf: (target) => `Coverage of the interval of ${target}`,
    read: ofScore((_value, interval) => interval?.coverage ?? null),
  },
  spread: {
    over: 'targets',
    group: 'Scores',
    type: 'number',
    nameOf: (target) => `${target}_spread`,
    labelOf: (target) => `Spread of the score of ${target}`,
    read: (target) => (facts, row) =>
      facts.score(target).has(row.id) ? (facts.spread(target).get(row.id) ?? null) : null,
  },
  mos: {
    over: 'dimensions',
    group: 'Opinion',
    type: 'number',
    nameOf: (of) => `mos_${of}`,
    labelOf: (of) => `MOS of ${of}`,
    read: ofMos('mean'),
  },
  sd: {
    over: 'dimensions',
    group: 'Opinion',
    type: 'number',
    nameOf: (of) => `sd_${of}`,
    labelOf: (of) => `SD of ${of}`,
    read: ofMos('sd'),
  },
  n: {
    over: 'dimensions',
    group: 'Opinion',
    type: 'integer',
    nameOf: (of) => `n_${of}`,
    labelOf: (of) => `N of ${of}`,
    read: ofMos('n'),
  },
  low: {
    over: 'dimensions',
    group: 'Opinion',
    type: 'number',
    nameOf: (of) => `ci_low_${of}`,
    labelOf: (of) => `95 % interval of ${of}, low end`,
    read: intervalEnd('low'),
  },
  high: {
    over: 'dimensions',
    group: 'Opinion',
    type: 'number',
    nameOf: (of) => `ci_high_${of}`,
    labelOf: (of) => `95 % interval of ${of}, high end`,
    read: intervalEnd('high'),
  },
  scale_min: {
    over: 'dimensions',
    group: 'Opinion',
    type: 'number',
    nameOf: (of) => `scale_min_${of}`,
    labelOf: (of) => `Scale of the MOS of ${of}, lowest value`,
    read: scaleEnd(0),
  },
  scale_max: {
    over: 'dimensions',
    group: 'Opinion',
    type: 'number',
    nameOf: (of) => `scale_max_${of}`,
    labelOf: (of) => `Scale of the MOS of ${of}, highest value`,
    read: scaleEnd(1),
  },
  attribute: {
    over: 'attributes',
    group: 'Imported columns',
    type: 'text',
    nameOf: (name) => name,
    labelOf: (name) => name,
    read: (name) => (facts, row) => facts.attribute(name).get(row.id) ?? null,
  },
};

/** What this library has that columns can be of. */
export interface ColumnNames {
  signals: readonly string[];
  targets: readonly string[];
  dimensions: readonly string[];
  attributes: readonly string[];
}

/** All columns of a library, group by group. */
export function listColumns(names: ColumnNames): ImageColumn[] {
  const fields = Object.values(groups).flatMap((group) => Object.keys(group));
  const keys = Object.entries(families).flatMap(([kind, { over }]) =>
    names[over].map((of) => `${kind}:${of}`),
  );
  const order = ['Image', 'Generation', 'Scores', 'Opinion', 'Choices', 'Imported columns'];
  return [...fields, ...keys].map(findColumn).sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
}

/** The column of a key; one of something that the library does not have is empty. @throws StudioError `badInput` */
export function findColumn(key: string): ImageColumn {
  const [group, fields] = Object.entries(groups).find(([, all]) => Object.hasOwn(all, key)) ?? [];
  if (group !== undefined && fields !== undefined) {
    const [label, type, read] = fields[key]!;
    return { key, name: key, label, group, type, read };
  }
  const colon = key.indexOf(':');
  const of = key.slice(colon + 1);
  const family = Object.hasOwn(families, key.slice(0, colon)) ? families[key.slice(0, colon)] : undefined;
  if (family === undefined || of === '') {
    throw new StudioError('badInput', `There is no column “${key}”.`, { key });
  }
  const { type, nameOf, labelOf, read } = family;
  return { key, name: nameOf(of), label: labelOf(of), group: family.group, type, read: read(of) };
}

/** Whether a column tells how sure a head is by its conformal interval. */
export function isOfInterval(key: string): boolean {
  return /^(score_low|score_high|coverage):/.test(key);
}

/** Whether a column tells what a pack computed. */
export function isOfScores(key: string): boolean {
  return findColumn(key).group === 'Scores';
}

/** What the names are that a `*` of a key stands for; null for a key without one. */
export function starOf(key: string): keyof ColumnNames | null {
  const [kind = '', of] = key.split(':');
  return of === '*' ? (families[kind]?.over ?? null) : null;
}
