/** A table as JSON Lines: one object a row, its texts as they are. */
import type { Table } from './table.ts';

const rowsPerChunk = 500;

/** One line a row; a value that does not exist is null, a list an array. */
export function* encodeJsonl({ columns, rows }: Omit<Table, 'name'>): Generator<string> {
  // Written key by key: an object would lose a column called `__proto__`.
  const keys = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  let chunk: string[] = [];
  for (const row of rows) {
    chunk.push(`{${row.map((cell, at) => keys[at]! + JSON.stringify(cell)).join(',')}}\n`);
    if (chunk.length < rowsPerChunk) continue;
    yield chunk.join('');
    chunk = [];
  }
  if (chunk.length > 0) yield chunk.join('');
}
