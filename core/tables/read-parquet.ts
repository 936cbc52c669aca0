/** Reads the columns of a Parquet file that a table can hold; data sets of images are published in this form. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { SchemaTree } from 'hyparquet';
import { StudioError } from '../../contract/errors.ts';
import type { RawTable } from './read-table.ts';

/** More cells would not fit a page or a study. */
const mostRows = 2_000_000;

/**
 * Columns that hold text, numbers, truth values or times, and lists of those, such as tags, which are kept as JSON. Others, such as images
 * with their bytes, are passed over and not even unpacked.
 *
 * @throws StudioError `badInput` for a file that is damaged or has no such column, `tooLarge`
 */
export async function readParquet(
  source: Buffer | { path: string },
  fileName: string,
  mostRead = mostRows,
): Promise<RawTable> {
  // Loaded when it is needed: a studio starts without reading tables.
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import(
    'hyparquet'
  );
  try {
    // Of a file only what is asked for is read: shards with pictures in them are large. The library wants a buffer of its own otherwise.
    const file = 'path' in source ? await asyncBufferFromFile(source.path) : Uint8Array.from(source).buffer;
    const metadata = await parquetMetadataAsync(file);
    if (metadata.num_rows > mostRows) {
      throw new StudioError(
        'tooLarge',
        `${fileName} has ${metadata.num_rows} rows; tables may have ${mostRows}.`,
      );
    }
    const header = parquetSchema(metadata)
      .children.filter((column) => isPlain(column) || isPlainList(column))
      .map(({ element }) => element.name);
    if (header.length === 0)
      throw new StudioError('badInput', `${fileName} has no column of text or numbers.`);
    const rows = await parquetReadObjects({
      ...{ file, metadata, columns: header, compressors },
      rowEnd: Math.min(mostRead, Number(metadata.num_rows)),
    });
    return {
      fileName,
      encoding: 'Parquet',
      header,
      rows: rows.map((row, at) => ({ line: at + 1, cells: header.map((name) => cellText(row[name])) })),
    };
  } catch (error) {
    if (error instanceof StudioError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError(
      'badInput',
      `${fileName} is not a readable Parquet file: ${reason}.`,
      {},
      { cause: error },
    );
  }
}

function isPlain({ children, element }: SchemaTree): boolean {
  return children.length === 0 && element.repetition_type !== 'REPEATED' && !isBytes(element);
}

/** The list's own group, in it the repeated one, and in that what it is a list of; some programs leave the last out. */
function isPlainList({ children, element }: SchemaTree): boolean {
  const [repeated, ...others] = children;
  if (element.converted_type !== 'LIST' && element.logical_type?.type !== 'LIST') return false;
  if (repeated?.element.repetition_type !== 'REPEATED' || others.length > 0) return false;
  const [leaf = repeated, ...fields] = repeated.children;
  return fields.length === 0 && leaf.children.length === 0 && !isBytes(leaf.element);
}

function isBytes({ type, converted_type, logical_type }: SchemaTree['element']): boolean {
  return type === 'BYTE_ARRAY' && converted_type === undefined && logical_type === undefined;
}

/** Beside those that the library has; none gives more than the file announces. */
const compressors = {
  GZIP: (input: Uint8Array, length: number) => gunzipSync(input, limitTo(length)),
  ZSTD: (input: Uint8Array, length: number) => zstdDecompressSync(input, limitTo(length)),
  BROTLI: (input: Uint8Array, length: number) => brotliDecompressSync(input, limitTo(length)),
};

function limitTo(length: number): { maxOutputLength: number } {
  return { maxOutputLength: Math.max(1, length) };
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (!Array.isArray(value)) return String(value);
  // 64 bits are more than JSON's numbers hold.
  const asText = (_key: string, one: unknown) => (typeof one === 'bigint' ? String(one) : one);
  return value.length === 0 ? '' : JSON.stringify(value, asText);
}
