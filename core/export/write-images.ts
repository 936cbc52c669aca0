/** Writes a table of images, or a data set of them, on a thread: reads block by block, tells how far it is, and stops when it is asked to. */
import type { ImageExport } from '../../contract/export-images.ts';
import type { JobSummary } from '../../contract/jobs.ts';
import type { Db } from '../../db/database.ts';
import { stopIfCancelled } from '../jobs.ts';
import { writeDataset } from './dataset-folder.ts';
import { encodeTable } from './encode-table.ts';
import { isOfScores } from './image-columns.ts';
import { blocksOf, cellsOf, columnsOfPlan, type ImageTablePlan } from './image-rows.ts';
import { serveWriter, type WriteHooks, type WriterAnswer, type WriterTask } from './run-writer.ts';
import { writeWhole } from './write-whole.ts';

export interface WriteTask extends WriterTask {
  plan: ImageTablePlan;
  target: Pick<ImageExport, 'format' | 'images' | 'metadata' | 'overwrite'> & {
    path: string;
    partial: string;
  };
}

/** Writes it. */
export function writeImages({ plan, target, ...task }: WriteTask): Promise<WriterAnswer> {
  const scored = plan.columns.some(({ key }) => isOfScores(key)) ? plan : null;
  return serveWriter(task, scored, async (db, hooks) =>
    target.format === 'folder'
      ? await writeDataset(db, { plan, target }, hooks)
      : await writeTable(db, { plan, target, format: target.format }, hooks),
  );
}

async function writeTable(
  db: Db,
  {
    plan,
    target: { path, partial, overwrite: mayReplace },
    format,
  }: Pick<WriteTask, 'plan' | 'target'> & { format: Parameters<typeof encodeTable>[1] },
  { signal, onRow }: WriteHooks,
): Promise<JobSummary> {
  let rows = 0;
  let cut = 0;
  function* counted() {
    for (const row of cellsOf(db, blocksOf(db, plan), plan)) {
      rows += 1;
      onRow();
      stopIfCancelled(signal);
      yield row;
    }
  }
  const table = {
    name: plan.name,
    columns: columnsOfPlan(plan.columns),
    rows: counted(),
    rowCount: plan.ids.length,
  };
  const file = encodeTable(table, format, () => {
    cut += 1;
  });
  await writeWhole(file.content, path, { signal, partial, mayReplace });
  return {
    rows,
    ...(cut === 0 ? {} : { notes: [`${cut} texts were cut: a workbook’s cell holds 32,767 characters.`] }),
  };
}
