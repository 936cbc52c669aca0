/** Takes a data set's table in for an evaluation: every row checked by the protocol, nothing half-done, the same table once. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { StudioError } from '../../contract/errors.ts';
import type { Protocol } from '../../contract/evaluate.ts';
import type { MosMapping, MosSet, TableSource } from '../../contract/mos.ts';
import { readDataset } from '../datasets/read-dataset.ts';
import { recogniseDataset } from '../datasets/recognise.ts';
import { importMosTable } from '../import-mos.ts';
import { describeMosSets } from '../mos-sets.ts';
import type { Studio } from '../studio.ts';
import { suggestMapping } from '../tables/mos-layout.ts';
import { readNumber } from '../tables/mos-rows.ts';
import { readSource, readTable } from '../tables/read-table.ts';
import { assertNoProblems, type RowProblem } from '../tables/row-problems.ts';
import { protocols } from './protocols.ts';

/**
 * The MOS set of the table.
 *
 * @throws StudioError `badInput` with line numbers: MOS that are missing, no numbers, or outside the protocol's scale; names that stand
 *   twice; and as `importMosTable`
 */
export async function prepareEvaluation(
  studio: Studio,
  { protocol, source }: { protocol: Protocol; source: TableSource },
): Promise<MosSet> {
  const { fileName, bytes } = await readData(protocol, source);
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  const name = `${protocols[protocol].title} ${digest}`;
  const known = describeMosSets(studio).find((set) => set.name === name && set.kind === 'imported');
  if (known !== undefined) return known;
  const file = new Blob([new Uint8Array(bytes)]);
  const table = await readTable({ fileName, file });
  const { mapping } = suggestMapping(table);
  if (mapping === null || mapping.mos.length === 0) {
    throw new StudioError(
      'badInput',
      `${fileName} has no columns that are recognised as image names and MOS (it has: ${table.header.join(', ')}). See docs/datasets for the shape that is expected.`,
    );
  }
  const complete = withDimensions(protocol, mapping);
  const at = new Map(table.header.map((column, index) => [column, index]));
  const problems = table.rows.flatMap(({ line, cells }): RowProblem[] =>
    complete.mos.flatMap(({ mean }): RowProblem[] => {
      const reason = whyWrong((cells[at.get(mean)!] ?? '').trim(), protocols[protocol].scale);
      return reason === null ? [] : [{ line, reason: `${mean} ${reason}` }];
    }),
  );
  assertNoProblems(fileName, problems);
  // A public set is as it is: its few pictures that are there twice are not for the user to mend.
  return await importMosTable(
    studio,
    { source: { fileName, file }, name, mapping: complete },
    { twins: 'leaveOut' },
  );
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

function whyWrong(cell: string, scale: readonly [number, number] | null): string | null {
  const value = readNumber(cell);
  if (value === null) return 'is missing';
  if (!Number.isFinite(value)) return `“${cell.slice(0, 40)}” is not a number`;
  if (scale === null || (value >= scale[0] && value <= scale[1])) return null;
  return `${value} lies outside the scale of ${scale[0]} to ${scale[1]}`;
}
