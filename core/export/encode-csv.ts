/** A table as CSV that is safe to open in a spreadsheet, or as the plain lines that some program asks for. */
import { stringify } from 'csv-stringify/sync';
import { neutraliseCell, type Table, textOf } from './table.ts';

const rowsPerChunk = 500;

/** A table as CSV text in pieces (RFC 4180, UTF-8, LF): memory stays bounded whatever its length. */
export function* encodeCsv(table: Omit<Table, 'name'>): Generator<string> {
  const { columns, hasHeader = true, isPlain = false, rows } = table;
  if (isPlain) {
    for (const row of rows) yield `${row.map(textOf).join(',')}\n`;
    return;
  }
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
