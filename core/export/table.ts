/** Tables on their way out: columns with their types and rows, in whatever format they are written. */

/** `texts` are lists of texts, such as tags; `time` is ISO 8601 text, which Parquet holds as a timestamp. */
export type ColumnType = 'text' | 'number' | 'integer' | 'truth' | 'time' | 'texts';

export interface Column {
  name: string;
  type: ColumnType;
}

export type Cell = string | number | boolean | null | readonly string[];

export interface Table {
  /** What a file of it is called, without its ending. */
  name: string;
  /** In place of the format's own ending. */
  ending?: string;
  columns: readonly Column[];
  /** False where the first line of a text file is a row already. */
  hasHeader?: boolean;
  /** True for lines that a program takes as they are: CSV without quotes, and without care for spreadsheets. */
  isPlain?: boolean;
  rows: Iterable<readonly Cell[]>;
  /** How many there are about, where it is known. */
  rowCount?: number;
}

/** A file on its way out, in pieces. */
export interface OutFile {
  fileName: string;
  mediaType: string;
  content: Iterable<string> | AsyncIterable<string | Uint8Array>;
}

/** Columns of one type. */
export function columnsOf(type: ColumnType, names: readonly string[]): Column[] {
  return names.map((name) => ({ name, type }));
}

/** As tags are parted wherever they are listed. */
const listSeparator = ', ';

/** A cell as text, as CSV and previews show it: empty where there is no value, lists with commas between their texts. */
export function textOf(cell: Cell): string {
  if (cell === null) return '';
  return Array.isArray(cell) ? cell.join(listSeparator) : String(cell);
}

/**
 * Cells that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, tab or carriage return first) get a leading apostrophe
 * (OWASP, CSV injection). Numbers stay numbers: ours, and a text that is a negative one, as imported columns of other metrics have them.
 */
export function neutraliseCell(cell: Cell): string {
  const text = textOf(cell);
  const isSafe = typeof cell === 'number' || negativeNumber.test(text) || !/^[=+\-@\t\r]/.test(text);
  return isSafe ? text : `'${text}`;
}

const negativeNumber = /^-(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
