/** Writes an exported table to a file (whole or not at all) or to standard output. */
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '../contract/errors.ts';
import { type ExportFormat, ImageTable, type ImageTableInput } from '../contract/export-images.ts';
import { ExportRequest, type ExportRequestInput } from '../contract/exports.ts';
import { encodeTable } from '../core/export/encode-table.ts';
import { openExport } from '../core/export/export-table.ts';
import { blocksOf, cellsOf, columnsOfPlan } from '../core/export/image-rows.ts';
import { planImageTable } from '../core/export/plan-images.ts';
import type { OutFile } from '../core/export/table.ts';
import { writeWhole } from '../core/export/write-whole.ts';
import type { Studio } from '../core/studio.ts';
import { withInterrupt } from './interrupt.ts';

/** Writes a table of images to standard output. @throws StudioError as `planImageTable`, `badInput` for a folder */
export async function printImageTable(
  studio: Studio,
  input: ImageTableInput,
  format: ExportFormat,
): Promise<void> {
  if (format === 'folder') throw new StudioError('badInput', 'A data set is a folder: say --out <folder>.');
  const plan = await planImageTable(studio, ImageTable.parse(input));
  const rows = cellsOf(studio.db, blocksOf(studio.db, plan), plan);
  await print(encodeTable({ name: plan.name, columns: columnsOfPlan(plan.columns), rows }, format));
}

async function print({ content }: OutFile): Promise<void> {
  await pipeline(Readable.from(content, { objectMode: false }), process.stdout, { end: false });
}

/** @param out a path, or `-` for standard output. @throws StudioError `notFound`, `unreadable`, `cancelled` */
export async function writeTable(studio: Studio, request: ExportRequestInput, out: string): Promise<void> {
  const file = await openExport(studio, ExportRequest.parse(request));
  if (out === '-') {
    await print(file);
    return;
  }
  const path = resolve(out);
  await withInterrupt((signal) => writeWhole(file.content, path, { signal }));
  console.error(`Written: ${path}`);
}
