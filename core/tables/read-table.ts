/** Reads a table that a person brings: CSV in the encodings and delimiters of the world, an XLSX workbook's first sheet, JSON, Parquet. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { SheetData } from 'read-excel-file/node';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { TableSource } from '../../contract/mos.ts';
import { readParquet } from './read-parquet.ts';

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
}

/**
 * A table with its header. Every cell is text as it stands in the file.
 *
 * @throws StudioError `notFound`, `unreadable`, `tooLarge`, `badInput` where it has no header, equal column names, or is no table
 */
export async function readTable(source: TableSource): Promise<RawTable> {
  const { fileName, bytes } = await readSource(source);
  return assertHeader(await readAny(bytes, fileName));
}

/** The table, where its header can be one. @throws StudioError `badInput` where it names nothing, or two columns alike */
export function assertHeader(table: RawTable): RawTable {
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
  return table;
}

/** A table whose first row need not be a header, with its bytes; null for JSON that is no list. @throws StudioError as `readTable` */
export async function readUnheaded(
  source: TableSource,
): Promise<{ fileName: string; bytes: Buffer; table: RawTable | null }> {
  const { fileName, bytes } = await readSource(source);
  if (/^\s*\{/.test(decodeText(bytes.subarray(0, 200)).text)) return { fileName, bytes, table: null };
  return { fileName, bytes, table: await readAny(bytes, fileName) };
}

async function readAny(bytes: Buffer, fileName: string): Promise<RawTable> {
  const start = bytes.toString('latin1', 0, 4);
  if (start === 'PK\x03\x04') return await readWorkbook(bytes, fileName);
  if (start === 'PAR1') return await readParquet(bytes, fileName);
  return fileName.toLowerCase().endsWith('.json') ? readJson(bytes, fileName) : readCsv(bytes, fileName);
}

const JsonRows = z
  .array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])))
  .min(1);

/** A list of objects: their names are the columns, in the order they first come. */
function readJson(bytes: Buffer, fileName: string): RawTable {
  const { text, encoding } = decodeText(bytes);
  let rows: z.infer<typeof JsonRows>;
  try {
    rows = JsonRows.parse(JSON.parse(text));
  } catch {
    throw new StudioError('badInput', `${fileName} is not a JSON list of flat objects, one a row.`);
  }
  const header = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    fileName,
    encoding: `JSON, ${encoding}`,
    header,
    rows: rows.map((row, at) => ({ line: at + 1, cells: header.map((name) => cellText(row[name])) })),
  };
}

export async function readSource(source: TableSource): Promise<{ fileName: string; bytes: Buffer }> {
  if ('file' in source) {
    assertSize(source.file.size, source.fileName);
    return { fileName: source.fileName, bytes: Buffer.from(await source.file.arrayBuffer()) };
  }
  const { path } = source;
  const fileName = basename(path);
  try {
    assertSize((await stat(path)).size, fileName);
    return { fileName, bytes: await readFile(path) };
  } catch (error) {
    if (error instanceof StudioError) throw error;
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isAbsent) throw new StudioError('notFound', `There is no file ${path}.`, { path });
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('unreadable', `${path} cannot be read: ${reason}.`, { path });
  }
}

function assertSize(sizeBytes: number, fileName: string): void {
  if (sizeBytes <= maxBytes) return;
  throw new StudioError('tooLarge', `${fileName} has ${sizeBytes} bytes; tables may have ${maxBytes}.`);
}

async function readWorkbook(bytes: Buffer, fileName: string): Promise<RawTable> {
  // Loaded when it is needed: it takes 70 ms, and a studio starts without reading tables.
  const { readSheet } = await import('read-excel-file/node');
  let sheet: SheetData;
  try {
    sheet = await readSheet(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('badInput', `${fileName} is not a readable XLSX workbook: ${reason}.`);
  }
  const [header = [], ...rows] = sheet.map((row) => row.map(cellText));
  return {
    fileName,
    encoding: 'XLSX',
    header: header.map((name) => name.trim()),
    rows: rows
      .map((cells, at) => ({ line: at + 2, cells }))
      .filter(({ cells }) => cells.some((cell) => cell !== '')),
  };
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Date ? cell.toISOString() : String(cell);
}

/** What the parser gives with `info`: the cells, and the line the record ends on. */
const CsvRecords = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.int() }) }));

function readCsv(bytes: Buffer, fileName: string): RawTable {
  const { text, encoding } = decodeText(bytes);
  if (text.includes('\0')) throw new StudioError('badInput', `${fileName} is not a CSV or XLSX table.`);
  let records: z.infer<typeof CsvRecords>;
  try {
    const parsed: unknown = parse(text, {
      delimiter: detectDelimiter(text),
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
    });
    records = CsvRecords.parse(parsed);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('badInput', `${fileName} is not well-formed CSV: ${reason}.`);
  }
  const [first, ...rest] = records;
  return {
    fileName,
    encoding,
    header: (first?.record ?? []).map((name) => name.trim()),
    // The parser tells the line a record ends on; quoted line ends inside it lead back to where it begins.
    rows: rest.map(({ record, info }) => ({
      line: info.lines - record.reduce((lines, cell) => lines + cell.split('\n').length - 1, 0),
      cells: record,
    })),
  };
}

/** By byte order mark; else UTF-8 where it is valid; else Windows-1252, which older spreadsheets write. */
export function decodeText(bytes: Buffer): { text: string; encoding: string } {
  const marks: [string, string][] = [
    ['\xef\xbb\xbf', 'utf-8'],
    ['\xff\xfe', 'utf-16le'],
    ['\xfe\xff', 'utf-16be'],
  ];
  const mark = marks.find(([start]) => bytes.toString('latin1', 0, start.length) === start);
  if (mark !== undefined) {
    return { text: new TextDecoder(mark[1]).decode(bytes), encoding: mark[1].toUpperCase() };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' };
  }
}

/** The delimiter that stands most often in the header outside quotes. */
function detectDelimiter(text: string): string {
  const end = text.search(/[\r\n]/);
  const header = (end < 0 ? text : text.slice(0, end)).replaceAll(/"(?:[^"]|"")*"/g, '');
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: header.split(delimiter).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}
