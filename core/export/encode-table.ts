/** The formats that tables are written in: what a file of each is called and how its bytes come about. */
import type { TableFormat } from '../../contract/exports.ts';
import { encodeCsv } from './encode-csv.ts';
import { encodeJsonl } from './encode-jsonl.ts';
import { encodeParquet } from './encode-parquet.ts';
import { encodeXlsx } from './encode-xlsx.ts';
import type { OutFile, Table } from './table.ts';

export const mediaTypes: Record<TableFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
};

/** A table as a file of a format. @param onCut is told of every text that the format cannot hold whole */
export function encodeTable(table: Table, format: TableFormat, onCut?: () => void): OutFile {
  return {
    fileName: `${table.name}.${table.ending ?? format}`,
    mediaType: mediaTypes[format],
    content: contentOf(table, format, onCut),
  };
}

function contentOf(table: Table, format: TableFormat, onCut?: () => void): OutFile['content'] {
  switch (format) {
    case 'csv':
      return encodeCsv(table);
    case 'jsonl':
      return encodeJsonl(table);
    case 'xlsx':
      return encodeXlsx(table, onCut);
    case 'parquet':
      return encodeParquet(table);
  }
}
