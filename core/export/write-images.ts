/** Writes a table of images, or a data set of them, on a thread: reads block by block, tells how far it is, and stops when it is asked to. */
import type { MessagePort } from 'node:worker_threads';
import { type ErrorCode, toStudioError } from '../../contract/errors.ts';
import type { ImageExport } from '../../contract/export-images.ts';
import type { JobSummary } from '../../contract/jobs.ts';
import { type Db, openSnapshot } from '../../db/database.ts';
import { writeDataset } from './dataset-folder.ts';
import { encodeTable } from './encode-table.ts';
import { blocksOf, cellsOf, columnsOfPlan, type ImageTablePlan } from './image-rows.ts';
import { writeWhole } from './write-whole.ts';

export interface WriteTask {
  /** The path of the library's database. */
  database: string;
  plan: ImageTablePlan;
  target: Pick<ImageExport, 'format' | 'images' | 'metadata'> & { path: string; partial: string };
  /** Is told how many rows are done; whatever comes from it means to stop. */
  port: MessagePort;
}

/** What a writer is given beside the table. */
export interface WriteHooks {
  signal: AbortSignal;
  /** Counts one row more. */
  onRow: () => void;
}

const tellEveryMs = 100;

/** Errors lose what they are between threads, so they are answered. */
export async function writeImages({
  database,
  plan,
  target,
  port,
}: WriteTask): Promise<{ outcome: JobSummary } | { problem: { code: ErrorCode; message: string } }> {
  const abort = new AbortController();
  port.on('message', () => abort.abort());
  port.postMessage(0);
  const db = openSnapshot(database);
  let done = 0;
  let toldAt = 0;
  function onRow(): void {
    done += 1;
    if (Date.now() - toldAt < tellEveryMs) return;
    toldAt = Date.now();
    port.postMessage(done);
  }
  try {
    const hooks = { signal: abort.signal, onRow };
    const outcome =
      target.format === 'folder'
        ? await writeDataset(db, { plan, target }, hooks)
        : await writeTable(db, { plan, target, format: target.format }, hooks);
    port.postMessage(done);
    return { outcome };
  } catch (error) {
    const { code, message } = toStudioError(error);
    return { problem: { code, message } };
  } finally {
    db.close();
    port.close();
  }
}

async function writeTable(
  db: Db,
  {
    plan,
    target: { path, partial },
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
  await writeWhole(file.content, path, { signal, partial });
  return {
    rows,
    ...(cut === 0 ? {} : { notes: [`${cut} texts were cut: a workbook’s cell holds 32,767 characters.`] }),
  };
}
