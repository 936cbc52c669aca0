/** Reads a table that a person brings: CSV in the encodings and delimiters of the world, a sheet of an XLSX workbook, JSON, JSON lines, Parquet. */
import { access, constants, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError, systemCodeOf } from '../../contract/errors.ts';
import type { TableSource, TextEncoding } from '../../contract/mos.ts';
import { decodeText } from './decode-text.ts';
import { readCsv } from './read-csv.ts';
import { readJsonTable } from './read-json.ts';
import { readParquet } from './read-parquet.ts';
import { readWorkbook } from './read-workbook.ts';

/** A larger table is refused: it would have tens of millions of rows. */
const maxBytes = 256 * 1024 * 1024;

export interface TableRow {
  /** Line in the file where the row begins; for a sheet, its row; for JSON and Parquet, the entry's number. The header is on line 1. */
  line: number;
  cells: string[];
}

export interface RawTable {
  fileName: string;
  encoding: string;
  header: string[];
  rows: TableRow[];
  /** What parts the cells, where text does: then a row can have another number of them than the header. */
  separator?: string;
  /** Of a workbook: the names of its sheets, and of the one that was read. */
  sheets?: { all: string[]; read: string };
}

/**
 * A table with its header. Every cell is text as it stands in the file.
 *
 * @param options `rows`: so many are enough, where the form of the file lets the rest be left unread
 *
 * @throws StudioError `notFound`, `unreadable`, `tooLarge`, `badInput` where it has no header, equal column names, or is no table
 */
export async function readTable(source: TableSource, { rows }: { rows?: number } = {}): Promise<RawTable> {
  if ('path' in source && /\.parquet$/i.test(source.path)) {
    await assertFile(source.path);
    return takeHeader(await readParquet(source, basename(source.path), rows));
  }
  const { fileName, bytes } = await readSource(source);
  return takeHeader(await readAny(bytes, fileName, source));
}

/** The table, where its header can be one, without rows that hold nothing, as spreadsheets write below a table. @throws StudioError `badInput` where it names nothing, or two columns alike */
export function takeHeader(table: RawTable): RawTable {
  const { fileName } = table;
  if (table.header.every((name) => name === '')) {
    throw new StudioError('badInput', `${fileName} has no header row: its first row must name the columns.`);
  }
  const twice = table.header.find((name, at) => name !== '' && table.header.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new StudioError('badInput', `${fileName} has two columns called “${twice}”. Rename one.`, {
      column: twice,
    });
  }
  return { ...table, rows: table.rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== '')) };
}

/** A table whose first row need not be a header, with its bytes; null for JSON that is no list. @throws StudioError as `readTable` */
export async function readUnheaded(
  source: TableSource,
): Promise<{ fileName: string; bytes: Buffer; table: RawTable | null }> {
  const { fileName, bytes } = await readSource(source);
  // Every other byte of UTF-16 is zero.
  const start = bytes.toString('latin1', 0, 200).replaceAll('\0', '');
  const isJsonObject = /^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*\{/.test(start);
  if (isJsonObject && !isJsonLines(fileName)) return { fileName, bytes, table: null };
  return { fileName, bytes, table: await readAny(bytes, fileName, source) };
}

async function readAny(
  bytes: Buffer,
  fileName: string,
  { encoding: chosen, sheet }: Pick<TableSource, 'encoding' | 'sheet'>,
): Promise<RawTable> {
  const start = bytes.toString('latin1', 0, 4);
  refuseOtherTables(bytes, fileName);
  if (start === 'PK\x03\x04') return unguardCells(await readWorkbook(bytes, fileName, sheet));
  if (start === 'PAR1') return await readParquet(bytes, fileName);
  const decoded = decodeTable(bytes, { chosen, fileName });
  if (fileName.toLowerCase().endsWith('.json') || isJsonLines(fileName))
    return readJsonTable(decoded, fileName);
  return unguardCells(readCsv(decoded, fileName));
}

/** What was guarded against being run as a formula (`export/table.ts`, `neutraliseCell`) as it was before: a name, a prompt, a vote. */
function unguardCells({ header, rows, ...table }: RawTable): RawTable {
  const unguard = (cell: string) => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);
  return {
    ...table,
    header: header.map(unguard),
    rows: rows.map(({ line, cells }) => ({ line, cells: cells.map(unguard) })),
  };
}

/** Files that hold a table in a form that is not read here. @throws StudioError `badInput` that says what it is, and what to do */
function refuseOtherTables(bytes: Buffer, fileName: string): void {
  const start = bytes.toString('latin1', 0, 512);
  const found = otherTables.find(
    ({ begins, holds }) =>
      start.toLowerCase().startsWith(begins.toLowerCase()) && start.includes(holds ?? ''),
  );
  if (found === undefined) return;
  throw new StudioError('badInput', `${fileName} is ${found.what}, which is not read here. ${found.advice}`);
}

const saveAs = 'Open it in the program that wrote it, and save it as XLSX or CSV.';
const matlab = {
  what: 'a MATLAB file',
  advice: 'Import the folder of the data set that it belongs to (AIGCIQA2023), or write it as CSV.',
};
const otherTables: readonly { begins: string; holds?: string; what: string; advice: string }[] = [
  { begins: '\xd0\xcf\x11\xe0', what: 'a workbook of Excel 97–2003 (XLS)', advice: saveAs },
  {
    begins: 'PK\x03\x04',
    holds: 'mimetypeapplication/vnd.oasis',
    ...{ what: 'an OpenDocument file', advice: saveAs },
  },
  { begins: '<!doctype html', what: 'a web page', advice: saveAs },
  { begins: '<html', what: 'a web page', advice: saveAs },
  { begins: 'MATLAB ', ...matlab },
  { begins: '\x89HDF', ...matlab },
];

/** The text, where it is text: control characters stand in none. */
function decodeTable(
  bytes: Buffer,
  order: { chosen: TextEncoding | undefined; fileName: string },
): { text: string; encoding: string } {
  const isText = (text: string) => [...text.slice(0, 4096)].every((letter) => letter > '\x08');
  try {
    const decoded = decodeText(bytes, order);
    if (isText(decoded.text)) return decoded;
  } catch (error) {
    if (isText(bytes.toString('latin1', 0, 4096))) throw error;
  }
  throw new StudioError('badInput', `${order.fileName} is not a CSV or XLSX table.`);
}

function isJsonLines(fileName: string): boolean {
  return /\.(jsonl|ndjson)$/i.test(fileName);
}

export async function readSource(source: TableSource): Promise<{ fileName: string; bytes: Buffer }> {
  if ('file' in source) {
    assertSize(source.file.size, source.fileName);
    return { fileName: source.fileName, bytes: Buffer.from(await source.file.arrayBuffer()) };
  }
  const { path } = source;
  const fileName = basename(path);
  assertSize(await assertFile(path), fileName);
  return { fileName, bytes: await readFile(path) };
}

/** The size of a file in bytes. @throws StudioError `notFound`, `unreadable` */
async function assertFile(path: string): Promise<number> {
  try {
    await access(path, constants.R_OK);
    const info = await stat(path);
    if (info.isFile()) return info.size;
    throw new Error('it is no file');
  } catch (error) {
    const isAbsent = systemCodeOf(error) === 'ENOENT';
    if (isAbsent) throw new StudioError('notFound', `There is no file ${path}.`, { path });
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('unreadable', `${path} cannot be read: ${reason}.`, { path });
  }
}

function assertSize(sizeBytes: number, fileName: string): void {
  if (sizeBytes <= maxBytes) return;
  throw new StudioError('tooLarge', `${fileName} has ${sizeBytes} bytes; tables may have ${maxBytes}.`);
}
