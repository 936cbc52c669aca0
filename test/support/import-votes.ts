/** Raw votes in and out: a table as it is sent, the study that comes of it, the file that goes out. */
import { type ErrorCode, StudioError } from '../../contract/errors.ts';
import type { Study } from '../../contract/studies.ts';
import { describeExport } from '../../core/export/export-table.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readText } from './read-export.ts';

type Order = Parameters<TestStudio['client']['studies']['importVotes']>[0];

/** @throws StudioError as the job failed */
export async function importVotes({ client, finish }: TestStudio, order: Order): Promise<Study> {
  const { error, summary } = await finish(client.studies.importVotes(order));
  if (error !== null) throw new StudioError(error.code as ErrorCode, error.message);
  return (await client.studies.list()).find(({ id }) => id === summary?.studyId)!;
}

/** A table as a page sends it. */
export function fileOf(text: string, fileName = 'votes.csv') {
  return { source: { fileName, file: new Blob([text]) } };
}

export async function exportOf(
  { studio }: TestStudio,
  request: Parameters<typeof describeExport>[1],
): Promise<{ text: string; fileName: string }> {
  const file = await describeExport(studio, request);
  return { text: await readText(file), fileName: file.fileName };
}

/** Lines of commas and whole numbers as a spreadsheet may save them: UTF-16, semicolons, decimal commas, an empty column at the end. */
export function asSpreadsheetSaves(lines: readonly string[]): Buffer {
  const saved = lines.map((line) =>
    line
      .replaceAll(',', ';')
      .replace(/;(\d)$/, ';$1,0')
      .concat(';\r\n'),
  );
  return Buffer.from(`\ufeff${saved.join('')}`, 'utf16le');
}
