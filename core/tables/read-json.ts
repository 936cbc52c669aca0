/** Reads JSON as a table: a list of objects or another shape that programs write, or one object a line. */
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { rowsOf } from './json-shapes.ts';
import type { RawTable } from './read-table.ts';

const Entry = z.record(z.string(), z.unknown());
type Entry = z.infer<typeof Entry>;

/** The objects of a file; `line` is an object's number in a list, else its line. */
interface JsonEntries {
  isOneALine: boolean;
  entries: { line: number; entry: Entry }[];
}

/**
 * The objects' names are the columns, in the order they first come; lists and objects in them are kept as JSON, a list of nothing is an empty cell. `line` is the entry's
 * number in a list, else its line.
 *
 * @throws StudioError `badInput` with the place of what is wrong
 */
export function readJsonTable(
  { text, encoding }: { text: string; encoding: string },
  fileName: string,
): RawTable {
  const { isOneALine, entries } = readJsonEntries(text, fileName);
  const header = [...new Set(entries.flatMap(({ entry }) => Object.keys(entry)))];
  return {
    fileName,
    encoding: `${isOneALine ? 'JSON lines' : 'JSON'}, ${encoding}`,
    header,
    rows: entries.map(({ line, entry }) => ({ line, cells: header.map((name) => cellText(entry[name])) })),
  };
}

/**
 * The same as objects, with what they hold as it is.
 *
 * @throws StudioError `badInput` as `readJsonTable`
 */
export function readJsonEntries(text: string, fileName: string): JsonEntries {
  const isOneALine = hasOneALine(text, fileName);
  const entries = isOneALine ? readLines(text, fileName) : readWhole(text, fileName);
  if (entries.length === 0) throw new StudioError('badInput', `${fileName} holds no rows.`);
  return { isOneALine, entries };
}

/** A file of one line an object: by its ending, or because its first line is a value and more follow. */
function hasOneALine(text: string, fileName: string): boolean {
  if (/\.(jsonl|ndjson)$/i.test(fileName)) return true;
  const [first = '', ...rest] = text.trim().split(/\r?\n/, 2);
  return first.startsWith('{') && first.trimEnd().endsWith('}') && rest.length > 0;
}

function readWhole(text: string, fileName: string): { line: number; entry: Entry }[] {
  const rows = rowsOf(parseJson(text, () => fileName));
  if (rows === null)
    throw new StudioError('badInput', `${fileName} is not a JSON list of objects, one a row.`);
  return rows.map((value, at) => ({
    line: at + 1,
    entry: asEntry(value, () => `Entry ${at + 1} of ${fileName}`),
  }));
}

function readLines(text: string, fileName: string): { line: number; entry: Entry }[] {
  return text.split(/\r?\n/).flatMap((one, at) => {
    const place = () => `Line ${at + 1} of ${fileName}`;
    return one.trim() === '' ? [] : [{ line: at + 1, entry: asEntry(parseJson(one, place), place) }];
  });
}

function parseJson(text: string, place: () => string): unknown {
  try {
    // Numbers beyond 2^53 keep their digits.
    return JSON.parse(withoutNaN(text), (_key, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
        ? (context?.source ?? value)
        : value,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('badInput', `${place()} is not readable JSON: ${reason}.`);
  }
}

/** Python writes NaN and Infinity, which JSON does not know; within a text they are words. */
function withoutNaN(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (token) =>
    token.startsWith('"') ? token : 'null',
  );
}

function asEntry(value: unknown, place: () => string): Entry {
  const entry = Entry.safeParse(value);
  if (entry.success && !Array.isArray(value)) return entry.data;
  throw new StudioError('badInput', `${place()} is not an object with a name for each value.`);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
