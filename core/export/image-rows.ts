/** The rows of a table of images, read block by block: what a preview shows and a thread writes. */
import type { Db } from '../../db/database.ts';
import { eachFileBlock, readFiles } from '../../db/export-rows.ts';
import { BlockFacts, type TableContext } from './block-facts.ts';
import { findColumn, type ImageRowRef } from './image-columns.ts';
import type { Cell, Column } from './table.ts';

/** Images read at once. */
export const blockRows = 500;

/** A column and what it is called in the file. */
export interface PlannedColumn {
  key: string;
  name: string;
}

/** A table as plain data: any thread with a connection can write it. */
export interface ImageTablePlan {
  name: string;
  columns: readonly PlannedColumn[];
  ids: Int32Array;
  rows: 'images' | 'files';
  context: TableContext;
}

/** Names and types of the columns. */
export function columnsOfPlan(columns: readonly PlannedColumn[]): Column[] {
  return columns.map(({ key, name }) => ({ name, type: findColumn(key).type }));
}

/** Blocks of rows that are images, or the files that hold them, in the order of `ids`. */
export function* blocksOf(
  db: Db,
  { ids, rows }: Pick<ImageTablePlan, 'ids' | 'rows'>,
): Generator<ImageRowRef[]> {
  for (let at = 0; at < ids.length; at += blockRows) {
    const block = [...ids.subarray(at, at + blockRows)];
    if (rows === 'images') {
      yield block.map((id) => ({ id, file: null }));
      continue;
    }
    const files = readFiles(db, block);
    yield block.flatMap((id) => (files.get(id) ?? []).map((file) => ({ id, file })));
  }
}

/** Blocks of all files that hold an image, in the order of paths. */
export function* blocksOfFiles(db: Db): Generator<ImageRowRef[]> {
  for (const block of eachFileBlock(db, blockRows)) {
    yield block.map((file) => ({ id: file.image_id, file }));
  }
}

/** The cells of the rows; images that are not there are left out. */
export function* cellsOf(
  db: Db,
  blocks: Iterable<readonly ImageRowRef[]>,
  { columns, context }: Pick<ImageTablePlan, 'columns' | 'context'>,
): Generator<Cell[]> {
  for (const { cells } of factsOf(db, blocks, { columns, context })) yield* cells;
}

/** The same block by block, with what is known of each. */
export function* factsOf(
  db: Db,
  blocks: Iterable<readonly ImageRowRef[]>,
  { columns, context }: Pick<ImageTablePlan, 'columns' | 'context'>,
): Generator<{ facts: BlockFacts; rows: ImageRowRef[]; cells: Cell[][] }> {
  const readers = columns.map(({ key }) => findColumn(key).read);
  for (const block of blocks) {
    const facts = new BlockFacts(db, [...new Set(block.map(({ id }) => id))], context);
    const rows = block.filter(({ id }) => facts.images().has(id));
    yield { facts, rows, cells: rows.map((row) => readers.map((read) => read(facts, row))) };
  }
}
