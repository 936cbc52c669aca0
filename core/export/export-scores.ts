/** Scores: one row a file, with the signals and the predictions of the active heads. */
import { resolve, sep } from 'node:path';
import { standardTargets } from '../../contract/targets.ts';
import type { Studio } from '../studio.ts';
import { type ImageRowRef, readablePath } from './image-columns.ts';
import { blocksOfFiles, cellsOf, columnsOfPlan } from './image-rows.ts';
import { contextOf, namesOf } from './plan-images.ts';
import { nameColumns } from './presets.ts';
import type { Table } from './table.ts';

const sureness = ['score_low', 'score_high', 'coverage', 'spread'];
const everySureness = sureness.map((kind) => ({ key: `${kind}:*` }));

/**
 * Columns `name,path,prompt,generator,pack,q,s,quality,alignment,overall,quality_head,alignment_head,overall_head`, then the pack's
 * further signals; then `<target>` and `<target>_head` of heads of other targets in use, and of every head in use how sure it is:
 * `<target>_low`, `_high` (conformal interval), `_coverage` and `_spread` (SD of what it is the mean of); last what computed them. A value
 * that does not exist is empty.
 *
 * @param folder only files below it; all where absent
 * @throws StudioError `notFound`, `unsupported` for a pack that was never trained
 */
export async function tabulateScores(studio: Studio, packId: string, folder?: string): Promise<Table> {
  const context = await contextOf(studio, { packId }, everySureness);
  const names = namesOf(studio, context);
  const [q, s, ...signals] = names.signals.map((name) => `signal:${name}`);
  const targets = Object.keys(context.heads);
  const others = targets.filter((target) => !standardTargets.some((standard) => standard === target));
  const columns = nameColumns(
    [
      ...['name', 'path', 'prompt', 'generator', 'pack', q!, s!],
      ...standardTargets.map((target) => `score:${target}`),
      ...standardTargets.map((target) => `head:${target}`),
      ...signals,
      ...others.flatMap((target) => [`score:${target}`, `head:${target}`]),
      ...targets.flatMap((target) => sureness.map((kind) => `${kind}:${target}`)),
      'computed_by',
    ].map((key) => ({ key })),
  );
  const blocks = filesBelow(blocksOfFiles(studio.db), folder === undefined ? null : resolve(folder));
  return {
    name: `scores ${packId}`,
    columns: columnsOfPlan(columns),
    rows: cellsOf(studio.db, blocks, { columns, context }),
  };
}

function* filesBelow(blocks: Iterable<ImageRowRef[]>, below: string | null): Generator<ImageRowRef[]> {
  const isInside = (path: string) => below === null || below === sep || path.startsWith(below + sep);
  for (const block of blocks) {
    yield block.filter(({ file }) => file !== null && isInside(readablePath(file)));
  }
}
