/** How long exports take: a million made rows through each encoder in a small heap, and a whole job over a large library, which is then cancelled. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TableFormat } from '../../contract/exports.ts';
import { openDatabase } from '../../db/database.ts';
import { openTestStudio, type TestStudio } from '../../test/support/open-test-studio.ts';
import { fillLargeLibrary } from './large-library.ts';

/** What the process that encodes may hold; one that needs more is ended by V8. */
export const encoderHeapMb = 64;
/** As without a bound: V8 would make it tiny beside a small heap, and do little but collect garbage. */
const youngSpace = '--max-semi-space-size=16';
const script = fileURLToPath(new URL('../../test/support/encode-many-rows.ts', import.meta.url));

export interface ExportSpeed {
  /** Of 16 columns. */
  encoders: { format: TableFormat; seconds: number; megabytes: number }[];
  /** Every image of the library with what the preset `pandas` tells of it, as Parquet. */
  job: { images: number; seconds: number; columns: number };
  /** From asking a running job to stop until it has stopped, and what it left in its folder. */
  cancel: { ms: number; left: number };
}

/** @param folder an empty folder */
export async function benchExports(
  folder: string,
  { rows, images }: { rows: number; images: number },
): Promise<ExportSpeed> {
  const encoders: ExportSpeed['encoders'] = [];
  for (const format of TableFormat.options) {
    const before = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...[`--max-old-space-size=${encoderHeapMb}`, youngSpace, script, format, String(rows)],
    ]);
    encoders.push({
      format,
      seconds: (performance.now() - before) / 1000,
      megabytes: Number(stdout) / 1e6,
    });
  }
  return { encoders, ...(await runJobs(folder, images)) };
}

async function runJobs(folder: string, images: number): Promise<Omit<ExportSpeed, 'encoders'>> {
  const libraryFolder = join(folder, 'library');
  await openTestStudio({ libraryFolder }).close();
  const db = openDatabase(join(libraryFolder, 'studio.sqlite'));
  fillLargeLibrary(db, { images, votes: images, embedding: 8, packId: 'classic' });
  db.close();
  const opened = openTestStudio({ libraryFolder });
  try {
    const columns = (await opened.client.exports.options({})).presets.find(
      ({ id }) => id === 'pandas',
    )!.columns;
    const start = async (destination: string) =>
      await opened.client.exports.start({
        choice: { kind: 'query', query: {} },
        columns,
        format: 'parquet',
        destination,
      });
    const before = performance.now();
    const { state, summary } = await opened.finish(start(join(folder, 'whole.parquet')));
    if (state !== 'done' || summary?.rows !== images) throw new Error(`The export ended as ${state}.`);
    const job = { images, seconds: (performance.now() - before) / 1000, columns: columns.length };
    return { job, cancel: await cancelMidway(opened, join(folder, 'cancelled'), start) };
  } finally {
    await opened.close();
  }
}

async function cancelMidway(
  { studio, client }: TestStudio,
  folder: string,
  start: (destination: string) => Promise<{ id: number }>,
): Promise<ExportSpeed['cancel']> {
  mkdirSync(folder);
  const { id } = await start(join(folder, 'half.parquet'));
  while (studio.jobs.running('export')?.progress.done === 0) await sleep(1);
  const before = performance.now();
  const { state } = await client.jobs.cancel({ id });
  if (state !== 'cancelled') throw new Error(`The export ended as ${state} before it could be cancelled.`);
  return { ms: performance.now() - before, left: readdirSync(folder).length };
}
