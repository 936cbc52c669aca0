/** Sets of columns under a name: those that come with the studio, as data, and those that the user saved. */
import { z } from 'zod';
import { findTwice, nameApart, nameBeside } from '../../contract/column-names.ts';
import { StudioError } from '../../contract/errors.ts';
import { type ExportColumn, ExportPreset } from '../../contract/export-images.ts';
import { readNote, saveSetting } from '../../db/settings.ts';
import type { Studio } from '../studio.ts';
import { type ColumnNames, findColumn, starOf } from './image-columns.ts';

function columns(...keys: string[]): ExportColumn[] {
  return keys.map((key) => ({ key }));
}

/** Prompt, generator and settings, scores, MOS with everything that belongs to them, choices. */
const everythingOfUse = columns(
  ...['sha256', 'name', 'path', 'format', 'width', 'height', 'prompt', 'negative_prompt', 'generator'],
  ...[
    'sampler',
    'steps',
    'cfg',
    'seed',
    'pack',
    'computed_by',
    'signal:q',
    'signal:s',
    'signal:*',
    'score:*',
  ],
  ...[
    'score_low:*',
    'score_high:*',
    'mos:*',
    'sd:*',
    'n:*',
    'low:*',
    'high:*',
    'scale_min:*',
    'scale_max:*',
    'votes',
    'flag',
    'label',
    'tags',
    'collections',
  ],
);

/**
 * AGIQA-3K's data.csv, which its scripts read by these names: `name,prompt,adj1,adj2,style,mos_quality,std_quality,mos_align,std_align`.
 * Further dimensions follow in the same manner; a value that does not exist is empty.
 */
export const agiqaColumns: readonly ExportColumn[] = [
  ...columns('name', 'prompt', 'attribute:adj1', 'attribute:adj2', 'attribute:style', 'mos:quality'),
  { key: 'sd:quality', name: 'std_quality' },
  { key: 'mos:alignment', name: 'mos_align' },
  { key: 'sd:alignment', name: 'std_align' },
  { key: 'mos:*' },
  { key: 'sd:*', name: 'std_*' },
];

/** The same, then what makes the table whole: taken in again, it is the set that it was. */
export const mosColumns: readonly ExportColumn[] = [
  ...agiqaColumns,
  ...columns('n:*', 'scale_min:*', 'scale_max:*'),
];

export const shippedPresets: readonly ExportPreset[] = [
  {
    id: 'overview',
    title: 'Overview',
    note: 'What the library shows of an image: prompt, scores, MOS, choices.',
    format: 'xlsx',
    columns: columns(
      ...['name', 'path', 'prompt', 'generator', 'signal:q', 'signal:s', 'score:*', 'mos:*', 'sd:*', 'n:*'],
      ...['scale_min:*', 'scale_max:*', 'votes', 'flag', 'label', 'tags', 'collections'],
    ),
  },
  {
    id: 'mos',
    title: 'MOS table',
    note: 'AGIQA-3K’s columns, then counts and the ends of the scale: what an import needs to have the same set.',
    format: 'csv',
    columns: [...mosColumns],
  },
  {
    id: 'agiqa-3k',
    title: 'AGIQA-3K',
    note: 'The columns of AGIQA-3K’s data.csv, which its scripts read as they are.',
    format: 'csv',
    columns: [...agiqaColumns],
  },
  {
    id: 'pandas',
    title: 'pandas',
    note: 'Everything of use under names that are Python attributes; Parquet keeps the types.',
    format: 'parquet',
    columns: everythingOfUse,
  },
  {
    id: 'dataset',
    title: 'Hugging Face data set',
    note: 'A folder that load_dataset("imagefolder", data_dir=…) loads: image, text, scores, MOS.',
    format: 'folder',
    columns: [
      { key: 'prompt', name: 'text' },
      ...columns('generator', 'signal:q', 'signal:s', 'score:*', 'mos:*', 'sd:*', 'n:*'),
      ...columns('scale_min:*', 'scale_max:*'),
    ],
  },
];

/**
 * The columns with every `*` resolved; neighbours with one over the same names are repeated together, and a key stands once. What comes of
 * a `*` gives way to names that are given: beside AGIQA-3K's `mos_align` for alignment, a dimension `align` has `mos_align_2`.
 */
export function resolveColumns(wanted: readonly ExportColumn[], names: ColumnNames): ExportColumn[] {
  const resolved = new Map<string, ExportColumn>();
  const add = (column: ExportColumn) => {
    if (!resolved.has(column.key)) resolved.set(column.key, column);
  };
  for (let at = 0; at < wanted.length; at += 1) {
    const over = starOf(wanted[at]!.key);
    if (over === null) {
      add(wanted[at]!);
      continue;
    }
    const from = at;
    while (at + 1 < wanted.length && starOf(wanted[at + 1]!.key) === over) at += 1;
    for (const one of names[over]) {
      for (const { key, name } of wanted.slice(from, at + 1)) {
        const own = { key: key.replace('*', () => one), name: name?.replace('*', () => one) };
        const called = own.name ?? findColumn(own.key).name;
        const beside = nameBeside(called, givenNames([...resolved.values()]));
        add(own.name === undefined && beside === called ? { key: own.key } : { key: own.key, name: beside });
      }
    }
  }
  return [...resolved.values()];
}

function givenNames(columns: readonly ExportColumn[]): string[] {
  return columns.flatMap(({ name }) => (name === undefined ? [] : [name]));
}

/** The columns as a file has them. @throws StudioError `badInput` for one that does not exist, or a given name that is another one's, too */
export function nameColumns(wanted: readonly ExportColumn[]): { key: string; name: string }[] {
  const named = nameApart(wanted.map((column) => ({ ...column, usual: findColumn(column.key).name })));
  const twice = findTwice(named.map(({ name }) => name));
  if (twice !== undefined) {
    throw new StudioError('badInput', `Two columns are called “${twice}”: give one another name.`, {
      name: twice,
    });
  }
  return named;
}

const note = 'exports:presets';

/** Those that the user saved, by title. */
export function readOwnPresets({ db }: Pick<Studio, 'db'>): ExportPreset[] {
  return z.array(ExportPreset).parse(JSON.parse(readNote(db, note) ?? '[]'));
}

/** Saves a set of columns; one of that title is replaced. @throws StudioError `badInput` as `nameColumns` */
export function saveOwnPreset(
  studio: Studio,
  { title, format, columns: chosen }: Pick<ExportPreset, 'title' | 'format' | 'columns'>,
): ExportPreset[] {
  nameColumns(chosen);
  const preset = { id: `own:${title}`.slice(0, 80), title, note: 'Saved here.', format, columns: chosen };
  const others = readOwnPresets(studio).filter((other) => other.title !== title);
  return store(
    studio,
    [...others, preset].sort((a, b) => a.title.localeCompare(b.title)),
  );
}

/** @throws StudioError `notFound` */
export function forgetOwnPreset(studio: Studio, title: string): ExportPreset[] {
  const presets = readOwnPresets(studio);
  const others = presets.filter((preset) => preset.title !== title);
  if (others.length === presets.length) {
    throw new StudioError('notFound', `No set of columns is called “${title}”.`, { title });
  }
  return store(studio, others);
}

function store({ db, bus }: Studio, presets: ExportPreset[]): ExportPreset[] {
  saveSetting(db, note, JSON.stringify(presets));
  bus.changed('settings');
  return presets;
}
