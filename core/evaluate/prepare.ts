/** Takes a data set's table in for an evaluation: every row checked by the protocol first, nothing half-done, the same table once. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { StudioError } from '../../contract/errors.ts';
import type { CheckEvaluation, EvaluationCheck, Protocol } from '../../contract/evaluate.ts';
import type { MosMapping, MosSet, TableSource } from '../../contract/mos.ts';
import { readDataset } from '../datasets/read-dataset.ts';
import { recogniseDataset } from '../datasets/recognise.ts';
import { storeMosTable } from '../import-mos.ts';
import { describeMosSets } from '../mos-sets.ts';
import type { Studio } from '../studio.ts';
import { locateFiles } from '../tables/match-by-content.ts';
import { suggestMapping } from '../tables/mos-layout.ts';
import { findRowProblems } from '../tables/mos-rows.ts';
import type { NameIndex } from '../tables/name-index.ts';
import { readNumber } from '../tables/read-number.ts';
import { type RawTable, readSource, readTable } from '../tables/read-table.ts';
import { assertNoProblems, type RowProblem } from '../tables/row-problems.ts';
import { protocols } from './protocols.ts';

/**
 * The MOS set of the table.
 *
 * @throws StudioError as `checkTable` and `storeMosTable`
 */
export async function prepareEvaluation(
  studio: Studio,
  { protocol, source }: { protocol: Protocol; source: TableSource },
): Promise<MosSet> {
  const { fileName, bytes } = await readData(protocol, source);
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  const name = `${protocols[protocol].title} ${digest}`;
  const known = (await describeMosSets(studio)).find((set) => set.name === name && set.kind === 'imported');
  if (known !== undefined) return known;
  const table = await readTable({ fileName, file: new Blob([new Uint8Array(bytes)]) });
  const { mapping } = checkTable(protocol, table);
  // Which public set it is says what heads learnt from its images.
  const layout = protocol === 'generic' ? suggestMapping(table).layout : protocols[protocol].title;
  return await storeMosTable(studio, {
    ...{ table, mapping, layout, name, folder: null },
    method: `as imported from ${layout ?? fileName}`,
    // A public set is as it is: its few pictures that are there twice are not for the user to mend.
    twins: 'leaveOut',
  });
}

/**
 * What `prepareEvaluation` would find wrong, before images are scored for it; takes nothing in.
 *
 * @throws StudioError as `checkTable`
 */
export async function checkEvaluation({
  protocol,
  source,
  folder,
}: CheckEvaluation): Promise<EvaluationCheck> {
  const { fileName, bytes } = await readData(protocol, source);
  const table = await readTable({ fileName, file: new Blob([new Uint8Array(bytes)]) });
  const { mapping } = checkTable(protocol, table);
  const nameAt = table.header.indexOf(mapping.name);
  const names = table.rows.map(({ line, cells }) => ({ line, name: (cells[nameAt] ?? '').trim() }));
  const found =
    folder === undefined
      ? null
      : await locateFiles(
          { path: folder, isDataset: true },
          names.map(({ name }) => name),
        );
  return {
    fileName,
    rows: table.rows.length,
    dimensions: mapping.mos.map(({ dimension }) => dimension),
    unmatched: found === null ? [] : names.filter(({ name }) => !found.has(name)),
  };
}

const noImages: NameIndex = { find: () => [] };

/**
 * The mapping of a table every row of which is right.
 *
 * @throws StudioError `badInput` where no columns are recognised, or with the line numbers of everything that is wrong at once: MOS that are
 *   missing, no numbers, or outside the protocol's scale; names that are empty or stand twice; rows that do not fit the header
 */
function checkTable(protocol: Protocol, table: RawTable): { mapping: MosMapping } {
  const { fileName, header, rows } = table;
  const { mapping } = suggestMapping(table);
  if (mapping === null || mapping.mos.length === 0) {
    throw new StudioError(
      'badInput',
      `${fileName} has no columns that are recognised as image names and MOS (it has: ${header.join(', ')}). See docs/datasets for the shape that is expected.`,
    );
  }
  const complete = withDimensions(protocol, mapping);
  const { scale } = protocols[protocol];
  const wrong = findRowProblems(table, { mapping: complete, index: noImages, scale });
  const told = new Set(wrong.map(({ line }) => line));
  const missing = rows.flatMap(({ line, cells }): RowProblem[] => {
    const empty = complete.mos.find(({ mean }) => readNumber(cells[header.indexOf(mean)] ?? '') === null);
    return empty === undefined || told.has(line) ? [] : [{ line, reason: `${empty.mean} is missing` }];
  });
  assertNoProblems(
    fileName,
    [...wrong, ...missing].sort((a, b) => a.line - b.line),
  );
  return { mapping: complete };
}

/** The table; of AIGCIQA2023 also the folder as its authors give it out. */
async function readData(
  protocol: Protocol,
  source: TableSource,
): Promise<{ fileName: string; bytes: Buffer }> {
  const isFolder =
    'path' in source && statSync(source.path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder) return await readSource(source);
  if (protocol !== 'aigciqa2023') {
    throw new StudioError('badInput', `${source.path} is a folder: name the table in it.`, {
      path: source.path,
    });
  }
  const { table } = await readDataset(await recogniseDataset(source.path));
  const lines = [table.header, ...table.rows.map(({ cells }) => cells)];
  const csv = lines
    .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
    .join('\n');
  return { fileName: 'aigciqa2023.csv', bytes: Buffer.from(csv) };
}

/** A single unnamed MOS of the challenge's set is the overall one. */
function withDimensions(protocol: Protocol, mapping: MosMapping): MosMapping {
  if (protocol !== 'agiqa-20k' || mapping.mos.length !== 1) return mapping;
  return { ...mapping, mos: [{ ...mapping.mos[0]!, dimension: 'overall' }] };
}
