/** Takes prompts (and generators, where there is such a column) from a CSV or XLSX list, such as NTIRE's `info_test.xlsx`. */
import { StudioError } from '../contract/errors.ts';
import type { TableSource } from '../contract/mos.ts';
import { setGenerator, setPrompt } from '../db/images.ts';
import { savePromptList } from './prompt-list.ts';
import { startSimilarity } from './start-similarity.ts';
import type { Studio } from './studio.ts';
import { createNameIndex } from './tables/name-index.ts';
import { type RawTable, readTable } from './tables/read-table.ts';
import { assertWidths } from './tables/row-problems.ts';

/** Names that match nothing are told up to this number. */
const shownUnmatched = 200;

export interface PromptImport {
  rows: number;
  matched: number;
  unmatched: string[];
}

/**
 * Gives the images named in a list their prompts. A list outranks sidecars and metadata: a person made it. A name that several images
 * carry gives all of them the prompt. Its order is kept for the challenge's export, and similarity is brought up to date.
 *
 * @throws StudioError `badInput` where the list lacks a `name` or `prompt` column or rows do not fit it, and as `readTable`
 */
export async function importPromptList(studio: Studio, source: TableSource): Promise<PromptImport> {
  const table = await readTable(source);
  assertWidths(table);
  const name = columnOf(table, 'name');
  const prompt = columnOf(table, 'prompt');
  const generator = findColumn(table, 'generator');
  const unmatched: string[] = [];
  const changed: number[] = [];
  let matched = 0;
  studio.db.transaction(() => {
    const index = createNameIndex(studio.db);
    for (const { cells } of table.rows) {
      const ids = index.find(cells[name] ?? '');
      if (ids.length === 0) unmatched.push(cells[name] ?? '');
      else matched += 1;
      const text = cells[prompt] ?? '';
      const madeBy = generator === -1 ? '' : (cells[generator] ?? '').trim();
      for (const id of ids) {
        if (text.trim() !== '' && setPrompt(studio.db, id, text, 'list')) changed.push(id);
        if (madeBy !== '') setGenerator(studio.db, id, madeBy, 'list');
      }
    }
    savePromptList(studio.db, {
      fileName: table.fileName,
      names: table.rows.map(({ cells }) => cells[name] ?? ''),
    });
  });
  startSimilarity(studio, changed);
  studio.bus.changed('images');
  return { rows: table.rows.length, matched, unmatched: unmatched.slice(0, shownUnmatched) };
}

function findColumn({ header }: RawTable, name: string): number {
  return header.findIndex((column) => column.toLowerCase() === name);
}

function columnOf(table: RawTable, name: string): number {
  const at = findColumn(table, name);
  if (at >= 0) return at;
  throw new StudioError(
    'badInput',
    `${table.fileName} has no column “${name}” (it has: ${table.header.join(', ')}). A prompt list needs “name” and “prompt”.`,
    { column: name },
  );
}
