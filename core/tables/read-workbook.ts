/** Reads one sheet of an XLSX workbook as a table. */
import type { Sheet } from 'read-excel-file/node';
import { StudioError } from '../../contract/errors.ts';
import type { RawTable } from './read-table.ts';

/**
 * The sheet of a name, else the first with rows below its first one; every cell as text, dates as ISO 8601, formulas as what they came to.
 *
 * @throws StudioError `badInput` where it is no workbook, or has no sheet of that name
 */
export async function readWorkbook(bytes: Buffer, fileName: string, wanted?: string): Promise<RawTable> {
  const all = await readSheets(bytes, fileName);
  const sheets = all.map(({ sheet }) => sheet);
  const chosen =
    wanted === undefined
      ? (all.find(({ data }) => data.length > 1) ?? all.find(({ data }) => data.length > 0) ?? all[0])
      : all.find(({ sheet }) => sheet === wanted);
  if (chosen === undefined) {
    const there = sheets.map((name) => `“${name}”`).join(', ');
    throw new StudioError('badInput', `${fileName} has no sheet “${wanted}”. It has: ${there}.`, {
      sheet: wanted ?? '',
    });
  }
  const [header = [], ...rows] = chosen.data.map((row) => row.map(cellText));
  return {
    fileName,
    encoding: 'XLSX',
    sheets: { all: sheets, read: chosen.sheet },
    header: header.map((name) => name.trim()),
    rows: rows
      .map((cells, at) => ({ line: at + 2, cells }))
      .filter(({ cells }) => cells.some((cell) => cell !== '')),
  };
}

async function readSheets(bytes: Buffer, fileName: string): Promise<Sheet[]> {
  // Loaded when it is needed: it takes 70 ms, and a studio starts without reading tables.
  const { default: readXlsxFile } = await import('read-excel-file/node');
  try {
    return await readXlsxFile(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('badInput', `${fileName} is not a readable XLSX workbook: ${reason}.`);
  }
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Date ? cell.toISOString() : String(cell);
}
