/** Reads the plain columns of a Parquet file, the form in which data sets of images are published. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { StudioError } from '../../contract/errors.ts';
import type { RawTable } from './read-table.ts';

/** More cells would not fit a page or a study. */
const mostRows = 2_000_000;

/**
 * Columns that hold text, numbers, truth values or times. Nested ones, such as images with their bytes, and plain bytes are passed over and
 * not even unpacked.
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
      .children.filter(({ children, element }) => {
        const isBytes =
          element.type === 'BYTE_ARRAY' &&
          element.converted_type === undefined &&
          element.logical_type === undefined;
        return children.length === 0 && element.repetition_type !== 'REPEATED' && !isBytes;
      })
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
  return value instanceof Date ? value.toISOString() : String(value);
}
