/** A table as CSV that is safe to open in a spreadsheet. */
import { stringify } from 'csv-stringify/sync';
import { neutraliseCell, type Table } from './table.ts';

const rowsPerChunk = 500;

/** A table as CSV text in pieces (RFC 4180, UTF-8, LF): memory stays bounded whatever its length. */
export function* encodeCsv({ columns, hasHeader = true, rows }: Omit<Table, 'name'>): Generator<string> {
  if (hasHeader) yield stringify([columns.map(({ name }) => neutraliseCell(name))]);
  let chunk: string[][] = [];
  for (const row of rows) {
    chunk.push(row.map(neutraliseCell));
    if (chunk.length < rowsPerChunk) continue;
    yield stringify(chunk);
    chunk = [];
  }
  if (chunk.length > 0) yield stringify(chunk);
}
