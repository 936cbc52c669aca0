/** Fields by which images are grouped: generator, prompt, length of the prompt, resolution, generation metadata, imported columns. */
import type { MosChoice } from '../contract/agreement.ts';
import type { Field } from '../contract/agreement-views.ts';
import { StudioError } from '../contract/errors.ts';
import type { Db } from '../db/database.ts';
import { imageFieldsOfMosSet } from '../db/image-fields.ts';
import { attributesOfMosSet } from '../db/images.ts';
import { type MosRowWithName, mosRows } from '../db/mos.ts';
import type { Studio } from './studio.ts';

/** The text of a field of an image; null where it has none. */
export type FieldReader = (row: MosRowWithName) => string | null;

/** More distinct numbers than this are shown as ranges. */
const mostSingleNumbers = 8;
const ranges = 5;

const labels: Record<string, string> = {
  generator: 'Generator',
  prompt: 'Prompt',
  object: 'Object label (prompt before its first comma)',
  promptLength: 'Words in the prompt',
  resolution: 'Resolution (megapixels)',
  aspect: 'Aspect',
  format: 'File format',
  'generation.tool': 'Tool',
  'generation.model': 'Model file',
  'generation.sampler': 'Sampler',
  'generation.steps': 'Steps',
  'generation.cfg': 'CFG scale',
};

/** Every field of the images of some MOS sets, read at once. */
export function readFields(studio: Pick<Studio, 'db'>, ...mosSetIds: number[]): Map<string, FieldReader> {
  const rows = mosSetIds.flatMap((id) => imageFieldsOfMosSet(studio.db, id));
  const known = new Map(rows.map((row) => [row.image_id, row]));
  const attributes = new Map(mosSetIds.flatMap((id) => [...attributesOfMosSet(studio.db, id)]));
  const names = new Set([...attributes.values()].flatMap((one) => Object.keys(one)));
  const of = (row: MosRowWithName) => known.get(row.image_id);
  const text = (value: string | number | null | undefined) =>
    value == null || value === '' ? null : String(value);
  return new Map<string, FieldReader>([
    ['generator', (row) => text(row.generator)],
    ['prompt', (row) => (row.prompt === null ? null : normalisePrompt(row.prompt))],
    ['object', (row) => (row.prompt === null ? null : objectOf(row.prompt))],
    ['promptLength', (row) => (row.prompt === null ? null : String(row.prompt.trim().split(/\s+/).length))],
    ['resolution', (row) => describeSize(of(row), (w, h) => ((w * h) / 1e6).toFixed(2))],
    [
      'aspect',
      (row) => describeSize(of(row), (w, h) => (w === h ? 'square' : w > h ? 'landscape' : 'portrait')),
    ],
    ['format', (row) => text(of(row)?.format)],
    ['generation.tool', (row) => text(of(row)?.tool)],
    ['generation.model', (row) => text(of(row)?.model)],
    ['generation.sampler', (row) => text(of(row)?.sampler)],
    ['generation.steps', (row) => text(of(row)?.steps)],
    ['generation.cfg', (row) => text(of(row)?.cfg)],
    ...[...names].map((name): [string, FieldReader] => [
      `attribute.${name}`,
      (row) => text(attributes.get(row.image_id)?.[name]),
    ]),
  ]);
}

function describeSize(
  size: { width: number | null; height: number | null } | undefined,
  describe: (width: number, height: number) => string,
): string | null {
  return size?.width == null || size.height === null ? null : describe(size.width, size.height);
}

/** Trimmed, white space collapsed, lower case: the same prompt written twice is one group. */
function normalisePrompt(prompt: string): string {
  return prompt.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

/** AGIQA-3K's object label: the prompt before its first comma. */
function objectOf(prompt: string): string {
  return normalisePrompt(prompt.split(',')[0]!);
}

/** One field's reader. @throws StudioError `badInput` for one that the set does not have */
export function getField(fields: ReadonlyMap<string, FieldReader>, name: string): FieldReader {
  const reader = fields.get(name);
  if (reader !== undefined) return reader;
  throw new StudioError(
    'badInput',
    `There is no field “${name}” (there are ${[...fields.keys()].join(', ')}).`,
    {
      field: name,
    },
  );
}

/** Groups of images that are kept together: by the field's value, an image without one by itself. */
export function groupRows(rows: readonly MosRowWithName[], read: FieldReader): string[] {
  return rows.map((row) => {
    const value = read(row);
    return value === null ? `image ${row.image_id}` : `= ${value}`;
  });
}

/** The fields in which the images of a MOS set differ on a dimension. */
export function readDifferingFields(db: Db, { mosSetId, dimension }: MosChoice): Field[] {
  const rows = mosRows(db, mosSetId, dimension);
  return [...readFields({ db }, mosSetId)]
    .map(([name, read]) => describeField(name, rows.map(read)))
    .filter(({ values }) => values > 1);
}

/** What a field has in these rows. */
export function describeField(name: string, values: readonly (string | null)[]): Field {
  const some = values.filter((value) => value !== null);
  const distinct = new Set(some);
  return {
    name,
    label: labels[name] ?? name.replace(/^attribute\./, ''),
    isNumeric:
      some.length > 0 &&
      [...distinct].every((value) => value.trim() !== '' && Number.isFinite(Number(value))),
    images: some.length,
    values: distinct.size,
  };
}

/** The classes of a field: its values, the largest first, or ranges of about equal size of a number with many values. */
export function classify(
  name: string,
  values: readonly (string | null)[],
): { labels: string[]; classOf: number[] } {
  const field = describeField(name, values);
  if (!field.isNumeric) return classifyTexts(values);
  const numbers = values.map((value) => (value === null ? Number.NaN : Number(value)));
  const distinct = [...new Set(numbers.filter(Number.isFinite))].sort((a, b) => a - b);
  if (distinct.length <= mostSingleNumbers) {
    return { labels: distinct.map(String), classOf: numbers.map((value) => distinct.indexOf(value)) };
  }
  const sorted = numbers.filter(Number.isFinite).sort((a, b) => a - b);
  const cuts = [
    ...new Set(
      Array.from({ length: ranges - 1 }, (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / ranges)]!),
    ),
  ].filter((cut) => cut > sorted[0]!);
  const classOf = numbers.map((value) =>
    Number.isFinite(value) ? cuts.filter((cut) => value >= cut).length : -1,
  );
  const labelOf = (at: number) => {
    const inside = sorted.filter((value) => cuts.filter((cut) => value >= cut).length === at);
    return `${inside[0]} – ${inside.at(-1)}`;
  };
  return { labels: [...cuts, null].map((_, at) => labelOf(at)), classOf };
}

function classifyTexts(values: readonly (string | null)[]): { labels: string[]; classOf: number[] } {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const found = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([value]) => value);
  const index = new Map(found.map((value, at) => [value, at]));
  return { labels: found, classOf: values.map((value) => (value === null ? -1 : index.get(value)!)) };
}
