/** A table as an Excel workbook that is written while its rows are read; what passes a sheet's last row goes on on the next one. */
import { type Cell, neutraliseCell, type Table } from './table.ts';

/** Excel reads no longer text in a cell (its specifications and limits). */
const longestText = 32_767;
/**
 * More cells may pass the 4 GiB that a part of a zip archive holds without its 64-bit form, which those who read workbooks as a stream do
 * not take.
 */
const mostCells = 5_000_000;
/** Left of a text that is cut. */
const cutMark = '…';

/**
 * The bytes of the workbook in pieces, in bounded memory. Texts are neutralised as in CSV.
 *
 * @param onCut is told of every text that a cell cannot hold whole
 */
export async function* encodeXlsx(
  { name, columns, rows, rowCount }: Table,
  onCut: () => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  // Loaded when it is needed: a studio starts without writing workbooks.
  const { writeXlsxStream } = await import('hucre/xlsx');
  function* cells(): Generator<(string | number | boolean | null)[]> {
    for (const row of rows) yield row.map((cell) => asValue(cell, onCut));
  }
  yield* writeXlsxStream(cells(), {
    name:
      name
        .replaceAll(/[[\]']/g, '')
        .slice(0, 28)
        .trim() || 'Table',
    columns: columns.map((column) => ({ header: asText(neutraliseCell(column.name), onCut) })),
    freezePane: { rows: 1 },
    zip64: (rowCount ?? 0) * columns.length > mostCells,
  });
}

function asValue(cell: Cell, onCut: () => void): string | number | boolean | null {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  return cell === null || typeof cell === 'boolean' ? cell : asText(neutraliseCell(cell), onCut);
}

/**
 * What XML cannot hold is replaced, and what reads like the workbook's own escapes (`_x000D_`, ECMA-376 part 1, 22.9.2.19) is escaped, so
 * that it is read back as it was.
 */
function asText(text: string, onCut: () => void): string {
  const clean = text
    .toWellFormed()
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
  if (clean.length <= longestText) return clean;
  onCut();
  return clean.slice(0, longestText - cutMark.length).toWellFormed() + cutMark;
}
