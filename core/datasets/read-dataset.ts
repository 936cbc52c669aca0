/** Reads a recognised data set as one table of MOS with its mapping, whatever shape its files have. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { MosMapping } from '../../contract/mos.ts';
import { decodeText } from '../tables/decode-text.ts';
import { readMatFile } from '../tables/mat-file.ts';
import { readJsonEntries } from '../tables/read-json.ts';
import { type RawTable, readTable } from '../tables/read-table.ts';
import { assertWidths } from '../tables/row-problems.ts';
import {
  fitMapping,
  type MatrixShape,
  type PairShape,
  type RankingShape,
  type TableShape,
} from './layouts.ts';
import { PreferenceCounter } from './preferences.ts';
import { type FoundDataset, listTables } from './recognise.ts';

export interface ReadDataset {
  table: RawTable;
  mapping: MosMapping;
}

/** @throws StudioError as `readTable`; `badInput` where files do not belong together; `notFound` for one that is missing */
export async function readDataset({ shape, files, folder }: FoundDataset): Promise<ReadDataset> {
  switch (shape.kind) {
    case 'table':
      return await readTables(shape, files);
    case 'pairs':
      return await readPairs(shape, files);
    case 'rankings':
      return await readRankings(shape, files);
    case 'matrices':
      return await readMatrices(shape, folder);
  }
}

function nameOf(files: readonly string[]): string {
  const [first = '', ...others] = files.map((file) => basename(file));
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** A table all rows of which fit its header. */
async function readFitting(path: string): Promise<RawTable> {
  const table = await readTable({ path });
  assertWidths(table);
  return table;
}

/** Parts of one table, one below the other. */
async function readTables(shape: TableShape, files: readonly string[]): Promise<ReadDataset> {
  const tables = await Promise.all(files.map(readFitting));
  const header = [...new Set(tables.flatMap((table) => table.header))];
  const rows = tables.flatMap((table) => {
    const at = header.map((name) => table.header.indexOf(name));
    return table.rows.map(({ line, cells }) => ({ line, cells: at.map((index) => cells[index] ?? '') }));
  });
  const { encoding } = tables[0]!;
  return {
    table: { fileName: nameOf(files), encoding, header, rows },
    mapping: fitMapping(shape.mapping, header),
  };
}

const preferenceMapping: MosMapping = {
  name: 'name',
  prompt: 'prompt',
  generator: 'generator',
  mos: [{ dimension: 'preference', mean: 'mos_preference', sd: 'std_preference', n: 'n_preference' }],
};
const preferenceHeader = ['name', 'prompt', 'generator', 'mos_preference', 'std_preference', 'n_preference'];

/** What is known of the compared images. */
class PreferenceTable {
  readonly counter = new PreferenceCounter();
  readonly #about = new Map<string, { prompt: string; generator: string }>();

  know(image: string, prompt: string, generator = ''): void {
    if (!this.#about.has(image)) this.#about.set(image, { prompt, generator });
  }

  read(files: readonly string[], encoding: string): ReadDataset {
    const rows = [...this.counter.results()].map(([image, { mean, sd, n }], at) => {
      const { prompt, generator } = this.#about.get(image) ?? { prompt: '', generator: '' };
      return {
        line: at + 1,
        cells: [image, prompt, generator, String(mean), sd === null ? '' : String(sd), String(n)],
      };
    });
    if (rows.length === 0)
      throw new StudioError('badInput', `There are no judged comparisons in ${nameOf(files)}.`);
    return {
      table: { fileName: nameOf(files), encoding, header: preferenceHeader, rows },
      mapping: preferenceMapping,
    };
  }
}

async function readPairs(shape: PairShape, files: readonly string[]): Promise<ReadDataset> {
  const found = new PreferenceTable();
  let encoding = '';
  for (const path of files) {
    const table = await readFitting(path);
    ({ encoding } = table);
    const at = (column: string) =>
      table.header.findIndex((name) => name.toLowerCase() === column.toLowerCase());
    const [prompt, judged] = [at(shape.prompt), shape.isJudged === null ? -1 : at(shape.isJudged)];
    const [images, labels, generators] = [shape.images, shape.labels, shape.generators ?? []].map((columns) =>
      columns.map(at),
    );
    for (const { cells } of table.rows) {
      if (judged >= 0 && /^(false|0)$/i.test(cells[judged] ?? '')) continue;
      const [first = '', second = ''] = images!.map((index) => cells[index] ?? '');
      const [left, right] = labels!.map((index) => Number.parseFloat(cells[index] ?? ''));
      if (first === '' || second === '' || first === second || !isShare(left) || !isShare(right)) continue;
      for (const [side, image] of [first, second].entries()) {
        found.know(image, cells[prompt] ?? '', cells[generators![side] ?? -1] ?? '');
      }
      found.counter.add({ images: [first, second], won: [left, right] });
    }
  }
  return found.read(files, encoding);
}

function isShare(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= 1;
}

const Numbers = z.array(z.number());
const Texts = z.array(z.string());

async function readRankings(shape: RankingShape, files: readonly string[]): Promise<ReadDataset> {
  const found = new PreferenceTable();
  for (const path of files) {
    const fileName = basename(path);
    const { text } = decodeText(await readFile(path), { fileName });
    const { isOneALine, entries } = readJsonEntries(text, fileName);
    for (const { line, entry } of entries) {
      const images = shape.images
        .map((field) => Texts.safeParse(entry[field]))
        .find(({ success }) => success)?.data;
      const rankings = rankingsOf(shape, entry);
      if (images === undefined || rankings.some((ranks) => ranks.length !== images.length)) {
        throw new StudioError(
          'badInput',
          `${isOneALine ? 'Line' : 'Entry'} ${line} of ${fileName} has not as many places as images.`,
        );
      }
      for (const image of images) found.know(image, String(entry[shape.prompt] ?? ''));
      for (const ranks of rankings) found.counter.addRanking(images, ranks);
    }
  }
  return found.read(files, 'JSON');
}

/** Every rater's places where they are told, else the common ones, else which image was preferred. */
function rankingsOf(shape: RankingShape, entry: Readonly<Record<string, unknown>>): number[][] {
  for (const field of shape.ranks) {
    const annotations = shape.annotations.map((name) => entry[name]).find((told) => told !== undefined);
    const own = z.array(z.object({ [field]: Numbers })).safeParse(annotations);
    if (own.success && own.data.length > 0) return own.data.map((annotation) => annotation[field]!);
  }
  const common = shape.ranks.map((field) => Numbers.safeParse(entry[field])).find(({ success }) => success);
  if (common?.success === true) return [common.data];
  const preferred = Numbers.safeParse(entry[shape.preferences]);
  return preferred.success ? [preferred.data.map((share) => -share)] : [];
}

/** `name` is generator/file, because file names repeat from generator to generator. */
async function readMatrices(shape: MatrixShape, folder: string): Promise<ReadDataset> {
  const files = await listTables(folder, 3);
  const find = (pattern: RegExp, what: string) => {
    const path = files.find((file) => pattern.test(basename(file)));
    if (path !== undefined) return path;
    throw new StudioError('notFound', `${folder} holds no ${what} (a file called ${pattern.source}).`, {
      path: folder,
    });
  };
  const index = await readTable({ path: find(shape.index, 'index of images') });
  // It has no header: what was taken for one is its first row.
  const rows = [index.header, ...index.rows.map(({ cells }) => cells)];
  const columns = await Promise.all(
    shape.values.map(async ({ file, dimension }) => {
      const path = find(file, `MATLAB file of ${dimension}`);
      const values = readMatFile(await readFile(path), basename(path));
      if (values.length === rows.length) return values;
      throw new StudioError(
        'badInput',
        `${basename(path)} has ${values.length} values, the index ${rows.length} rows.`,
      );
    }),
  );
  const prompts = await readPrompts(files.filter((file) => !shape.index.test(basename(file))));
  const dimensions = shape.values.map(({ dimension }) => ({ dimension, mean: `mos_${dimension}` }));
  return {
    mapping: { name: 'name', prompt: 'prompt', generator: 'generator', mos: dimensions },
    table: {
      fileName: basename(folder),
      encoding: 'MATLAB',
      header: ['name', 'generator', 'prompt', ...dimensions.map(({ mean }) => mean)],
      rows: rows.map(([generator = '', file = ''], at) => {
        const number = Number(shape.promptNumber.exec(file)?.[1] ?? Number.NaN);
        const about = [join(generator, file).replaceAll('\\', '/'), generator, prompts[number] ?? ''];
        return { line: at + 1, cells: [...about, ...columns.map((values) => String(values[at]))] };
      }),
    },
  };
}

/** By number, from the first workbook with a column `prompt`; none where there is no such workbook. */
async function readPrompts(files: readonly string[]): Promise<string[]> {
  for (const path of files.filter((file) => /\.xlsx$/i.test(file))) {
    const { header, rows } = await readTable({ path });
    const at = header.findIndex((name) => name.toLowerCase() === 'prompt');
    if (at >= 0) return rows.map(({ cells }) => (cells[at] ?? '').trim());
  }
  return [];
}
