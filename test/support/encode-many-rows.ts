/** A process that writes many made rows in a format and tells how many bytes they came to; `held` keeps the rows instead. */
import { z } from 'zod';
import { TableFormat } from '../../contract/exports.ts';
import { encodeTable } from '../../core/export/encode-table.ts';
import { type Cell, columnsOf } from '../../core/export/table.ts';

const [format, rows] = z
  .tuple([z.union([TableFormat, z.literal('held')]), z.coerce.number().int()])
  .parse(process.argv.slice(2));

const texts = Array.from({ length: 8 }, (_, at) => `text_${at}`);
const numbers = Array.from({ length: 8 }, (_, at) => `number_${at}`);
const columns = [...columnsOf('text', texts), ...columnsOf('number', numbers)];

function* makeRows(): Generator<Cell[]> {
  for (let row = 0; row < rows; row += 1) {
    yield [
      ...texts.map((name) => `${name} of row ${row}, a red fox in the snow at night`),
      ...numbers.map((_, at) => row / (at + 1)),
    ];
  }
}

let bytes = 0;
if (format === 'held') {
  bytes = JSON.stringify([...makeRows()]).length;
} else {
  const { content } = encodeTable({ name: 'made', columns, rows: makeRows() }, format);
  for await (const chunk of content) bytes += Buffer.byteLength(chunk);
}
process.stdout.write(String(bytes));
