/** AIGCIQA2023 as its authors give it out: an index workbook, a workbook of prompts and three MATLAB files become one table. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { readMatFile } from '../tables/mat-file.ts';
import { readTable } from '../tables/read-table.ts';

const dimensions = [
  { file: /^mosz1\.mat$/i, column: 'mos_quality' },
  { file: /^mosz2\.mat$/i, column: 'mos_authenticity' },
  { file: /^mosz3\.mat$/i, column: 'mos_correspondence' },
] as const;
/** Folders of images below these are not looked through for tables. */
const depth = 3;

/**
 * The table as CSV: `name` is generator/file, because file names repeat from generator to generator; `000-1.png` is sample 1 of prompt 0.
 *
 * @throws StudioError `notFound` for a file that is missing, `badInput` where the numbers do not follow the index
 */
export async function readAigciqaFolder(folder: string): Promise<{ fileName: string; csv: string }> {
  const files = await listTables(folder, depth);
  const find = (pattern: RegExp, what: string) => {
    const path = files.find((file) => pattern.test(basename(file)));
    if (path !== undefined) return path;
    throw new StudioError('notFound', `${folder} holds no ${what}. See docs/datasets/aigciqa2023.md.`, {
      path: folder,
    });
  };
  const index = await readTable({ path: find(/^pic-?index\.xlsx$/i, 'index workbook pic-index.xlsx') });
  // It has no header: what was taken for one is its first row.
  const rows = [index.header, ...index.rows.map(({ cells }) => cells)];
  const columns = await Promise.all(
    dimensions.map(async ({ file, column }) => {
      const path = find(file, `MATLAB file ${column.replace('mos_', 'of ')} (mosz1, mosz2, mosz3)`);
      const values = readMatFile(await readFile(path), basename(path));
      if (values.length === rows.length) return values;
      throw new StudioError(
        'badInput',
        `${basename(path)} has ${values.length} values, the index ${rows.length} rows.`,
      );
    }),
  );
  const prompts = await readPrompts(files);
  const lines = rows.map(([generator = '', file = ''], at) => {
    const number = Number(/^(\d+)/.exec(file)?.[1] ?? Number.NaN);
    const cells = [
      `${generator}/${file}`,
      generator,
      prompts[number] ?? '',
      ...columns.map((values) => String(values[at])),
    ];
    return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
  });
  const header = ['name', 'generator', 'prompt', ...dimensions.map(({ column }) => column)].join(',');
  return { fileName: 'aigciqa2023.csv', csv: [header, ...lines].join('\n') };
}

async function listTables(folder: string, levels: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const own = entries
    .filter((entry) => entry.isFile() && /\.(xlsx|mat)$/i.test(entry.name))
    .map(({ name }) => join(folder, name));
  if (levels <= 1) return own.sort();
  const below = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => listTables(join(folder, name), levels - 1)),
  );
  return [...own.sort(), ...below.flat()];
}

/** By number, from the first workbook with a column `prompt`; none where there is no such workbook. */
async function readPrompts(files: readonly string[]): Promise<string[]> {
  for (const path of files.filter((file) => /\.xlsx$/i.test(file) && !/pic-?index/i.test(basename(file)))) {
    const { header, rows } = await readTable({ path });
    const at = header.findIndex((name) => name.toLowerCase() === 'prompt');
    if (at >= 0) return rows.map(({ cells }) => (cells[at] ?? '').trim());
  }
  return [];
}
