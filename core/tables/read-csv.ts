/** Reads CSV as people's tools write it, each row with the line it begins on. */
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { RawTable } from './read-table.ts';

/** What the parser gives with `info`: the cells, and the line the record ends on. */
const CsvRecords = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.int() }) }));

/**
 * A table in CSV, with the delimiter that its header has most often; a first line `sep=;`, which spreadsheets write, says which.
 *
 * @throws StudioError `badInput` where it is not well-formed
 */
export function readCsv(
  { text: whole, encoding }: { text: string; encoding: string },
  fileName: string,
): RawTable {
  const said = /^sep=(.)\r?\n/i.exec(whole);
  const text = whole.slice(said?.[0].length ?? 0);
  const linesBefore = said === null ? 0 : 1;
  const separator = said?.[1] ?? detectDelimiter(text);
  let records: z.infer<typeof CsvRecords>;
  try {
    const parsed: unknown = parse(text, {
      delimiter: separator,
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
    separator,
    header: (first?.record ?? []).map((name) => name.trim()),
    // The parser tells the line a record ends on; quoted line ends inside it lead back to where it begins.
    rows: rest.map(({ record, info }) => ({
      line: linesBefore + info.lines - record.reduce((lines, cell) => lines + cell.split('\n').length - 1, 0),
      cells: record,
    })),
  };
}

/** The delimiter that stands most often in the header outside quotes; commas within numbers are none where semicolons or tabs part them. */
function detectDelimiter(text: string): string {
  const end = text.search(/[\r\n]/);
  const header = (end < 0 ? text : text.slice(0, end))
    .replaceAll(/"(?:[^"]|"")*"/g, '')
    .replaceAll(/(?<=^|[;\t]\s*)([+-]?\d+),(\d+)(?=\s*(?:[;\t]|$))/g, '$1.$2');
  const counted = [',', ';', '\t', '|'].map((delimiter) => ({
    delimiter,
    count: header.split(delimiter).length,
  }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}
