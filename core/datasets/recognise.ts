/** Finds out which public data set a file is, or a folder holds, by what its files are called and which columns they have. */
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { decodeStart } from '../tables/decode-text.ts';
import { readTable } from '../tables/read-table.ts';
import { isScaleColumn } from '../tables/scale-columns.ts';
import { type DatasetLayout, datasetLayouts, hasColumns } from './layouts.ts';

/** Folders of images below these are not looked through for tables. */
const depth = 4;
/** Of a folder with more such files (sidecars of images) only the largest are looked at. */
const mostCandidates = 200;
const peekBytes = 65_536;

export interface FoundDataset {
  layout: DatasetLayout;
  shape: DatasetLayout['shapes'][number];
  /** Tables of that shape; of matrices, all files that may belong to it. */
  files: string[];
  /** Where the images lie, in it or below. */
  folder: string;
}

/**
 * The first layout that fits.
 *
 * @throws StudioError `notFound` for a path that is not there, `unsupported` where no layout fits, with what is known
 */
export async function recogniseDataset(path: string): Promise<FoundDataset> {
  const info = await stat(path).catch(() => null);
  if (info === null) throw new StudioError('notFound', `There is no ${path}.`, { path });
  const folder = info.isDirectory() ? path : dirname(path);
  const files = info.isDirectory() ? await listTables(path, depth) : [path];
  const headers = new Map(
    await Promise.all(files.map(async (file) => [file, await peekColumns(file)] as const)),
  );
  const layouts: readonly DatasetLayout[] = datasetLayouts;
  for (const layout of layouts) {
    for (const shape of layout.shapes) {
      const fitting = files.filter((file) => fits(shape, basename(file), headers.get(file) ?? []));
      const isWhole = shape.kind !== 'matrices' || fitting.length > 0;
      if (fitting.length > 0 && isWhole) return { layout, shape, files: fitting, folder };
    }
  }
  throw new StudioError(
    'unsupported',
    `${path} is none of the data sets whose files are known (${datasetLayouts.map(({ title }) => title).join(', ')}). A single table can be imported with its columns said by hand.`,
    { path },
  );
}

function fits(shape: DatasetLayout['shapes'][number], name: string, columns: readonly string[]): boolean {
  switch (shape.kind) {
    case 'table':
      return (
        (shape.files === null || shape.files.test(name)) &&
        hasColumns(columns, shape.columns) &&
        // The studio's own exports, in a set's columns, say their scale.
        !columns.some(isScaleColumn)
      );
    case 'pairs':
      return hasColumns(columns, shape.columns);
    case 'rankings':
      return (
        isJson(name) &&
        columns.includes(shape.prompt) &&
        shape.images.some((field) => columns.includes(field)) &&
        [shape.preferences, ...shape.ranks, ...shape.annotations].some((field) => columns.includes(field))
      );
    case 'matrices':
      return shape.index.test(name);
  }
}

function isJson(name: string): boolean {
  return /\.(json|jsonl|ndjson)$/i.test(name);
}

/** Tables in a folder and below it, those above first, then the largest. */
export async function listTables(folder: string, levels: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const own = entries
    .filter((entry) => entry.isFile() && /\.(csv|tsv|xlsx|json|jsonl|ndjson|parquet|mat)$/i.test(entry.name))
    .map(({ name }) => join(folder, name));
  const sizes = await Promise.all(own.map(async (path) => [path, (await stat(path)).size] as const));
  const largest = sizes
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostCandidates)
    .map(([path]) => path)
    .sort();
  if (levels <= 1) return largest;
  const below: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory() && !entry.name.startsWith('.') && below.length < mostCandidates)
      below.push(...(await listTables(join(folder, entry.name), levels - 1)));
  }
  return [...largest, ...below].slice(0, mostCandidates);
}

/** The columns of a table, the fields of JSON's first entries; none where it cannot be read. */
async function peekColumns(path: string): Promise<string[]> {
  try {
    if (isJson(path)) return fieldsIn(await readStart(path));
    if (/\.(csv|tsv)$/i.test(path)) {
      const start = await readStart(path);
      const whole = start.slice(0, Math.max(1, start.lastIndexOf('\n')));
      return (await readTable({ fileName: basename(path), file: new Blob([whole]) })).header;
    }
    if (/\.(xlsx|parquet)$/i.test(path)) return (await readTable({ path }, { rows: 1 })).header;
    return [];
  } catch {
    return [];
  }
}

async function readStart(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(peekBytes), 0, peekBytes, 0);
    return decodeStart(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** Names before a colon; the first entries stand at the beginning. */
function fieldsIn(start: string): string[] {
  return [...new Set([...start.matchAll(/"(\w{1,60})"\s*:/g)].map(([, name]) => name!))];
}
