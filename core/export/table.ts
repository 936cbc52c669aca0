/** Tables on their way out: columns and rows, and their form as CSV that is safe to open in a spreadsheet. */
import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | null;

export interface Table {
  fileName: string;
  /** Null where the first line is a row already. */
  columns: readonly string[] | null;
  rows: Iterable<readonly Cell[]>;
}

/**
 * Cells that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, tab or carriage return first) get a leading apostrophe
 * (OWASP, CSV injection). Numbers are written by us and stay numbers.
 */
export function neutraliseCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

/** A file on its way out, in pieces. */
export interface TextFile {
  fileName: string;
  mediaType: string;
  text: Iterable<string>;
}

/** A table as a CSV file. */
export function asCsvFile(table: Table): TextFile {
  return { fileName: table.fileName, mediaType: 'text/csv; charset=utf-8', text: writeCsv(table) };
}

const rowsPerChunk = 500;

/** A table as CSV text in pieces (RFC 4180, UTF-8, LF): memory stays bounded whatever its length. */
export function* writeCsv(table: Table): Generator<string> {
  if (table.columns !== null) yield stringify([table.columns]);
  let chunk: string[][] = [];
  for (const row of table.rows) {
    chunk.push(row.map(neutraliseCell));
    if (chunk.length < rowsPerChunk) continue;
    yield stringify(chunk);
    chunk = [];
  }
  if (chunk.length > 0) yield stringify(chunk);
}
