/** Writes an exported table to a file (whole or not at all) or to standard output. */
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ExportRequest, type ExportRequestInput } from '../contract/exports.ts';
import { openExport, writeExportFile } from '../core/export/export-table.ts';
import type { Studio } from '../core/studio.ts';
import { withInterrupt } from './interrupt.ts';

/** @param out a path, or `-` for standard output. @throws StudioError `notFound`, `unreadable`, `cancelled` */
export async function writeTable(studio: Studio, request: ExportRequestInput, out: string): Promise<void> {
  const file = await openExport(studio, ExportRequest.parse(request));
  if (out === '-') {
    await pipeline(Readable.from(file.text, { objectMode: false }), process.stdout, { end: false });
    return;
  }
  const path = resolve(out);
  await withInterrupt((signal) => writeExportFile(file, path, signal));
  console.error(`Written: ${path}`);
}
