/** A table as Parquet: typed columns, written group by group while the rows are read. */
import type { SchemaElement } from 'hyparquet';
import type { Cell, Column, ColumnType, Table } from './table.ts';

/** Rows are held together until their group is written, which cannot be stopped midway: a wide table has fewer rows in a group. */
const cellsPerGroup = 200_000;
const mostRowsPerGroup = 10_000;

type Rows = Table['rows'] | AsyncIterable<readonly Cell[]>;

/** The bytes of the file in pieces, in bounded memory; texts are as they are, a value that does not exist is null. */
export async function* encodeParquet({
  columns,
  rows,
}: Pick<Table, 'columns'> & { rows: Rows }): AsyncGenerator<Uint8Array> {
  // Loaded when it is needed: a studio starts without writing tables.
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  const file = new ParquetWriter({
    writer: bytes,
    schema: describeSchema(columns),
    createdBy: 'sf-iqa-studio',
  });
  function take(): Uint8Array {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  }
  const rowsPerGroup = Math.min(mostRowsPerGroup, Math.ceil(cellsPerGroup / Math.max(1, columns.length)));
  for await (const group of groupRows(rows, rowsPerGroup)) {
    const columnData = columns.map(({ name, type }, at) => ({
      name,
      data: group.map((row) => asValue(row[at]!, type)),
      // Of use to those who look for single rows; all of them would be held until the end.
      offsetIndex: false,
    }));
    await file.write({ columnData, rowGroupSize: group.length });
    yield take();
  }
  await file.finish();
  yield take();
}

async function* groupRows(rows: Rows, rowsPerGroup: number): AsyncGenerator<(readonly Cell[])[]> {
  let group: (readonly Cell[])[] = [];
  for await (const row of rows) {
    group.push(row);
    if (group.length < rowsPerGroup) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

type Leaf = Pick<SchemaElement, 'type' | 'converted_type'>;
const text: Leaf = { type: 'BYTE_ARRAY', converted_type: 'UTF8' };
const leaves: Record<ColumnType, Leaf> = {
  text,
  texts: text,
  number: { type: 'DOUBLE' },
  integer: { type: 'INT64' },
  truth: { type: 'BOOLEAN' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
};

function describeSchema(columns: readonly Column[]): SchemaElement[] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.flatMap(({ name, type }): SchemaElement[] =>
      type === 'texts'
        ? [
            { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
            { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
            { name: 'element', repetition_type: 'OPTIONAL', ...text },
          ]
        : [{ name, repetition_type: 'OPTIONAL', ...leaves[type] }],
    ),
  ];
}

function asValue(cell: Cell, type: ColumnType): unknown {
  if (cell === null) return null;
  if (type === 'integer') return BigInt(Math.round(Number(cell)));
  if (type === 'time') return new Date(String(cell));
  return cell;
}
