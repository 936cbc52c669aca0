/** A table as an Excel workbook that is written while its rows are read; what passes a sheet's last row goes on on the next one. */
import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ZipFile } from 'yazl';
import { StudioError } from '../../contract/errors.ts';
import { type Cell, neutraliseCell, type Table } from './table.ts';
import { describeWorkbook, nameSheet, sheetEnd, sheetPath, sheetStart } from './workbook-parts.ts';

/** Excel's specifications and limits: rows and columns of a sheet, UTF-16 units of a cell's text. */
const mostRows = 1_048_576;
const mostColumns = 16_384;
const longestText = 32_767;
/** Left of a text that is cut. */
const cutMark = '…';
const chunkLength = 65_536;
/** Deflate's fastest: its usual level makes a quarter less of a sheet and takes three times as long. */
const compressionLevel = 1;

/**
 * The bytes of the workbook in pieces, in bounded memory. Texts are neutralised as in CSV; a list is its texts with commas between them.
 *
 * @param onCut is told of every text that a cell cannot hold whole
 * @throws StudioError `badInput` for more columns than a sheet has
 */
export async function* encodeXlsx(
  table: Table,
  onCut: () => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const { length } = table.columns;
  if (length > mostColumns) {
    const message = `A workbook’s sheet holds 16,384 columns, not ${length.toLocaleString('en')}: choose another format.`;
    throw new StudioError('badInput', message, { columns: length });
  }
  // Loaded when it is needed: a studio starts without writing workbooks.
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const content = new PassThrough();
  zip.outputStream.pipe(content);
  addParts(zip, content, { ...table, onCut }).catch((error: Error) => content.destroy(error));
  yield* content;
}

type Sheets = Pick<Table, 'name' | 'columns' | 'rows'> & { onCut: () => void };

async function addParts(zip: ZipFile, content: Readable, { name, columns, rows, onCut }: Sheets) {
  const encodeRow = rowEncoder(columns.length, onCut);
  const header = encodeRow(
    1,
    columns.map((column) => column.name),
  );
  const left = new RowsLeft(rows);
  let sheets = 0;
  do {
    sheets += 1;
    if (content.destroyed) return;
    const sheet = Readable.from(encodeSheet(header, left, encodeRow), { objectMode: false });
    const stop = () => sheet.destroy();
    content.once('close', stop);
    zip.addReadStream(sheet, sheetPath(sheets), { compressionLevel });
    await finished(sheet);
    content.off('close', stop);
  } while (left.hasMore());
  for (const [path, xml] of describeWorkbook(nameSheet(name), sheets)) zip.addBuffer(Buffer.from(xml), path);
  zip.end();
}

/** Rows that several sheets share: a further one is begun only where a row is left for it. */
class RowsLeft {
  readonly #rows: Iterator<readonly Cell[]>;
  #next: IteratorResult<readonly Cell[]> | null = null;

  constructor(rows: Table['rows']) {
    this.#rows = rows[Symbol.iterator]();
  }

  hasMore(): boolean {
    this.#next ??= this.#rows.next();
    return this.#next.done !== true;
  }

  take(): readonly Cell[] | null {
    if (!this.hasMore()) return null;
    const row: readonly Cell[] = this.#next!.value;
    this.#next = null;
    return row;
  }

  stop(): void {
    this.#rows.return?.();
  }
}

type EncodeRow = (number: number, cells: readonly Cell[]) => string;

function* encodeSheet(header: string, rows: RowsLeft, encodeRow: EncodeRow): Generator<Buffer> {
  let isWhole = false;
  try {
    let xml = sheetStart + header;
    for (let number = 2; number <= mostRows; number += 1) {
      const row = rows.take();
      if (row === null) break;
      xml += encodeRow(number, row);
      if (xml.length < chunkLength) continue;
      yield Buffer.from(xml);
      xml = '';
    }
    yield Buffer.from(xml + sheetEnd);
    isWhole = true;
  } finally {
    if (!isWhole) rows.stop();
  }
}

function rowEncoder(columns: number, onCut: () => void): EncodeRow {
  const letters = Array.from({ length: columns }, (_, at) => lettersOf(at));
  return (number, cells) => {
    let xml = `<row r="${number}">`;
    for (let at = 0; at < cells.length; at += 1) xml += encodeCell(letters[at]! + number, cells[at]!, onCut);
    return `${xml}</row>`;
  };
}

/** A, …, Z, AA, … @param at from 0 */
function lettersOf(at: number): string {
  const last = String.fromCharCode(65 + (at % 26));
  return at < 26 ? last : lettersOf(Math.floor(at / 26) - 1) + last;
}

function encodeCell(place: string, cell: Cell, onCut: () => void): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? `<c r="${place}"><v>${cell}</v></c>` : '';
  if (cell === null) return '';
  if (typeof cell === 'boolean') return `<c r="${place}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  const text = asXml(cutText(neutraliseCell(cell), onCut));
  return text === '' ? '' : `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
}

function cutText(text: string, onCut: () => void): string {
  if (text.length <= longestText) return text;
  onCut();
  return text.slice(0, longestText - cutMark.length).toWellFormed() + cutMark;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', _: '_x005F_' };
// biome-ignore lint/suspicious/noControlCharactersInRegex: They are what XML cannot hold.
const special = /[&<>\uFFFE\uFFFF\0-\x08\x0B-\x1F]|_(?=x[0-9A-Fa-f]{4}_)/g;

/**
 * Control characters are written by the workbook's own escapes (`_x000D_`, ECMA-376 part 1, 22.9.2.19), and what reads like one is escaped,
 * so that both are read back as they were; what no workbook holds is replaced.
 */
function asXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(special, (one) => escapes[one] ?? (one >= '\uFFFE' ? '\uFFFD' : escapeOf(one)));
}

function escapeOf(control: string): string {
  return `_x${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
}
